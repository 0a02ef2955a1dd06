"""Territories, roles, policies, declarations and their results: the words in which the rest speaks."""

"""The chain, from reading to reporting."""

"""Judging: the rule engine, the standard rulebook, the policy matrix and the register of conflicts."""

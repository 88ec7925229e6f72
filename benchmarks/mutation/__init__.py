"""Mutation testing of rules, judging and sizing: which faults would no test see."""

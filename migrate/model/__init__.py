"""The words of migration: findings, verdicts, moves, playbooks, evidence."""

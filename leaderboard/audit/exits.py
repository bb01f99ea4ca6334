"""Exit statuses of the audit's commands, beside 0 (fine), 1 (failed) and 2 (wrong usage)."""

FINDINGS = 3

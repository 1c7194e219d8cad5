"""Targets: what units register or are given for a period, and what was counted by hand."""

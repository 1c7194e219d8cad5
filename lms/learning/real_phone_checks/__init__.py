"""Comparing courses with real phones."""

"""After a class: the report, its advice, and the retention of personal data."""

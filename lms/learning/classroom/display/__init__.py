"""What the screens show: snapshots for each role, seats that need help, and the queries that streams poll."""

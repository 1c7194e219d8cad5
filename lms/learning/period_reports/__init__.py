"""Period reports: what an organiser hands up for a month, quarter or year of a unit."""

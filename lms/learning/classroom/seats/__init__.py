"""Seats: joining, claiming a seat back, changing and removing seats."""

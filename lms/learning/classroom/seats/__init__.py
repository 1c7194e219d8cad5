"""Seats: joining, claims, actions at one seat, and idle seats."""

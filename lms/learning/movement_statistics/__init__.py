"""Figures of the movement: what is counted by ward and day, and what is published of it so that it harms nobody."""

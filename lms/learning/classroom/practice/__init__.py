"""The practice in class: starting attempts at a seat, and the progress of each seat."""

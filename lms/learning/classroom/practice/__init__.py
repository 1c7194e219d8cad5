"""The practice in class: attempts that belong to a seat, and how far each seat has come."""

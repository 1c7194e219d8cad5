"""Pages that lead into a class (/lop): class code, join page, seat claims, and the network check before class."""

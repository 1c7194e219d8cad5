"""The class on a learner's phone (/lop/<code>)."""

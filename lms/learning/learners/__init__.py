"""Learners: their rows, names, learning codes and versions, and forgetting them."""

"""Marks: which stages of a lesson a learner has earned, and the evidence kept of each."""

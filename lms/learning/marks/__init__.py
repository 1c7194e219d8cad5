"""Marks: the stages of a lesson that a learner has earned, with their evidence."""

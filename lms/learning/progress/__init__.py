"""Read a learner's progress in lessons and courses, and the next activity."""

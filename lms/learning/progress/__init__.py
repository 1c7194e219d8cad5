"""The roof of learning: progress in lessons and courses, and the next activity."""

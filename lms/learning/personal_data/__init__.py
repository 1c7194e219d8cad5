"""Answering for data: what the store holds about a learner, as a file, and forgetting a learner or a ward."""

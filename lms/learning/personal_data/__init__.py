"""Answering for data: what the store holds about a learner, an account or a ward, and forgetting each of them."""

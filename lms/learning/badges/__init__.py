"""Badges: awarding and finding them, and signed proofs that a stranger can verify."""

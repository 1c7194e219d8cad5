"""The load program of live classes: facilitators who lead, projectors, and phones that join, answer and practise."""

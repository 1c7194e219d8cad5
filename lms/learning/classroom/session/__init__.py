"""The base of the classroom: a session's state, steps and commands, and reading sessions and seats."""

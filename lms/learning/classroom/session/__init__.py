"""The floor of the classroom: a class session's state, steps, commands, seats and codes as values and rows."""

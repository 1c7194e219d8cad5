"""The live class, divided by what happens in it; the order of the folders is in ``pyproject.toml``."""

"""The live class, in folders by what happens in it. Their import order is a contract in ``pyproject.toml``."""

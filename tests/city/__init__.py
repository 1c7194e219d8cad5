"""``make city``: the operator's play on empty Debian machines. See ``operators_play.py``."""

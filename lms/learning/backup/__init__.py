"""Backup: the store, keys, courses and names of settings in one file, and back, also into the other kind of store."""

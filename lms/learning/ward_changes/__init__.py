"""Wards that are merged into another one or get a new name, with all that the store keeps of them."""

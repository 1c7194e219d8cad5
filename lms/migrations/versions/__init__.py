"""The revisions, oldest first; each only goes forward."""

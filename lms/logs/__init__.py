"""The log: lines of one shape, an error that repeats told once, and nothing about a person.

``configuration`` sets up the standard ``logging``; everything else calls ``logging.getLogger`` as usual.
"""

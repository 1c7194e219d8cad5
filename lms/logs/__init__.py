"""The log: lines of one shape, a repeated error logged once, and nothing about a person.

``configuration`` sets up the standard ``logging``; everything else calls ``logging.getLogger`` as usual.
"""

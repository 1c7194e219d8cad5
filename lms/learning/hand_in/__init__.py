"""Handing in: the classes of a laptop without internet, as one signed file that the city's site imports."""

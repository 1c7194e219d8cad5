"""Craft advice: what makes a correct lesson a weak one, such as a right option that is the longest.

Advice is no problem of the course language: only ``lms check --craft`` computes it, and a file may answer it with a
line ``bỏ qua: <rule> vì …``.
"""

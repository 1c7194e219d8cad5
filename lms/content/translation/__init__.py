"""Translations of lessons: ``hieu.en.md`` and its like, beside the Vietnamese original.

A translation has the original's structure: the same questions, options, screens and tasks, in the same order. What
learners see of it is the original with other texts, so that ids, right answers and arrows are always the original's.
A translation that differs, or that still has Vietnamese text, is not shown: its stage stays in Vietnamese.
"""

# The rules of a translation that is not shown.
UNFINISHED_TRANSLATION = frozenset({"translation-differs", "translation-missing"})

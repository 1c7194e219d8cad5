"""Patterns for keywords, which may be typed without marks, in capitals, and with hyphens or without spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from lms.content.fuzzy_matching import Vocabulary, strip_diacritics

_VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_BETWEEN = "[ -]*"


def all_keyword_spellings(vocabulary: Vocabulary[Any]) -> list[str]:
    """All spellings of a vocabulary, longest first, so that none hides a longer one."""
    found = {spelling for code in vocabulary for spelling in vocabulary.spellings(code)}
    return sorted(found, key=lambda spelling: (-len(spelling), spelling))


def keyword_pattern(words: Iterable[str]) -> str:
    """A pattern that matches each word as the reader does."""
    return "|".join(dict.fromkeys(_loose_pattern(word) for word in words))


def _loose_pattern(word: str) -> str:
    letters = [letter for letter in strip_diacritics(word).casefold() if letter not in " -"]
    return _BETWEEN.join(_letter(letter) for letter in letters)


@cache
def _letter(base: str) -> str:
    """A class of the letters that are this one without marks and case."""
    if not base.isalpha():
        return re.escape(base)
    marked = "".join(letter for letter in _VIETNAMESE if strip_diacritics(letter) == base)
    return f"[{base}{base.upper()}{marked}{marked.upper()}]"

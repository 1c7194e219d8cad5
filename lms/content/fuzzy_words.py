"""Fixed words: how they are compared, which one a misspelt one meant, and the address made from a title."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

_ALIKE = 0.5  # a word no stranger than this has something to do with the nearest one
_LONGEST = 60  # code points of a misspelt word that are looked at; the rest says nothing about what was meant


def without_marks(text: str) -> str:
    """Drop tone marks and vowel marks; đ becomes d. Case stays."""
    if text.isascii():
        return text
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare.replace("đ", "d").replace("Đ", "D"))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The form in which fixed words are compared: no case, no tone marks, no spaces, no hyphens."""
    return "".join(char for char in without_marks(text).casefold() if not char.isspace() and char != "-")


def slug(title: str) -> str:
    """The address or id of a title: letters and digits without tone marks, lower case, all else one "-".

    It may be empty when the title has neither letters nor digits.
    """
    kept = "".join(char if char.isalnum() else " " for char in without_marks(title).lower())
    return "-".join(kept.split())


def nearest(word: str, choices: Iterable[str]) -> str:
    """The choice that ``word`` most likely meant; the first of equals.

    Raises:
        ValueError: there are no choices.
    """
    return min(choices, key=lambda choice: strangeness(word, choice))


def strangeness(word: str, choice: str) -> float:
    """How far ``word`` is from ``choice``: 0.0 the same when folded, 1.0 nothing in common."""
    typed, wanted = fold(word[:_LONGEST]), fold(choice)
    return _distance(typed, wanted) / max(len(typed), len(wanted), 1)


class Words:
    """A table of fixed words: ``code: (Vietnamese, English, …)``; the first spelling is the one to suggest."""

    def __init__(self, table: Mapping[str, tuple[str, ...]]) -> None:
        self._spellings = dict(table)
        self._codes = {fold(spelling): code for code, spellings in table.items() for spelling in spellings}

    def find(self, word: str) -> str | None:
        """The code of a word, whatever its case, tone marks, spaces and hyphens."""
        return self._codes.get(fold(word))

    def find_first(self, words: list[str]) -> tuple[str | None, int]:
        """The code of the longest run of words from the front, and how many words it took; (None, 0) for none."""
        for length in range(len(words), 0, -1):
            code = self.find(" ".join(words[:length]))
            if code is not None:
                return code, length
        return None, 0

    def resembles(self, word: str) -> bool:
        """Whether an unknown word is so near to a spelling, or begins with the same word, that it may have meant it."""
        near = self.nearest(word)
        return strangeness(word, near) <= _ALIKE or (" " in near and _begin_alike(word, near))

    def nearest(self, word: str) -> str:
        """The spelling that an unknown word most likely meant.

        Where none is alike it is a Vietnamese one, with the same first word if there is one: an English word that has
        nothing to do with what was typed would only puzzle.
        """
        near = nearest(word, [spelling for spellings in self._spellings.values() for spelling in spellings])
        if strangeness(word, near) <= _ALIKE:
            return near
        firsts = [spellings[0] for spellings in self._spellings.values()]
        return nearest(word, [first for first in firsts if " " in first and _begin_alike(word, first)] or firsts)

    def spelling(self, code: str) -> str:
        return self._spellings[code][0]

    def spellings(self, code: str) -> tuple[str, ...]:
        return self._spellings[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._spellings)


def _begin_alike(word: str, choice: str) -> bool:
    return fold(word.split()[0] if word.split() else "") == fold(choice.split()[0])


def _distance(one: str, other: str) -> int:
    """How many letters to add, drop, change or swap with a neighbour to make one word of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, row = row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]

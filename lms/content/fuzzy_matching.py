"""Fuzzy matching of keywords, and Vietnamese text helpers: diacritics, tone marks, slugs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Generic, TypeVar

MAX_MISSPELT_DISTANCE = 0.34  # up to this word_distance a word is the other one, misspelt
_MAX_SIMILAR_DISTANCE = 0.5  # up to this word_distance a suggestion is plausible
_MAX_COMPARED_LENGTH = 60  # code points of a misspelt word
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


class _Unmarked(dict[int, str]):
    """A table for str.translate that decomposes characters and removes their marks; filled on demand."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code))
        result = self[code] = "".join(part for part in parts if not unicodedata.combining(part))
        return result


_UNMARKED = _Unmarked({ord("đ"): "d", ord("Đ"): "D"})


def strip_diacritics(text: str) -> str:
    """Remove tone and vowel marks; đ becomes d. Keeps the case."""
    if text.isascii():
        return text
    plain = text.translate(_UNMARKED)
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain)


@lru_cache(maxsize=4096)
def normalize_word(text: str) -> str:
    """The form in which keywords are compared: without case, diacritics, spaces and hyphens."""
    return "".join(strip_diacritics(text).casefold().split()).replace("-", "")


def slugify(title: str) -> str:
    """Make a URL slug: lower-case letters and digits without diacritics, joined by "-".

    Empty if the title has neither letters nor digits.
    """
    return _NOT_ALPHANUMERIC.sub("-", strip_diacritics(title).lower()).strip("-")


def nearest(word: str, choices: Iterable[str]) -> str:
    """The choice nearest to ``word``; the first one on a tie.

    Raises:
        ValueError: there are no choices.
    """
    return min(choices, key=lambda choice: word_distance(word, choice))


def word_distance(word: str, choice: str) -> float:
    """Relative edit distance of two normalised words: 0.0 equal, 1.0 nothing in common."""
    typed, wanted = normalize_word(word[:_MAX_COMPARED_LENGTH]), normalize_word(choice)
    return _edit_distance(typed, wanted) / max(len(typed), len(wanted), 1)


Code = TypeVar("Code", bound=str)


class Vocabulary(Generic[Code]):
    """A table of keywords, ``{code: (spelling, …)}``. The first spelling, in Vietnamese, is the one to suggest.

    ``meanings`` are words that are no keywords, but mean the same as one.
    """

    def __init__(
        self, table: Mapping[Code, tuple[str, ...]], meanings: Mapping[Code, tuple[str, ...]] | None = None
    ) -> None:
        self._spellings = dict(table)
        self._meanings = {
            normalize_word(word): table[code][0] for code, words in (meanings or {}).items() for word in words
        }
        self._codes = {normalize_word(spelling): code for code, spellings in table.items() for spelling in spellings}

    def find(self, word: str) -> Code | None:
        """The code of a word, ignoring case, diacritics, spaces and hyphens; None if unknown."""
        return self._codes.get(normalize_word(word))

    def match_prefix(self, words: list[str]) -> tuple[Code | None, int]:
        """The code of the longest keyword at the beginning, and its number of words; (None, 0) if there is none."""
        for length in range(len(words), 0, -1):
            code = self.find(" ".join(words[:length]))
            if code is not None:
                return code, length
        return None, 0

    def means(self, word: str) -> bool:
        """Whether an unknown word means the same as a keyword."""
        return normalize_word(word) in self._meanings

    def resembles(self, word: str) -> bool:
        """Whether an unknown word is similar to a spelling, means the same, or has the same first word."""
        if self.means(word):
            return True
        near = self.nearest(word)
        return word_distance(word, near) <= _MAX_SIMILAR_DISTANCE or (" " in near and _same_first_word(word, near))

    def nearest(self, word: str) -> str:
        """The spelling to suggest for an unknown word.

        If none is similar it is a Vietnamese one, preferably with the same first word: an unrelated English word would
        confuse the author.
        """
        if self.means(word):
            return self._meanings[normalize_word(word)]
        near = nearest(word, [spelling for spellings in self._spellings.values() for spelling in spellings])
        if word_distance(word, near) <= _MAX_SIMILAR_DISTANCE:
            return near
        preferred = [spellings[0] for spellings in self._spellings.values()]
        return nearest(
            word, [first for first in preferred if " " in first and _same_first_word(word, first)] or preferred
        )

    def spelling(self, code: Code) -> str:
        return self._spellings[code][0]

    def spellings(self, code: Code) -> tuple[str, ...]:
        return self._spellings[code]

    def __iter__(self) -> Iterator[Code]:
        return iter(self._spellings)


def _same_first_word(word: str, choice: str) -> bool:
    return normalize_word(word.split()[0] if word.split() else "") == normalize_word(choice.split()[0])


def _edit_distance(word: str, target: str) -> int:
    """Damerau-Levenshtein distance (optimal string alignment)."""
    row_before_last: list[int] = []
    row = list(range(len(target) + 1))
    for i, letter in enumerate(word, 1):
        last_row, row = row, [i]
        for j, wanted in enumerate(target, 1):
            cost = min(last_row[j] + 1, row[j - 1] + 1, last_row[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == target[j - 2] and word[i - 2] == wanted:
                cost = min(cost, row_before_last[j - 2] + 1)
            row.append(cost)
        row_before_last = last_row
    return row[-1]


# --- tone marks --------------------------------------------------------------------------------------------------

TONES = {"\u0300": "huyền", "\u0301": "sắc", "\u0303": "ngã", "\u0309": "hỏi", "\u0323": "nặng"}
_VOWELS = re.compile("(?:[aeiouyAEIOUY][\u0300-\u036f]*)+")  # of NFD text


def move_tones_last(text: str) -> str:
    """Move each tone mark to the end of its vowels, so that both spellings of one word ("hòa", "hoà") compare equal."""
    return unicodedata.normalize("NFC", _VOWELS.sub(_move_tone_last, unicodedata.normalize("NFD", text)))


def describe_tone_difference(typed: str, meant: str) -> str:
    """In Vietnamese, where ``meant`` has its tone mark; "" unless the texts differ only in its position."""
    for typed_word, meant_word in zip(typed.split(), meant.split(), strict=False):
        if typed_word != meant_word and move_tones_last(typed) == move_tones_last(meant):
            _, wrong = next(iter(_tones(typed_word)), ("", ""))
            tone, right = next(iter(_tones(meant_word)), ("", ""))
            return f"dấu {TONES[tone]} trên chữ {right}, không phải trên chữ {wrong}" if tone else ""
    return ""


def _move_tone_last(vowels: re.Match[str]) -> str:
    tones = "".join(char for char in vowels[0] if char in TONES)
    return "".join(char for char in vowels[0] if char not in TONES) + tones


def _tones(word: str) -> list[tuple[str, str]]:
    """Each tone mark of a word with the letter that carries it."""
    tones: list[tuple[str, str]] = []
    for char in unicodedata.normalize("NFC", word):
        parts = unicodedata.normalize("NFD", char)
        letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        tones += [(part, letter) for part in parts if part in TONES]
    return tones

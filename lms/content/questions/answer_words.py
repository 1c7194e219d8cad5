"""Words of a typed answer, phrases made of them, and units in their many spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from lms.content.fuzzy_matching import move_tones_last, strip_diacritics

_TOKEN = re.compile(
    r"(?:[1-9][0-9]{0,2}(?:[. \u00a0][0-9]{3})+(?![0-9])|[0-9]+)(?:[.,][0-9]+)*"  # figures
    r"|[^\W\d_]+[\u0300-\u036f]*"
    r"|(?P<clock>(?<=[0-9])\s*:\s*(?=[0-9]))"  # "8:00"
    r"|\S"
)
_IGNORED = frozenset(".,;:!?…\"'“”‘’()[]-–—")  # between words

_UNITS: dict[str, tuple[str, ...]] = {
    "digits": ("chữ số", "con số", "ký số", "kí số", "số"),
    "hours": ("giờ", "h", "g"),
    "minutes": ("phút", "ph"),
    "dong": ("đồng", "đ", "vnđ", "vnd", "₫", "đồng việt nam", "việt nam đồng"),
    "percent": ("%", "phần trăm"),
    "days": ("ngày",),
    "weeks": ("tuần",),
    "months": ("tháng",),
    "years": ("năm",),
    "people": ("người",),
    "times": ("lần",),
}
PARTS_OF_DAY = {"sáng": 0, "trưa": 0, "chiều": 12, "tối": 12, "đêm": 12}

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]  # phrases as their words, by the first word without diacritics


class Word(NamedTuple):
    """A word in lower case, with and without diacritics, and its place in the text."""

    text: str
    bare: str
    start: int
    end: int


def split_words(text: str) -> list[Word]:
    """The words, numbers and signs of a text, without punctuation between words."""
    return [
        Word(lower := match[0].casefold(), strip_diacritics(lower), match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if match["clock"] or match[0] not in _IGNORED
    ]


def _is_word(typed: Word, wanted: str) -> bool:
    """Whether this is the word, its diacritics left out or not: "cỡ" (about) is not "có"."""
    return _spelt(typed.text)[0] == _spelt(wanted)[0] or typed.text == _spelt(wanted)[1]


@lru_cache(maxsize=4096)
def _spelt(word: str) -> tuple[str, str]:
    """A word in one of its spellings with diacritics, and without them."""
    return move_tones_last(word), strip_diacritics(word)


def group_by_first_word(phrases: Iterable[tuple[str, ...]]) -> Phrases:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in dict.fromkeys(phrases):
        first = strip_diacritics(phrase[0])
        found[first] = (*found.get(first, ()), phrase)
    return found


def phrase_run_lengths(words: Sequence[Word], *tables: Phrases) -> set[int]:
    """How many words from the beginning are nothing but these phrases, one after the other: all possible numbers."""
    reached = {0}
    for start, word in enumerate(words):
        if start in reached:
            phrases = (phrase for table in tables for phrase in table.get(word.bare, ()))
            reached.update(start + len(phrase) for phrase in phrases if _starts_with(words[start:], phrase))
    return reached


_UNIT_OF = {tuple(spelling.split()): unit for unit, spellings in _UNITS.items() for spelling in spellings}
_UNIT_SPELLINGS = group_by_first_word(_UNIT_OF)


def unit_at_start(words: Sequence[Word]) -> tuple[str | None, int]:
    """The unit at the beginning of the words, and how many of them it is; (None, 0) if there is none."""
    spellings = _UNIT_SPELLINGS.get(words[0].bare, ()) if words else ()
    longest = max((spelling for spelling in spellings if _starts_with(words, spelling)), key=len, default=())
    return _UNIT_OF.get(longest), len(longest)


def unit_word_count(words: Sequence[Word], unit: str) -> int:
    """How many words at the beginning are this unit; 0 if none."""
    found, length = unit_at_start(words)
    return length if found == unit else 0


def _starts_with(words: Sequence[Word], phrase: Sequence[str]) -> bool:
    return len(words) >= len(phrase) and all(map(_is_word, words, phrase))


def with_canonical_units(words: Sequence[Word]) -> tuple[str, ...]:
    """The words with each unit in one spelling; parts of the day with diacritics, the others without."""
    result: list[str] = []
    place = 0
    while place < len(words):
        unit, length = unit_at_start(words[place:])
        part = next((name for name in PARTS_OF_DAY if _is_word(words[place], name)), None)
        result.append(unit or part or words[place].bare)
        place += length or 1
    return tuple(result)


def is_unit(words: Sequence[Word], units: Iterable[tuple[str, ...]]) -> bool:
    """Whether the words are the beginning of one of the phrases; no words are."""
    said = with_canonical_units(words)
    return any(phrase[: len(said)] == said for phrase in units) if said else True

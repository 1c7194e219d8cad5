"""Tone marks and the letter they stand on: hòa and hoà are one word in two spellings."""

from __future__ import annotations

import re
import unicodedata

TONES = {"\u0300": "huyền", "\u0301": "sắc", "\u0303": "ngã", "\u0309": "hỏi", "\u0323": "nặng"}
_VOWELS = re.compile("(?:[aeiouyAEIOUY][\u0300-\u036f]*)+")  # of decomposed text


def tones_last(text: str) -> str:
    """``text`` with each tone mark after the vowels it stands on, to be compared."""
    return unicodedata.normalize("NFC", _VOWELS.sub(_tone_last, unicodedata.normalize("NFD", text)))


def tone_elsewhere(typed: str, meant: str) -> str:
    """Where the mark is in ``meant`` and is not in ``typed``; "" unless the two differ in nothing else."""
    for one, other in zip(typed.split(), meant.split(), strict=False):
        if one != other and tones_last(typed) == tones_last(meant):
            [(_, wrong)], [(tone, right)] = (_tones_of(word)[:1] or [("", "")] for word in (one, other))
            return f"dấu {TONES[tone]} trên chữ {right}, không phải trên chữ {wrong}" if tone else ""
    return ""


def _tone_last(vowels: re.Match[str]) -> str:
    tones = "".join(char for char in vowels[0] if char in TONES)
    return "".join(char for char in vowels[0] if char not in TONES) + tones


def _tones_of(word: str) -> list[tuple[str, str]]:
    """Each tone mark of a word, with the letter that carries it."""
    found = []
    for char in unicodedata.normalize("NFC", word):
        parts = unicodedata.normalize("NFD", char)
        bare = "".join(part for part in parts if part not in TONES)
        found += [(part, unicodedata.normalize("NFC", bare)) for part in parts if part in TONES]
    return found

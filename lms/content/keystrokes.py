"""What Telex or VNI makes of keys that were typed while no Vietnamese keyboard was on: "ma1" and "mas" are "má"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Literal, NamedTuple

InputMethod = Literal["Telex", "VNI"]

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE, _HORN, _STROKE = "\u0302", "\u0306", "\u031b", "stroke"
_TELEX_TONES = {"s": _ACUTE, "f": _GRAVE, "r": _HOOK, "x": _TILDE, "j": _DOT}
_VNI_TONES = {"1": _ACUTE, "2": _GRAVE, "3": _HOOK, "4": _TILDE, "5": _DOT}
_VNI_MARKS = {"6": (_CIRCUMFLEX, "aeo"), "7": (_HORN, "ou"), "8": (_BREVE, "a"), "9": (_STROKE, "d")}
_VOWELS = frozenset("aeiouy")
_WORD = re.compile(r"[a-z0-9]+", re.IGNORECASE)


class KeystrokeReading(NamedTuple):
    method: InputMethod
    text: str


def read_keystrokes(text: str) -> tuple[KeystrokeReading, ...]:
    """What the keys would have become under each input method that changes them. Their case is lost."""
    readings = (
        KeystrokeReading("Telex", _WORD.sub(lambda word: _read_word(word[0].lower(), _press_telex), text)),
        KeystrokeReading("VNI", _WORD.sub(lambda word: _read_word(word[0].lower(), _press_vni), text)),
    )
    return tuple(reading for reading in readings if reading.text.casefold() != text.casefold())


class _Letter:
    def __init__(self, base: str, mark: str = "") -> None:
        self.base, self.mark = base, mark

    def __str__(self) -> str:
        return "đ" if self.mark == _STROKE else self.base + self.mark


class _Word:
    def __init__(self) -> None:
        self.letters: list[_Letter] = []
        self.tone = ""

    def has_vowel(self) -> bool:
        return any(letter.base in _VOWELS for letter in self.letters)

    def put_mark(self, mark: str, bases: str) -> bool:
        """Mark the last letter that can take it; a horn on uo goes on both."""
        places = [i for i, letter in enumerate(self.letters) if letter.base in bases and not letter.mark]
        if not places:
            return False
        last = places[-1]
        self.letters[last].mark = mark
        if mark == _HORN and self.letters[last].base == "o" and last - 1 in places:
            self.letters[last - 1].mark = mark
        return True


def _read_word(word: str, press: Callable[[_Word, str], bool]) -> str:
    read = _Word()
    for key in word:
        if not press(read, key):
            read.letters.append(_Letter(key))
    text = "".join(map(str, read.letters))
    if read.tone:
        # On the first marked vowel, else on the first vowel: comparisons of texts move the tone anyway.
        vowels = [i for i, letter in enumerate(read.letters) if letter.base in _VOWELS]
        place = next((i for i in vowels if read.letters[i].mark), vowels[0])
        text = "".join(str(letter) + read.tone * (i == place) for i, letter in enumerate(read.letters))
    return unicodedata.normalize("NFC", text)


def _press_telex(word: _Word, key: str) -> bool:
    if key in _TELEX_TONES and word.has_vowel():
        word.tone = _TELEX_TONES[key]
        return True
    if key in "aeo":
        return word.put_mark(_CIRCUMFLEX, key)
    if key == "d":
        return word.put_mark(_STROKE, key)
    if key != "w":
        return False
    last = next((letter for letter in reversed(word.letters) if letter.base in "aou" and not letter.mark), None)
    if last is None:
        word.letters.append(_Letter("u", _HORN))
        return True
    is_horned_pair = word.letters[-2:-1] and word.letters[-2].base == "u" and word.letters[0].base != "q"
    if last.base == "a" and not (is_horned_pair and word.letters[-1] is last):
        return word.put_mark(_BREVE, "a")
    return word.put_mark(_HORN, "ou")  # "muaw" is "mưa"


def _press_vni(word: _Word, key: str) -> bool:
    if key in _VNI_TONES and word.has_vowel():
        word.tone = _VNI_TONES[key]
        return True
    return key in _VNI_MARKS and word.put_mark(*_VNI_MARKS[key])

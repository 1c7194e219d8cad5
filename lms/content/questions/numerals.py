"""Vietnamese numerals, in words or figures: "mười hai", "hai mươi lăm", "trăm rưỡi", "1 triệu 2", "150k"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

# Words are compared without diacritics: many people type none. Only "mười" (ten) and "mươi" (…ty), "một" and "mốt"
# become the same by that, and their places tell them apart.
_DIGITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_AFTER_TEN = {word: digit for word, digit in _DIGITS.items() if digit not in (0, 5)} | {"lam": 5, "nham": 5}
_SHORT_TENS = {"lam": 5, "nham": 5}  # "hai lăm" is 25, while "hai ba" may be two or three
SCALES = {"nghin": 10**3, "ngan": 10**3, "k": 10**3, "trieu": 10**6, "tr": 10**6, "ty": 10**9, "ti": 10**9}
_LITERAL = re.compile(
    r"(?P<whole>0|[1-9][0-9]{0,2}(?:[. \u00a0][0-9]{3})+|[1-9][0-9]{0,14})"
    r"(?:(?P<point>[.,])(?P<decimals>[0-9]{1,9}))?"
)
NUMERAL_WORDS = frozenset(
    {"không", "một", "mốt", "hai", "ba", "bốn", "tư", "năm", "lăm", "nhăm", "sáu", "bảy", "bẩy", "tám", "chín", "mười"}
    | {"mươi", "chục", "trăm", "nghìn", "ngàn", "triệu", "tỷ", "tỉ", "rưỡi", "lẻ", "linh"}
)

Reading = tuple[Decimal, int]  # a number, and the index of the first word after it


def read_numbers(words: Sequence[str], start: int = 0) -> Iterator[Reading]:
    """All numbers that begin at ``words[start]``: words without diacritics in lower case, figures as typed.

    There may be several: "một trăm năm" is 150, or 100 and the word "năm" (years).
    """
    yield from _scaled(words, start, Decimal(10**12))


def read_digits(words: Sequence[str]) -> str | None:
    """The digits of a number that is read one by one, "một chín không không"; None if a word is none."""
    read = [word if word.isdecimal() else str((_DIGITS | _SHORT_TENS).get(word, "")) for word in words]
    return "".join(read) if read and all(read) else None


def read_literal(text: str) -> Decimal | None:
    """A number in figures: "1.500" is 1500, "1,5" one and a half. None for anything else, also for "012"."""
    match = _LITERAL.fullmatch(text)
    if match is None or ("." in match["whole"] and match["point"] == "."):
        return None
    return Decimal(f"{re.sub(r'[^0-9]', '', match['whole'])}.{match['decimals'] or 0}")


def _scaled(words: Sequence[str], start: int, below: Decimal) -> Iterator[Reading]:
    """Numbers whose scale, thousand or million or more, is below that of the part before them."""
    for value, end in _below_thousand(words, start):
        yield value, end
        scale = SCALES.get(words[end]) if end < len(words) else None
        if scale is None or scale >= below:
            continue
        yield value * scale, end + 1
        yield from ((value * scale + rest, after) for rest, after in _after_scale(words, end + 1, Decimal(scale)))


def _after_scale(words: Sequence[str], start: int, scale: Decimal) -> Iterator[Reading]:
    if start >= len(words):
        return
    if words[start] == "ruoi":  # "một triệu rưỡi"
        yield scale / 2, start + 1
    elif (digit := _digit(words[start])) is not None and digit > 0:  # "một triệu hai", "1tr2"
        yield digit * scale / 10, start + 1
    elif words[start].isdecimal() and len(words[start]) == 3:  # "1tr200"
        yield Decimal(words[start]) * scale / 1000, start + 1
    place = start + 1 if words[start] in ("le", "linh") else start
    if place > start or not words[start].isdecimal() or words[start + 1 : start + 2] != []:
        yield from (
            (value, end)
            for value, end in _scaled(words, place, scale)
            if place > start or end > place + 1 or (value >= 10 and not words[place].isdecimal())
        )


def _below_thousand(words: Sequence[str], start: int) -> Iterator[Reading]:
    if start >= len(words):
        return
    literal = read_literal(words[start])
    if literal is not None:
        yield literal, start + 1
    yield from ((Decimal(value), end) for value, end in _below_hundred(words, start))
    digit = _digit(words[start])
    place = start if words[start] == "tram" else start + 1  # "trăm rưỡi" is a hundred and a half
    if (digit is None and place > start) or place >= len(words) or words[place] != "tram":
        return
    hundreds = Decimal(100 * (1 if digit is None else digit))
    yield hundreds, place + 1
    yield from ((hundreds + rest, end) for rest, end in _after_hundred(words, place + 1))


def _after_hundred(words: Sequence[str], start: int) -> Iterator[tuple[int, int]]:
    if start >= len(words):
        return
    if words[start] == "ruoi":
        yield 50, start + 1
        return
    if words[start] in ("le", "linh"):
        digit = _digit(words[start + 1]) if start + 1 < len(words) else None
        if digit:
            yield digit, start + 2
        return
    digit = _digit(words[start])
    if digit:  # "một trăm hai" is 120
        yield 10 * digit, start + 1
    yield from ((value, end) for value, end in _below_hundred(words, start) if value >= 10)


def _below_hundred(words: Sequence[str], start: int) -> Iterator[tuple[int, int]]:
    word = words[start]
    if word in ("muoi", "chuc"):
        yield from _tens(words, start + 1, 10)
        return
    digit = _DIGITS.get(word)
    if digit is None:
        return
    yield digit, start + 1
    following = words[start + 1] if start + 1 < len(words) else ""
    if digit >= 2 and following in _SHORT_TENS:
        yield 10 * digit + _SHORT_TENS[following], start + 2
    if (following == "muoi" and digit >= 2) or (following == "chuc" and digit >= 1):
        yield from _tens(words, start + 2, 10 * digit)


def _tens(words: Sequence[str], start: int, tens: int) -> Iterator[tuple[int, int]]:
    yield tens, start
    following = words[start] if start < len(words) else ""
    if following in _AFTER_TEN:
        yield tens + _AFTER_TEN[following], start + 1
    elif following == "ruoi" and words[start - 1] == "chuc":
        yield tens + 5, start + 1


def _digit(word: str) -> int | None:
    return int(word) if word.isdecimal() and len(word) == 1 else _DIGITS.get(word)

"""Numbers and addresses that could belong to a real person, and so must not stand in a practice."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

Kind = Literal["identity", "phone", "insurance", "email"]


class RealLooking(NamedTuple):
    """``start`` is an offset in code points into the text that was searched."""

    kind: Kind
    start: int
    text: str


# Spaces, dots, hyphens, plus signs and marks that nobody sees do not hide a number.
_HIDING = re.compile(r"[\s.+\-\u00ad\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]*")
_GROUP = re.compile("[0-9]+")
# "05-12-2026 10:30" is a day and an hour, not a telephone number.
_DATE = re.compile(r"(?<![0-9])(?:0?[1-9]|[12][0-9]|3[01])([-.])(?:0?[1-9]|1[0-2])\1(?:19|20)[0-9]{2}(?![0-9])")

_IDENTITY = re.compile("0(?:0[1-9]|[1-8][0-9]|9[0-6])[0-9]{9}")
_PHONE = re.compile("(?:0|(?:00)?840?)[235789][0-9]{8}")
_INSURANCE = re.compile("[0-9](?:0[1-9]|[1-8][0-9]|9[0-6])[0-9]{10}")
_TWO_LETTERS = re.compile(rf"(?<![^\W\d_])[A-Za-z](?:{_HIDING.pattern})[A-Za-z](?:{_HIDING.pattern})$")
_LONGEST = 14  # digits of the longest of these numbers, 0084 and ten more

_EMAIL = re.compile(
    r"(?<![\w.%+\-])[\w.%+\-]+\s*@\s*(?P<domain>[^\W_][\w\-]*(?:\.[^\W_][\w\-]*)+|[^\W_][\w\-]*(?:\s*\.\s*[^\W_][\w\-]*)+)"
)


def find_real_looking(text: str) -> list[RealLooking]:
    """Everything real-looking in a text, in order.

    A number counts when it is made of whole groups of digits: a part of a longer group is no number of its own.
    """
    plain = "".join(map(_ascii_digit, text))
    found = [*_numbers(plain, text), *_addresses(text)]
    return sorted(found, key=lambda one: one.start)


def looks_real(text: str) -> bool:
    return bool(find_real_looking(text))


def _numbers(plain: str, text: str) -> list[RealLooking]:
    plain = _DATE.sub(lambda match: "/" * len(match[0]), plain)
    groups = list(_GROUP.finditer(plain))
    found = []
    first = 0
    while first < len(groups):
        taken = _number_at(plain, groups, first)
        if taken is None:
            first += 1
            continue
        kind, start, last = taken
        found.append(RealLooking(kind, start, text[start : groups[last].end()]))
        first = last + 1
    return found


def _number_at(plain: str, groups: list[re.Match[str]], first: int) -> tuple[Kind, int, int] | None:
    """The longest number that begins with this group: its kind, where it starts, and its last group."""
    digits = ""
    found = None
    for last in range(first, len(groups)):
        if last > first and not _HIDING.fullmatch(plain, groups[last - 1].end(), groups[last].start()):
            break
        digits += groups[last][0]
        if len(digits) > _LONGEST:
            break
        kind, start = _kind(plain, digits, groups[first].start())
        if kind:
            found = kind, start, last
    return found


def _kind(plain: str, digits: str, start: int) -> tuple[Kind | None, int]:
    if _IDENTITY.fullmatch(digits):
        return "identity", start
    if _PHONE.fullmatch(digits):
        return "phone", start
    letters = _TWO_LETTERS.search(plain, max(0, start - 20), start) if _INSURANCE.fullmatch(digits) else None
    return ("insurance", letters.start()) if letters else (None, start)


def _addresses(text: str) -> list[RealLooking]:
    return [
        RealLooking("email", match.start(), match[0])
        for match in _EMAIL.finditer(text)
        if match["domain"].rpartition(".")[2].strip().casefold() != "example"
    ]


def _ascii_digit(char: str) -> str:
    value = unicodedata.decimal(char, None) if char > "\x7f" else None
    return char if value is None else str(value)

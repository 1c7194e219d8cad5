"""Find data that looks like a real person's: identity, phone, insurance and account numbers, e-mail addresses."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

Kind = Literal["identity", "phone", "insurance", "account", "email"]


class PiiMatch(NamedTuple):
    """One finding. ``start`` is its index in the text."""

    kind: Kind
    start: int
    text: str


_QUICK = re.compile(r"[\d@]")  # most texts have neither, and nothing is found without
# Spaces, dots, hyphens, plus signs and invisible characters are allowed inside a number.
_SEPARATORS = re.compile(r"[\s.+\-\u00ad\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]*")
_OTHER_DIGITS = re.compile(r"[^\D0-9]")  # full-width, Arabic and so on
_GROUP = re.compile("[0-9]+")
# "05-12-2026 10:30" is a date and time, not a telephone number.
_DATE = re.compile(r"(?<![0-9])(?:0?[1-9]|[12][0-9]|3[01])([-.])(?:0?[1-9]|1[0-2])\1(?:19|20)[0-9]{2}(?![0-9])")

_IDENTITY = re.compile("0(?:0[1-9]|[1-8][0-9]|9[0-6])[0-9]{9}")
_PHONE = re.compile("(?:0|(?:00)?840?)(?:[235789][0-9]{8}|2[0-9]{9})")  # a landline has a digit more
_INSURANCE = re.compile("[0-9](?:0[1-9]|[1-8][0-9]|9[0-6])[0-9]{10}")
_CARD_LETTERS = re.compile(rf"(?<![^\W\d_])[A-Za-z](?:{_SEPARATORS.pattern})[A-Za-z](?:{_SEPARATORS.pattern})$")
_MAX_DIGITS = 15  # the longest number: 00840 and ten more digits

_ACCOUNT = re.compile(
    r"(?:số tài khoản|stk|tài khoản số|tk số)[^0-9\n]{0,12}(?P<number>[0-9](?:[ .-]?[0-9]){7,18})", re.IGNORECASE
)
_MIN_ACCOUNT_DIGITS = 8

_EMAIL = re.compile(
    r"(?<![\w.%+\-])[\w.%+\-]+\s*@\s*(?P<domain>[^\W_][\w\-]*(?:\.[^\W_][\w\-]*)+|[^\W_][\w\-]*(?:\s*\.\s*[^\W_][\w\-]*)+)"
)


def find_pii(text: str) -> list[PiiMatch]:
    """All data in a text that looks real, in order.

    A number consists of whole groups of digits: part of a longer group is not a number.
    """
    if not _QUICK.search(text):
        return []
    ascii_text = _OTHER_DIGITS.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    numbers = _find_numbers(ascii_text, text)
    accounts = [
        found for found in _find_accounts(ascii_text, text) if not any(_overlap(found, each) for each in numbers)
    ]
    return sorted([*numbers, *accounts, *_find_emails(text)], key=lambda match: match.start)


def contains_pii(text: str) -> bool:
    return bool(find_pii(text))


def _find_numbers(ascii_text: str, text: str) -> list[PiiMatch]:
    ascii_text = _DATE.sub(lambda match: "/" * len(match[0]), ascii_text)
    groups = list(_GROUP.finditer(ascii_text))
    matches: list[PiiMatch] = []
    first = 0
    while first < len(groups):
        number = _number_at(ascii_text, groups, first)
        if number is None:
            first += 1
            continue
        kind, start, last = number
        matches.append(PiiMatch(kind, start, text[start : groups[last].end()]))
        first = last + 1
    return matches


def _number_at(ascii_text: str, groups: list[re.Match[str]], first: int) -> tuple[Kind, int, int] | None:
    """The longest number that begins with this group: its kind, its start, and the index of its last group."""
    digits = ""
    matches = None
    for last in range(first, len(groups)):
        if last > first and not _SEPARATORS.fullmatch(ascii_text, groups[last - 1].end(), groups[last].start()):
            break
        digits += groups[last][0]
        if len(digits) > _MAX_DIGITS:
            break
        kind, start = _classify(ascii_text, digits, groups[first].start())
        if kind:
            matches = kind, start, last
    return matches


def _classify(ascii_text: str, digits: str, start: int) -> tuple[Kind | None, int]:
    if _IDENTITY.fullmatch(digits):
        return "identity", start
    if _PHONE.fullmatch(digits):
        return "phone", start
    letters = _CARD_LETTERS.search(ascii_text, max(0, start - 20), start) if _INSURANCE.fullmatch(digits) else None
    return ("insurance", letters.start()) if letters else (None, start)


def _find_accounts(ascii_text: str, text: str) -> list[PiiMatch]:
    """Numbers that a text calls an account's. Five zeros in a row mark one that does not exist."""
    return [
        PiiMatch("account", match.start("number"), text[match.start("number") : match.end("number")])
        for match in _ACCOUNT.finditer(ascii_text)
        if (digits := re.sub("[^0-9]", "", match["number"]))
        and "00000" not in digits
        and len(digits) >= _MIN_ACCOUNT_DIGITS
        and not digits.startswith(("1800", "1900"))
    ]


def _overlap(one: PiiMatch, other: PiiMatch) -> bool:
    return one.start < other.start + len(other.text) and other.start < one.start + len(one.text)


def _find_emails(text: str) -> list[PiiMatch]:
    return [
        PiiMatch("email", match.start(), match[0])
        for match in _EMAIL.finditer(text)
        if match["domain"].rpartition(".")[2].strip().casefold() != "example"
    ]

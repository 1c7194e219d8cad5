"""Codes that people read off the wall and type: six digits for a class, four to pair a projector."""

from __future__ import annotations

import secrets
import unicodedata

CODE_LENGTH = 6
PAIRING_CODE_LENGTH = 4
_MAX_INPUT_LENGTH = 40


def new_class_code() -> str:
    """Six random digits, the last a check digit. The first is never 0, because some people would not type it."""
    head = str(10_000 + secrets.randbelow(90_000))
    return head + luhn_check_digit(head)


def new_pairing_code() -> str:
    """Four random digits. The unique key of the table decides whether they are free."""
    return f"{secrets.randbelow(10**PAIRING_CODE_LENGTH):0{PAIRING_CODE_LENGTH}}"


def parse_class_code(text: str) -> str | None:
    """The class code in what was typed, whatever separates its digits; None when it cannot be a code."""
    digits = parse_digits(text, CODE_LENGTH)
    return digits if digits and digits[-1] == luhn_check_digit(digits[:-1]) else None


def parse_digits(text: str, length: int) -> str | None:
    """Exactly ``length`` digits, whatever separates them; None when there are more, fewer, or letters."""
    if len(text) > _MAX_INPUT_LENGTH:
        return None
    digits, letters = _digits_and_letters(text)
    return digits if len(digits) == length and not letters else None


def count_digits(text: str) -> int | None:
    """How many digits were typed; None when there are letters too, or too much text."""
    digits, letters = _digits_and_letters(text) if len(text) <= _MAX_INPUT_LENGTH else ("", 1)
    return None if letters else len(digits)


def luhn_check_digit(digits: str) -> str:
    """The Luhn check digit: it detects every single wrong digit and all swapped neighbours but 09 and 90."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def _digits_and_letters(text: str) -> tuple[str, int]:
    """The digits of a text, and how many letters it has."""
    characters = [char for char in unicodedata.normalize("NFKC", text) if char.isalnum()]
    digits = "".join(str(unicodedata.digit(char)) for char in characters if char.isdigit())
    return digits, len(characters) - len(digits)

"""The digits that people read off the wall: six for a class, four for a projector."""

from __future__ import annotations

import secrets
import unicodedata

CODE_LENGTH = 6
PAIRING_LENGTH = 4
_LONGEST = 40  # characters that are looked at


def new_code() -> str:
    """Six digits, the last one a check digit; the first is never 0, which would not be typed by everybody."""
    head = str(10_000 + secrets.randbelow(90_000))
    return head + check_digit(head)


def read_code(text: str) -> str | None:
    """The code in what somebody typed, with spaces, dots and hyphens as she likes; None when it cannot be one."""
    digits = read_digits(text, CODE_LENGTH)
    return digits if digits and digits[-1] == check_digit(digits[:-1]) else None


def count_digits(text: str) -> int | None:
    """How many digits somebody typed for a code; None when there is something else, too, or too much of it."""
    digits, others = _digits_in(text) if len(text) <= _LONGEST else ("", 1)
    return None if others else len(digits)


def new_pairing() -> str:
    """Four digits; which are free the table's key decides."""
    return f"{secrets.randbelow(10**PAIRING_LENGTH):0{PAIRING_LENGTH}}"


def read_digits(text: str, length: int) -> str | None:
    """So many digits, whatever stands between them; None when there are more or fewer, or letters."""
    if len(text) > _LONGEST:
        return None
    digits, others = _digits_in(text)
    return digits if len(digits) == length and not others else None


def check_digit(digits: str) -> str:
    """Luhn's: it finds every single wrong digit, and neighbours changed places but for 09 and 90."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def _digits_in(text: str) -> tuple[str, int]:
    """The digits of a text, and how many letters stand among them."""
    kept = [char for char in unicodedata.normalize("NFKC", text) if char.isalnum()]
    digits = "".join(str(unicodedata.digit(char)) for char in kept if char.isdigit())
    return digits, len(kept) - len(digits)

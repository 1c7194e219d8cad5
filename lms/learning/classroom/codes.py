"""The digits that people read off the wall: six for a class, four for a projector."""

from __future__ import annotations

import secrets
import unicodedata

CODE_LENGTH = 6
PAIRING_LENGTH = 4


def new_code() -> str:
    """Six digits, the last one a check digit; the first is never 0, which would not be typed by everybody."""
    head = str(10_000 + secrets.randbelow(90_000))
    return head + check_digit(head)


def read_code(text: str) -> str | None:
    """The code in what somebody typed, with spaces, dots and hyphens as she likes; None when it cannot be one."""
    digits = read_digits(text, CODE_LENGTH)
    return digits if digits and digits[-1] == check_digit(digits[:-1]) else None


def new_pairing() -> str:
    """Four digits; which are free the table's key decides."""
    return f"{secrets.randbelow(10**PAIRING_LENGTH):0{PAIRING_LENGTH}}"


def read_digits(text: str, length: int) -> str | None:
    """So many digits, whatever stands between them; None when there are more or fewer, or letters."""
    if len(text) > 40:
        return None
    kept = [char for char in unicodedata.normalize("NFKC", text) if char.isalnum()]
    digits = "".join(str(unicodedata.digit(char)) for char in kept if char.isdigit())
    return digits if len(kept) == len(digits) == length else None


def check_digit(digits: str) -> str:
    """Luhn's: it finds every single wrong digit, and neighbours changed places but for 09 and 90."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)

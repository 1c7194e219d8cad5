"""Numbers and days as people type and read them in Vietnam: "1.500" and "30/11/2026"; "1,500" is read, too."""

from __future__ import annotations

import re
from datetime import date

_COUNT = re.compile(r"\d{1,3}(?:[.,\N{NO-BREAK SPACE} ]\d{3})*|\d+", re.ASCII)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)  # "30/11/2026"


def read_day(typed: str) -> date | None:
    """A day as browsers send it, or as people type it, "30/11/2026"; None if it is none."""
    try:
        parts = _DAY.fullmatch(typed.strip())
        return date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else date.fromisoformat(typed.strip())
    except ValueError:
        return None


def read_number(text: str) -> int:
    """A number of up to six digits; 0 if it is none."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 6 else 0


def read_count(typed: str) -> int | None:
    """ "1.500", "1,500" and "1 500" are 1500; None if it is no number of up to nine digits."""
    if not _COUNT.fullmatch(typed.strip()):
        return None
    digits = re.sub(r"\D", "", typed)
    return int(digits) if len(digits) <= 9 else None


def grouped(number: int) -> str:
    """ "1.500" """
    return f"{number:,}".replace(",", ".")

"""Numbers as Vietnamese write them: a comma before the decimals, dots or spaces between thousands."""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(
    r"(?P<sign>[-+−]?)\s*(?P<whole>[0-9]{1,3}(?:(?P<gap>[. \u00a0])[0-9]{3})(?:(?P=gap)[0-9]{3})*|[0-9]{1,15})"
    r"(?:(?P<point>[.,])(?P<decimals>[0-9]{1,9}))?"
)


def read_number(text: str) -> Decimal | None:
    """The number that all of ``text`` is, or None. "1.500" is a thousand five hundred, "1,5" one and a half."""
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        return None
    if found["gap"] == "." and found["point"] == ".":
        return None
    whole = re.sub(r"[^0-9]", "", found["whole"])
    sign = "-" if found["sign"] in ("-", "−") else ""
    return Decimal(f"{sign}{whole}.{found['decimals'] or 0}")

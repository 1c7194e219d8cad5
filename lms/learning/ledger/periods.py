"""Periods of targets: a month, a quarter or a year, as "2026-12", "2026-Q4" and "2026"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_KEY = re.compile(r"(20\d{2})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """``first``, ``last``: its days, both in it."""

    key: str
    name: str
    first: date
    last: date

    @property
    def months(self) -> int:
        """1 of a month, 3 of a quarter, 12 of a year; unlike their days, the same for all of a kind."""
        return self.last.month - self.first.month + 1

    @property
    def month_keys(self) -> list[str]:
        """The keys of its months: those under which figures are counted by hand."""
        return [f"{self.first.year}-{month:02}" for month in range(self.first.month, self.last.month + 1)]


def parse_period(key: str) -> Period | None:
    """The period with this key; None if it is none."""
    parts = _KEY.fullmatch(key)
    if parts is None:
        return None
    year = int(parts[1])
    if parts[2]:
        return _period(key, f"Quý {parts[2]} năm {year}", year, 3 * int(parts[2]) - 2, 3)
    if parts[3]:
        return _period(key, f"Tháng {int(parts[3])} năm {year}", year, int(parts[3]), 1)
    return _period(key, f"Năm {year}", year, 1, 12)


def periods_of_year(year: int) -> list[Period]:
    """The year, its quarters and its months."""
    keys = (str(year), *(f"{year}-Q{n}" for n in range(1, 5)), *(f"{year}-{n:02}" for n in range(1, 13)))
    return [period for key in keys if (period := parse_period(key))]


def previous_period(period: Period) -> Period:
    """The period of the same length that ends where this one begins."""
    day_before = period.first - timedelta(days=1)
    if "Q" in period.key:
        key = f"{day_before.year}-Q{(day_before.month + 2) // 3}"
    else:
        key = f"{day_before:%Y-%m}" if "-" in period.key else f"{day_before.year}"
    found = parse_period(key)
    # Keys begin in the year 2000; nothing was counted before.
    return found or Period(key, f"Năm {day_before.year}", day_before, day_before)


def _period(key: str, name: str, year: int, month: int, months: int) -> Period:
    after = month + months
    last = date(year + (after > 12), (after - 1) % 12 + 1, 1)
    return Period(key, name, date(year, month, 1), date.fromordinal(last.toordinal() - 1))

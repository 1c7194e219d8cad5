"""A measured figure and the bar that it has to hold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """``note`` explains the value: the absolute figures behind a ratio, counts, the machine's load.

    ``bar``: None for what the machine decides and a reader wants to see beside a ratio.
    """

    name: str
    value: float
    bar: float | None
    comparison: Literal["at most", "at least"]
    unit: str
    note: str = ""

    @property
    def holds(self) -> bool:
        if self.bar is None:
            return True
        return self.value <= self.bar if self.comparison == "at most" else self.value >= self.bar

    def __str__(self) -> str:
        note = f"   ({self.note})" if self.note else ""
        value = f"{self.name:<62} {_number(self.value):>10} {self.unit:<9}"
        if self.bar is None:
            return f"     {value}{note}"
        mark, sign = "ok  " if self.holds else "MISS", "≤" if self.comparison == "at most" else "≥"
        return f"{mark} {value} {sign} {_number(self.bar)}{note}"


def at_most(name: str, value: float, bar: float, unit: str, note: str = "") -> Figure:
    return Figure(name, value, bar, "at most", unit, note)


def at_least(name: str, value: float, bar: float, unit: str, note: str = "") -> Figure:
    return Figure(name, value, bar, "at least", unit, note)


def without_bar(name: str, value: float, unit: str, note: str = "") -> Figure:
    return Figure(name, value, None, "at most", unit, note)


def percentile_ms(seconds: list[float], share: float) -> float:
    """Return a percentile in milliseconds; infinite if there are no values."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("inf")


def _number(value: float) -> str:
    if math.isinf(value):
        return "never"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.2f}"

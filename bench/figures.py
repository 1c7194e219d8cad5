"""One measured figure, the bar it has to hold, and how the two are printed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """``note`` tells what the machine was doing, for whoever wonders about the number."""

    name: str
    value: float
    bar: float
    sense: Literal["at most", "at least"]
    unit: str
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.value <= self.bar if self.sense == "at most" else self.value >= self.bar

    def __str__(self) -> str:
        mark = "ok  " if self.holds else "MISS"
        note = f"   ({self.note})" if self.note else ""
        sign = "≤" if self.sense == "at most" else "≥"
        return f"{mark} {self.name:<62} {_number(self.value):>10} {self.unit:<9} {sign} {_number(self.bar)}{note}"


def at_most(name: str, value: float, bar: float, unit: str, note: str = "") -> Figure:
    return Figure(name, value, bar, "at most", unit, note)


def at_least(name: str, value: float, bar: float, unit: str, note: str = "") -> Figure:
    return Figure(name, value, bar, "at least", unit, note)


def _number(value: float) -> str:
    if math.isinf(value):
        return "never"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.2f}"

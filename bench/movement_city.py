"""The movement of the whole city after a year, on PostgreSQL. Filling its database takes some minutes."""

from __future__ import annotations

from collections.abc import Iterator

from bench.figures import Figure
from bench.generated_year import YearSize
from bench.movement import figures

CITY = YearSize(classes=60_000, neighbourhoods=2_000, learners=1_500_000)


def measure() -> Iterator[Figure]:
    return figures("postgresql", "PostgreSQL, the city", CITY)

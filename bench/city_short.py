"""The whole city on one server with SQLite in less than four minutes: shorter questions, and no bare hub before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bench.city import CITY
from bench.classes import figures
from bench.figures import Figure

SHORT = replace(
    CITY, name="SQLite, short", questions=1, answer_seconds=6, practice_seconds=40, spread_seconds=20, compared=False
)


def measure() -> Iterator[Figure]:
    yield from figures(SHORT)

"""The whole city: 168 wards with 60 phones each, on both stores, in bad weather, and with servers killed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bench.classes import Setting, figures
from bench.figures import Figure

WARDS = 168
CITY = Setting(
    "SQLite",
    classes=WARDS,
    join_seconds=100,  # three times the pace of a city that comes within five minutes
    questions=2,
    answer_seconds=8,
    practice_seconds=75,
    posts_a_second=2000,
    spread_seconds=30,
)
PLAYS = (
    CITY,
    replace(CITY, name="two workers on PostgreSQL", store="postgresql", workers=2),
    replace(
        CITY,
        name="SQLite, 2 % lost, 300 ms, 10 % asleep",
        waiting_seconds=14,
        weather={"failing": 0.02, "delay": 0.3, "asleep": 0.1},
    ),
    replace(CITY, name="SQLite, killed and started again", waiting_seconds=14, kill=True),
    replace(
        CITY,
        name="two workers on PostgreSQL, one killed",
        store="postgresql",
        workers=2,
        waiting_seconds=14,
        kill=True,
        away=None,
    ),
    Setting("SQLite, one hall behind one address", classes=1, phones=200, join_seconds=10, posts_a_second=40),
)


def measure() -> Iterator[Figure]:
    for play in PLAYS:
        yield from figures(play)

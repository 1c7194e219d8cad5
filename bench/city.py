"""A whole city: 168 classes with 60 phones each, on both databases, on bad networks, and with servers killed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bench.class_scenarios import Scenario
from bench.classes import figures
from bench.figures import Figure

WARDS = 168
CITY = Scenario(
    "SQLite",
    classes=WARDS,
    join_seconds=100,  # 10,080 phones; in a real city they join within five minutes
    questions=2,
    answer_seconds=8,
    practice_seconds=75,
    event_posts_per_second=2000,
    spread_seconds=30,
    absolute=True,
)
_POSTGRESQL = replace(CITY, name="two workers on PostgreSQL", database="postgresql", workers=2)
SCENARIOS = (
    CITY,
    _POSTGRESQL,
    replace(
        CITY,
        name="SQLite, 2 % lost, 300 ms, 10 % asleep",
        grace_seconds=14,
        loss_rate=0.02,
        delay=0.3,
        sleep_rate=0.1,
    ),
    replace(CITY, name="SQLite, killed and restarted", grace_seconds=14, kill=True),
    replace(
        _POSTGRESQL, name="two workers on PostgreSQL, one killed", grace_seconds=14, kill=True, restart_seconds=None
    ),
    Scenario("SQLite, one room behind one address", classes=1, phones=200, join_seconds=10, event_posts_per_second=40),
)


def measure() -> Iterator[Figure]:
    for scenario in SCENARIOS:
        yield from figures(scenario)

"""A city that has joined already, on one server with SQLite, in four minutes: the whole class with one short question.

``python -m bench city_short:40`` plays forty classes instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bench.city import CITY, WARDS
from bench.classes import figures
from bench.figures import Figure

SHORT = replace(
    CITY,
    name="SQLite, seated",
    seated=True,
    join_seconds=20,  # to open the streams
    questions=1,
    practice_seconds=45,
    compared=False,
)


def measure(classes: int = WARDS) -> Iterator[Figure]:
    """Posts of practice events are as many for each phone as in the city."""
    posts = CITY.event_posts_per_second * classes / WARDS
    yield from figures(replace(SHORT, classes=classes, event_posts_per_second=posts))

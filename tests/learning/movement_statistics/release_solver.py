"""Histories of a few wards, their releases, and all that follows from the releases."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import Engine, delete, insert

from lms.learning.movement_statistics import figure_releases
from lms.learning.movement_statistics.figure_releases import Release, release_figures
from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.movement_statistics.published_values import STEP
from lms.learning.store.database import write_sessions
from lms.learning.store.models import (
    DailyFigure,
    FigureRelease,
    ReleasedFigure,
)
from tests.learning.movement_statistics.movement import OPENED, OTHER_WARD, THIRD_WARD, WARD

Cell = tuple[str, Indicator]
History = dict[tuple[int, Cell], int]  # by day and cell how many more
WARDS = (WARD, OTHER_WARD, THIRD_WARD, "")
PEOPLE = (Indicator.ATTENDANCES, Indicator.LEARNERS, Indicator.UNDERSTOOD, Indicator.COULD_DO)
CELLS = [(ward, indicator) for ward in WARDS for indicator in PEOPLE]
DAYS = 8
# A learner who understood is one who was counted: everybody knows that.
AT_MOST = {(Indicator.UNDERSTOOD, Indicator.LEARNERS), (Indicator.COULD_DO, Indicator.LEARNERS)}


@dataclass(frozen=True)
class Bounds:
    """What is certain of a number."""

    low: int
    high: int

    @property
    def reveals_few_people(self) -> bool:
        """Whether it is certain that there are some and fewer than five, or exactly how many below five."""
        return self.high < STEP and (self.low > 0 or self.low == self.high)


def random_history(rng: random.Random) -> History:
    """Most days a few people come to a place, some days nobody, on some a class."""
    history: History = {}
    for day in range(DAYS):
        for ward in WARDS:
            come = rng.choice((0, 0, 1, 2, 3, 4, 5, 7, 11))
            history[day, (ward, Indicator.LEARNERS)] = come
            history[day, (ward, Indicator.ATTENDANCES)] = come + rng.choice((0, 1, 6))
            for stage in (Indicator.UNDERSTOOD, Indicator.COULD_DO):
                history[day, (ward, stage)] = rng.randint(0, come)
    return history


def counts_of(history: Mapping[tuple[int, Cell], int]) -> History:
    """How many there were up to each day."""
    return {
        (day, cell): sum(history.get((earlier, cell), 0) for earlier in range(day + 1))
        for day in range(DAYS)
        for cell in CELLS
    }


def publish(engine: Engine, history: History) -> list[Release]:
    """Every release of these days, from an empty store."""
    with write_sessions(engine).begin() as session:
        for model in (DailyFigure, ReleasedFigure, FigureRelease):
            session.execute(delete(model))
    published = []
    for day in range(DAYS):
        now = OPENED + timedelta(days=day)
        rows = [
            {"day": date(2026, 3, 4) + timedelta(days=day), "ward": ward, "indicator": str(indicator), "count": count}
            for (of, (ward, indicator)), count in history.items()
            if of == day and count
        ]
        with write_sessions(engine).begin() as session:
            if rows:
                session.execute(insert(DailyFigure), rows)
        release_figures(engine, now=now)
        with write_sessions(engine).begin() as session:
            release = figure_releases.find_release(session)
        assert release is not None
        published.append(release)
    return published


def solve(
    published: list[Release], *, low: Callable[[int], int], high: Callable[[int], int]
) -> dict[tuple[int, Cell] | tuple[int, int, Cell], Bounds]:
    """The tightest bounds of each count, and of each difference between two days of a cell.

    All that is known are bounds of counts, that counts never fall, and that some are at most others: differences of
    two numbers. So shortest paths are all that follows from them, and no solver of linear systems finds more.
    """
    numbers = [(day, cell) for day in range(DAYS) for cell in CELLS]
    index = {number: place for place, number in enumerate(numbers, 1)}  # 0 stands for nothing
    size = len(numbers) + 1
    far = 10**9
    most = [[0 if a == b else far for b in range(size)] for a in range(size)]  # x_b - x_a <= most[a][b]
    for (day, cell), place in index.items():
        value = published[day].value(*cell)
        most[0][place] = high(value)
        most[place][0] = -low(value)
    for cell in CELLS:
        for before, after in pairwise(range(DAYS)):
            most[index[after, cell]][index[before, cell]] = 0
    for ward in WARDS:
        for smaller, larger in AT_MOST:
            for day in range(DAYS):
                most[index[day, (ward, larger)]][index[day, (ward, smaller)]] = 0
    for ward in WARDS:  # wards have nothing in common but sums of what is published
        places = [0, *(index[day, (ward, indicator)] for day in range(DAYS) for indicator in PEOPLE)]
        for via in places:
            for a in places:
                for b in places:
                    most[a][b] = min(most[a][b], most[a][via] + most[via][b])
    return dict(_bounds(most, index))


def _bounds(most: list[list[int]], index: Mapping[tuple[int, Cell], int]) -> Iterator[tuple[tuple, Bounds]]:
    for (day, cell), place in index.items():
        yield (day, cell), Bounds(-most[place][0], most[0][place])
        for later in range(day + 1, DAYS):
            other = index[later, cell]
            yield (day, later, cell), Bounds(-most[other][place], most[place][other])
        for smaller, larger in AT_MOST:
            if cell[1] == larger:  # who came and did not understand
                part = index[day, (cell[0], smaller)]
                yield (day, cell, smaller), Bounds(-most[place][part], most[part][place])

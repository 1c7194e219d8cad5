"""When a card is due again: a pure function of the days on which it was answered, by FSRS.

It counts whole days of Vietnam's calendar, so a card is due on a day and not at an hour: the learner may come
early or late in the day, and nothing depends on the server's time zone. Of a day the first answer counts: what is known
right after reading the page again says little about tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lms import vietnam_time

if TYPE_CHECKING:
    from fsrs import Scheduler

DAYS_AFTER_WRONG = 1
MIN_DAYS_AFTER_RIGHT = 2  # so that a wrong answer always brings a card back sooner
MAX_DAYS = 180  # twice a year, however well it is known

_DAY_ZERO = datetime(2000, 1, 1, tzinfo=UTC)


class DayAnswer(NamedTuple):
    """The first answer to a card on one day."""

    day: date
    right: bool


def first_answer_of_each_day(answers: Iterable[tuple[datetime, bool]]) -> tuple[DayAnswer, ...]:
    """The first answer of each day of Vietnam's calendar, from (time, right) in any order.

    Of several answers at one moment a wrong one counts.
    """
    by_day: dict[date, bool] = {}
    for moment, right in sorted(answers):
        by_day.setdefault(vietnam_time.to_vietnam_time(moment).date(), right)
    return tuple(DayAnswer(day, right) for day, right in by_day.items())


def next_due_day(answers: Iterable[DayAnswer]) -> date:
    """The day on which a card is due, after these answers: at most one a day, in any order, at least one.

    After a wrong answer it is the next day, after a right one later.
    """
    in_order = sorted(answers)
    gaps = (0, *((later.day - earlier.day).days for earlier, later in pairwise(in_order)))
    history = tuple((gap, answer.right) for gap, answer in zip(gaps, in_order, strict=True))
    return in_order[-1].day + timedelta(days=_days_until_due(history))


@lru_cache(maxsize=8192)
def _days_until_due(history: tuple[tuple[int, bool], ...]) -> int:
    """Days from the last answer to the next. ``history``: days since the answer before, and whether it was right.

    Cached: the cards of a lesson are mostly answered on the same days.
    """
    from fsrs import Card, Rating  # the first review imports it, not every command

    # FSRS would read the clock, and sleep, for an id or a day that is not given.
    card, now = Card(card_id=0, due=_DAY_ZERO), _DAY_ZERO
    for gap, right in history:
        now += timedelta(days=gap)
        card, _ = _scheduler().review_card(card, Rating.Good if right else Rating.Again, now)
    is_right = history[-1][1]
    return max((card.due - now).days, MIN_DAYS_AFTER_RIGHT) if is_right else DAYS_AFTER_WRONG


@lru_cache(maxsize=1)
def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    # One step of a day in place of minutes: nobody here studies the same card twice in a sitting. Without fuzzing the
    # same history always gives the same day.
    day = (timedelta(days=DAYS_AFTER_WRONG),)
    return Scheduler(learning_steps=day, relearning_steps=day, maximum_interval=MAX_DAYS, enable_fuzzing=False)

"""Count how long phones in a class stayed at each screen of a practice: a histogram, with no row about a person."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from lms.learning.store.models import ClassSessionRow, EventBatch, PracticeAttempt, ScreenDwellTimeRow, SeatRow
from lms.learning.store.upsert import Upsert

# The least seconds of each bucket, about half as much again as of the one before.
BUCKETS = (0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300)
MAX_PAUSE_MS = 300_000  # after that the phone lay on the table, or the class waited: that screen is not counted


def count_screen_dwell_times(connection: Connection, class_id: str, year: int) -> None:
    """Add the times of a class at the main practices of its lessons to the histograms of the year.

    Each phone counts once at a screen, in its first attempt that got there. Not at the screen at which the class was
    made to wait when it closed.
    """
    rows = connection.execute(_EVENTS, {"class_id": class_id}).all()
    if not rows:
        return
    state = connection.scalar(select(ClassSessionRow.state).where(ClassSessionRow.id == class_id)) or {}
    counts: Counter[tuple[str, str, str, int]] = Counter()
    for (_, course, lesson, screen), seconds in _times_of_phones(rows).items():
        if seconds is not None and screen != state.get("wait_screen"):
            counts[course, lesson, screen, time_bucket(seconds)] += 1
    added = [
        {"year": year, "course": course, "lesson": lesson, "screen": screen, "seconds": bucket, "phones": phones}
        for (course, lesson, screen, bucket), phones in sorted(counts.items())
    ]
    if added:
        _ADD.execute(connection, added)


def time_bucket(seconds: float) -> int:
    """The least seconds of the bucket that this time belongs to."""
    return BUCKETS[bisect_right(BUCKETS, seconds) - 1]


def median_seconds_lower_bound(phones: Mapping[int, int]) -> int:
    """The seconds that more than half of the phones stayed at least. ``phones``: how many by bucket, not all 0."""
    shorter, total = 0, sum(phones.values())
    for bucket in sorted(phones):
        shorter += phones[bucket]
        if 2 * shorter >= total:
            return bucket
    raise ValueError("no phones")


def _times_of_phones(rows: Iterable[Any]) -> dict[tuple[int, str, str, str], float | None]:
    """By seat, course, lesson and screen the seconds; None after a pause. ``rows``: in the order of ``_EVENTS``."""
    found: dict[tuple[int, str, str, str], float | None] = {}
    for _, group in groupby(rows, key=attrgetter("id")):
        batches = list(group)
        attempt = batches[0]
        for screen, milliseconds in _times_of_attempt(event for row in batches for event in row.events).items():
            seconds = None if milliseconds is None else milliseconds / 1000
            found.setdefault((attempt.seat, attempt.course, attempt.lesson, screen), seconds)
    return found


def _times_of_attempt(events: Iterable[list[Any]]) -> dict[str, float | None]:
    """Milliseconds by screen. The time before an event was spent at the screen of the event."""
    times: dict[str, float | None] = {}
    before = 0.0
    for _, at, screen, *_ in events:
        pause = max(at - before, 0)  # a clock that is set back does not count
        before = max(at, before)
        so_far = times.get(screen, 0.0)
        times[screen] = None if so_far is None or pause > MAX_PAUSE_MS else so_far + pause
    return times


_EVENTS = (
    select(
        PracticeAttempt.id,
        PracticeAttempt.seat,
        PracticeAttempt.course,
        PracticeAttempt.lesson,
        EventBatch.events,
    )
    .join(EventBatch, EventBatch.attempt_id == PracticeAttempt.id)
    .join(SeatRow, and_(SeatRow.class_id == PracticeAttempt.class_id, SeatRow.number == PracticeAttempt.seat))
    .where(
        PracticeAttempt.class_id == bindparam("class_id"), PracticeAttempt.practice == "", SeatRow.removed.is_(False)
    )
    .order_by(PracticeAttempt.started_at, PracticeAttempt.id, EventBatch.first_q)
)
_ADD = Upsert(ScreenDwellTimeRow, update=lambda new: {"phones": ScreenDwellTimeRow.__table__.c.phones + new.phones})

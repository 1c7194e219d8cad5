"""A laptop's file as it is read in the city: verified, with times that can be right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from lms.learning.hand_in.document import HandIn, HandInClass, parse_hand_in
from lms.learning.hand_in.signed_file import unpack_hand_in

CLOCK_TOLERANCE = timedelta(minutes=10)
# A laptop whose battery died starts years ago. No class was held with this program before.
EARLIEST_CLOCK = datetime(2026, 9, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LaptopFile:
    """A verified file with the times as they will be stored.

    ``clock_shift``: how far they were moved because the laptop's clock cannot be right; zero if it can.
    """

    key: str
    hand_in: HandIn
    clock_shift: timedelta


def read_laptop_file(data: bytes, *, now: datetime) -> LaptopFile:
    """Verify a file and read it.

    Raises:
        InvalidHandIn: it is not whole, not ours, altered, of a later version or too large.
    """
    signed = unpack_hand_in(data)
    hand_in = parse_hand_in(signed.content)
    shift = _clock_shift(hand_in, now)
    return LaptopFile(signed.key, _shift_times(hand_in, shift), shift)


def _clock_shift(hand_in: HandIn, now: datetime) -> timedelta:
    """How far to move all times of a file, so that none is in the future and none before the program existed."""
    times = [hand_in.exported_at]
    times += [moment for each in hand_in.classes for moment in (each.opened_at, each.closed_at)]
    times += [lesson.started_at for each in hand_in.classes for lesson in each.lessons]
    times += [mark.earned_at for learner in hand_in.learners for mark in learner.marks]
    if max(times) > now + CLOCK_TOLERANCE:
        return now - max(times)
    return now - hand_in.exported_at if hand_in.exported_at < EARLIEST_CLOCK else timedelta(0)


def _shift_times(hand_in: HandIn, shift: timedelta) -> HandIn:
    if not shift:
        return hand_in
    return replace(
        hand_in,
        exported_at=hand_in.exported_at + shift,
        classes=tuple(_shift_class(each, shift) for each in hand_in.classes),
        learners=tuple(
            replace(
                learner, marks=tuple(replace(mark, earned_at=mark.earned_at + shift) for mark in learner.marks)
            )
            for learner in hand_in.learners
        ),
    )  # fmt: skip


def _shift_class(each: HandInClass, shift: timedelta) -> HandInClass:
    lessons = tuple(
        replace(
            lesson,
            started_at=lesson.started_at + shift,
            left_at=lesson.left_at + shift if lesson.left_at else None,
        )
        for lesson in each.lessons
    )
    return replace(each, opened_at=each.opened_at + shift, closed_at=each.closed_at + shift, lessons=lessons)

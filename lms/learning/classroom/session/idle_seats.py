"""Seats that were never anything but a join: which they are, and how a full class finds room among them.

A stranger who guesses a code can take all seats in a minute, and whoever is late gets in all the same. Nobody knows
here which phones have their page open, since any worker may hold its stream; so an empty seat is swept, not given
away, and an open page takes it again by itself (see ``sweeping``). One that came back so is asked last.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from lms.learning.classroom.session.queries import Seat
from lms.learning.store.models import ClassSeat
from lms.learning.store.models.classes import stamp

_UNTOUCHED = ("name", "claimed_at", "hand_at", "helping", "attempt_id", "last_at", "witnessed_at")


def is_empty(seat: Seat) -> bool:
    """Whether a phone's seat never did anything; of a swept one: whether it has not since."""
    if seat.added or seat.learner_id is None or seat.answered or seat.done:
        return False
    return all(getattr(seat, name) is None for name in _UNTOUCHED)


def are_empty(class_id: str) -> tuple[ColumnElement[bool], ...]:
    """``is_empty`` as the store is asked, for the seats of a class, in it or out."""
    return (ClassSeat.class_id == class_id, *_EMPTY)


def are_untouched(class_id: str) -> tuple[ColumnElement[bool], ...]:
    """As ``are_empty``, but a name may have been given: a script types one as fast as none."""
    return (ClassSeat.class_id == class_id, *_UNUSED)


def make_room(connection: Connection, wanted: Mapping[str, int], now: datetime) -> dict[str, int]:
    """Sweep so many empty seats of each class, the one that has been silent longest first; how many it was, by class.

    Whose row somebody else holds at this moment is doing something, and is passed over: nobody waits for anybody.
    """
    return {class_id: _sweep(connection, class_id, count, now) for class_id, count in sorted(wanted.items())}


def free_numbers(connection: Connection, class_id: str, count: int) -> list[int]:
    """Numbers at which nobody sits any more: swept seats to which nobody came back, the longest gone first.

    Their rows are held. Whoever takes one over must write that it is hers.
    """
    return list(connection.scalars(_GONE, {"class_id": class_id, "count": count}))


def _sweep(connection: Connection, class_id: str, count: int, now: datetime) -> int:
    numbers = list(connection.scalars(_SILENT, {"class_id": class_id, "count": count}))
    if numbers:
        values: dict[str, Any] = {"out": True, "swept_at": now, "changed_at": stamp(now)}
        connection.execute(
            update(ClassSeat.__table__)
            .where(ClassSeat.class_id == class_id, ClassSeat.number.in_(numbers))
            .values(version=ClassSeat.version + 1, **values)
        )
    return len(numbers)


_UNUSED = (
    ClassSeat.added.is_(False),
    ClassSeat.learner_id.is_not(None),  # one that was forgotten did something once, and stays counted
    ClassSeat.answered == "",
    ClassSeat.done == "",
    *(getattr(ClassSeat, name).is_(None) for name in _UNTOUCHED if name != "name"),
)
_EMPTY = (*_UNUSED, ClassSeat.name.is_(None))
_HERE = (ClassSeat.class_id == bindparam("class_id"), *_EMPTY)
_SILENT = (
    select(ClassSeat.number)
    .where(*_HERE, ClassSeat.out.is_(False))
    # The first version is the join itself: such a seat never came back, nor was anything put right about it.
    .order_by(ClassSeat.version > 1, ClassSeat.changed_at, ClassSeat.number)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_GONE = (
    select(ClassSeat.number)
    .where(*_HERE, ClassSeat.swept_at.is_not(None))
    .order_by(ClassSeat.swept_at, ClassSeat.number)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)

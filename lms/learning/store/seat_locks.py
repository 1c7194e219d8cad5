"""Seats' rows as whoever writes several takes them: held before the first is written, in one order for everybody."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, bindparam, exists, select

from lms.learning.store.models import ClassRow, ClassSeat


def hold_seats(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Hold the seats that are so, whatever is going to be written to them."""
    connection.execute(_IN_ORDER.where(*which).with_for_update()).all()


def hold_seats_of(connection: Connection, learner_ids: Collection[str]) -> None:
    """Hold the seats of these learners, in classes that are open. Whose they are is not going to be changed."""
    if learner_ids:
        connection.execute(_OF_LEARNERS, {"ids": sorted(learner_ids)}).all()


_IN_ORDER = select(ClassSeat.number).order_by(ClassSeat.class_id, ClassSeat.number)
_OPEN = exists().where(ClassRow.id == ClassSeat.class_id, ClassRow.closed_at.is_(None))
_OF_LEARNERS = _IN_ORDER.where(ClassSeat.learner_id.in_(bindparam("ids", expanding=True)), _OPEN).with_for_update(
    key_share=True  # answers refer to seats: whoever keeps one elsewhere must not wait for us
)

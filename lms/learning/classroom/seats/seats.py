"""Actions at one seat: the facilitator adds, removes and readmits it, learners raise a hand, helpers help."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.learning.classroom.access.membership import require_facilitator, require_open_class_session, require_staff
from lms.learning.classroom.practice.seat_progress import progress_after_help
from lms.learning.classroom.seats.joining import clean_seat_name, insert_seat, limit_people_of_seat
from lms.learning.classroom.session.queries import ClassSession, find_class_session
from lms.learning.classroom.session.seat_store import REACTIVATE, Seat, find_seat, find_seat_of_learner, update_seat
from lms.learning.errors import ClassClosed, NoSeatInClass, RemovedFromClass
from lms.learning.learners.learner_store import clean_name
from lms.learning.store.locks import lock_seats
from lms.learning.store.models import SeatRow
from lms.learning.store.models.classes import epoch_milliseconds


def add_seat(
    session: Session, class_id: str, *, account_id: str, people: int = 1, name: str | None = None, now: datetime
) -> Seat:
    """Add a seat for people without a phone.

    Raises:
        NotFound, ClassClosed, NotAllowed, ClassFull, InvalidName.
    """
    require_open_class_session(session, class_id, account_id)
    values = {"people": limit_people_of_seat(people), "name": clean_seat_name(name), "learner_id": None, "added": True}
    return insert_seat(session.connection(), class_id, values, now)


def remove_seat(session: Session, class_id: str, number: int, *, account_id: str, now: datetime) -> Seat:
    """Remove a phone from the class until the facilitator readmits it. Its answers stay.

    Raises:
        NotFound, NotAllowed.
    """
    require_facilitator(session, class_id, account_id)
    seat = find_seat(session, class_id, number)
    if seat.is_removed_by_facilitator:
        return seat
    return update_seat(session, seat, now, removed=True, idle_removed_at=None, hand_raised_at=None, helper_name=None)


def readmit_seat(session: Session, class_id: str, number: int, *, account_id: str, now: datetime) -> Seat:
    """Make a removed seat active again.

    Raises:
        NotFound, NotAllowed.
    """
    require_facilitator(session, class_id, account_id)
    seat = find_seat(session, class_id, number)
    return update_seat(session, seat, now, removed=False, idle_removed_at=None) if seat.removed else seat


def set_hand_raised(session: Session, *, class_id: str, learner_id: str, raised: bool, now: datetime) -> Seat:
    """Raise or lower the learner's hand. Raising it twice keeps the first time.

    Raises:
        NoSeatInClass, RemovedFromClass, ClassClosed.
    """
    _, seat = _find_acting_seat(session, class_id, learner_id)
    if raised == (seat.hand_raised_at is not None) and not seat.removed:
        return seat
    values: dict[str, Any] = {"hand_raised_at": now} if raised else {"hand_raised_at": None, "helper_name": None}
    return update_seat(session, seat, now, **values | REACTIVATE)


def set_cannot_follow(
    session: Session, *, class_id: str, learner_id: str, step: str | None, lesson_number: int, lost: bool,
    now: datetime,
) -> Seat:  # fmt: skip
    """Say that the learner cannot follow the present step, or can again; until the class goes to another step.

    A late tap, at another step (``step``) or in another lesson than the class's, changes nothing. ``step`` None
    is any.

    Raises:
        NoSeatInClass, RemovedFromClass, ClassClosed.
    """
    class_session, seat = _find_acting_seat(session, class_id, learner_id)
    present = class_session.state.step
    if step not in (None, present) or lesson_number != class_session.lesson_number:
        return seat
    lost_at_step = present if lost else None
    if lost_at_step == seat.lost_at_step and not seat.removed:
        return seat
    return update_seat(session, seat, now, lost_at_step=lost_at_step, **REACTIVATE)


def clear_lost_seats(session: Session, class_id: str, now: datetime) -> None:
    """Forget who could not follow the step that the class leaves: it may come back to it."""
    lost, connection = (SeatRow.class_id == class_id, SeatRow.lost_at_step.is_not(None)), session.connection()
    lock_seats(connection, *lost)
    connection.execute(
        update(SeatRow.__table__)
        .where(*lost)
        .values(lost_at_step=None, version=SeatRow.version + 1, changed_at=epoch_milliseconds(now))
    )


def set_helper(
    session: Session, class_id: str, number: int, *, name: str | None, account_id: str | None = None,
    helper_id: str | None = None, now: datetime,
) -> Seat:  # fmt: skip
    """Say that ``name`` is on the way to this seat, or with None that nobody is. A second helper replaces the first.

    Raises:
        NotFound, NotAllowed, InvalidName.
    """
    require_staff(session, class_id, account_id=account_id, helper_id=helper_id)
    seat = find_seat(session, class_id, number)
    name = clean_name(name) if name else None
    return seat if seat.helper_name == name else update_seat(session, seat, now, helper_name=name)


def record_help(
    session: Session, class_id: str, number: int, *, account_id: str | None = None, helper_id: str | None = None,
    now: datetime,
) -> Seat:  # fmt: skip
    """Record that somebody helped: lowers the hand and restarts the counts and the clock of the present screen.

    Raises:
        NotFound, NotAllowed.
    """
    require_staff(session, class_id, account_id=account_id, helper_id=helper_id)
    seat = find_seat(session, class_id, number)
    statement = select(SeatRow.settled).where(SeatRow.class_id == class_id, SeatRow.number == number)
    settled = session.connection().execute(statement).scalar()
    progress = progress_after_help(seat, settled, now)
    return update_seat(session, seat, now, helper_name=None, hand_raised_at=None, **progress)


def _find_acting_seat(session: Session, class_id: str, learner_id: str) -> tuple[ClassSession, Seat]:
    """The class and the learner's seat in it, for what a phone does there.

    Raises:
        NotFound, ClassClosed, NoSeatInClass, RemovedFromClass.
    """
    class_session = find_class_session(session, class_id)
    if class_session.is_closed:
        raise ClassClosed(class_id)
    seat = find_seat_of_learner(session, class_id, learner_id)
    if seat is None:
        raise NoSeatInClass(class_id)
    if seat.is_removed_by_facilitator:
        raise RemovedFromClass(class_id)
    return class_session, seat

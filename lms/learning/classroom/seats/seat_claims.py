"""Claims: a phone that has lost its cookie says which seat it had, and the facilitator approves with one tap."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.questions.answer_transfer import transfer_seat_answers
from lms.learning.classroom.session.class_lessons import (
    detach_seat_from_left_lessons,
    find_class_lessons,
    seats_in_lesson,
)
from lms.learning.classroom.session.queries import find_class_session, find_open_class_session
from lms.learning.classroom.session.seat_store import (
    Seat,
    find_seat,
    find_seat_of_learner,
    is_valid_seat_number,
    update_seat,
)
from lms.learning.classroom.tasks.attestation import copy_attestations_to_new_holder
from lms.learning.errors import SeatTaken, UnknownSeat
from lms.learning.store.locks import lock_seats, upsert_and_lock_learner
from lms.learning.store.models import SeatRow
from lms.learning.store.models.classes import epoch_milliseconds

_CLAIM_LIFETIME = timedelta(minutes=10)


def claim_seat(session: Session, *, learner_id: str, code: str, number: int, now: datetime) -> Seat:
    """Claim a seat, for a learner whose phone has lost its cookie. A learner has one claim in a class: the latest.

    Raises:
        UnknownClassCode, ClassClosed, LearnerForgotten.
        UnknownSeat.
        SeatTaken: the seat was removed, was added without a phone, or another phone claimed it in the last ten minutes.
    """
    connection = session.connection()
    class_session = find_open_class_session(session, code)
    class_id = class_session.id
    if not is_valid_seat_number(number):
        raise UnknownSeat(f"{class_id}/{number}")
    upsert_and_lock_learner(connection, learner_id, now=now, course=class_session.course, lesson=class_session.lesson)
    # Lock earlier claims of the learner together with this seat, so that both are locked in the lock order.
    lock_seats(
        connection, SeatRow.class_id == class_id, (SeatRow.number == number) | (SeatRow.claimed_by == learner_id)
    )
    claimed_by = connection.execute(
        select(SeatRow.claimed_by).where(SeatRow.class_id == class_id, SeatRow.number == number)
    ).first()
    if claimed_by is None:
        raise UnknownSeat(f"{class_id}/{number}")
    seat = find_seat(session, class_id, number)
    if seat.learner_id == learner_id:
        return seat
    is_pending = seat.claimed_at is not None and seat.claimed_at > now - _CLAIM_LIFETIME
    if seat.removed or seat.added or (is_pending and claimed_by.claimed_by != learner_id):
        raise SeatTaken(f"{class_id}/{number}")
    if is_pending:
        return seat
    _withdraw_claims(connection, class_id, learner_id, now)
    return update_seat(session, seat, now, claimed_by=learner_id, claimed_at=now)


def find_claimed_seat_number(session: Session, class_id: str, learner_id: str | None) -> int | None:
    """The number of the seat that the learner has claimed; None without an open claim."""
    if learner_id is None:
        return None
    statement = select(SeatRow.number).where(SeatRow.class_id == class_id, SeatRow.claimed_by == learner_id)
    return session.connection().execute(statement).scalar()


def resolve_claim(
    session: Session, class_id: str, number: int, *, account_id: str, approved: bool = True, library: Library,
    now: datetime,
) -> Seat:  # fmt: skip
    """Approve or reject the claim of a seat; without a claim nothing happens.

    An approved learner gets the seat and a copy of what it has answered in class, but nothing else of the learner who
    had it: only the lost cookie opens that record. The seat that the approved learner took in the meantime is removed.

    Raises:
        NotFound, NotAllowed.
    """
    require_facilitator(session, class_id, account_id)
    connection = session.connection()
    class_session = find_class_session(session, class_id)
    select_claim = select(SeatRow.claimed_by).where(SeatRow.class_id == class_id, SeatRow.number == number)
    claimed_by = connection.execute(select_claim).scalar()
    affected = SeatRow.number == number
    if claimed_by is not None and approved:
        upsert_and_lock_learner(connection, claimed_by, now=now)  # learners come before seats in the lock order
        affected |= SeatRow.learner_id == claimed_by
    lock_seats(connection, SeatRow.class_id == class_id, affected)
    claimed_by_now = connection.execute(select_claim).scalar()
    seat = find_seat(session, class_id, number)
    previous_learner_id = seat.learner_id
    if claimed_by is None or claimed_by_now != claimed_by:
        return seat
    if not approved:
        return update_seat(session, seat, now, claimed_by=None, claimed_at=None)
    other_seat = find_seat_of_learner(session, class_id, claimed_by)
    if other_seat is not None:
        update_seat(
            session, other_seat, now, learner_id=None, removed=True, idle_removed_at=None, hand_raised_at=None,
            helper_name=None,
        )  # fmt: skip
    seat = update_seat(
        session, seat, now, claimed_by=None, claimed_at=None, learner_id=claimed_by,
        attempt_id=None, screen=None, screen_since=None, wrong=0, hints=0, last_hint=False, visits=0, been={},
        settled=None,
    )  # fmt: skip
    for lesson in find_class_lessons(session, class_session):
        at_lesson = lesson.taught_in(class_session)
        transfer_seat_answers(session, at_lesson, seat, library=library, now=now, left=lesson.left_at is not None)
        for seat_then in seats_in_lesson(session, lesson, [seat]):
            copy_attestations_to_new_holder(session, at_lesson, previous_learner_id, seat_then, now)
    detach_seat_from_left_lessons(session, seat)
    return seat


def _withdraw_claims(connection: Connection, class_id: str, learner_id: str, now: datetime) -> None:
    connection.execute(
        update(SeatRow.__table__)
        .where(SeatRow.class_id == class_id, SeatRow.claimed_by == learner_id)
        .values(claimed_by=None, claimed_at=None, version=SeatRow.version + 1, changed_at=epoch_milliseconds(now))
    )

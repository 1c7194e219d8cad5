"""What helpers saw done at the seats, until a facilitator confirms it: only a facilitator is a witness."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from lms.content.model import Use
from lms.learning.classroom.access.membership import require_facilitator, require_staff
from lms.learning.classroom.session.queries import ClassSession, find_class_session
from lms.learning.classroom.session.seat_store import find_seat, find_seats
from lms.learning.classroom.tasks.attestation import attest_tasks
from lms.learning.errors import ClassClosed, NotFound, RemovedFromClass
from lms.learning.store.locks import lock_learners
from lms.learning.store.models import ClassSessionRow, PendingAttestation
from lms.learning.store.upsert import Upsert


@dataclass(frozen=True, slots=True)
class SeenTasks:
    """The tasks that a helper saw done at one seat."""

    number: int
    task_ids: tuple[str, ...]
    helper_name: str


def propose_attestation(
    session: Session, class_id: str, number: int, *, account_id: str | None = None, helper_id: str | None = None,
    name: str, use: Use, task_ids: Collection[str], now: datetime,
) -> None:  # fmt: skip
    """Record that a helper saw these tasks done. What was seen before at this seat is added to.

    Raises:
        NotFound: there is no such seat, or the edited lesson has no such task.
        NotAllowed: nobody who may help in this class.
        ClassClosed, RemovedFromClass.
    """
    require_staff(session, class_id, account_id=account_id, helper_id=helper_id)
    class_session = find_class_session(session, class_id)
    if class_session.is_closed:
        raise ClassClosed(class_id)
    unknown = set(task_ids) - {task.id for task in use.tasks}
    if unknown or not task_ids:
        raise NotFound(min(unknown, default="task"))
    if find_seat(session, class_id, number).removed:
        raise RemovedFromClass(class_id)
    # So that the desk, which shows what waits, is rendered again.
    raised = {"version": ClassSessionRow.version + 1}
    session.connection().execute(update(ClassSessionRow.__table__).where(ClassSessionRow.id == class_id).values(raised))
    seen = {each.number: each for each in find_pending_attestations(session, class_session)}
    earlier = seen[number].task_ids if number in seen else ()
    values = {
        "class_id": class_id,
        "number": number,
        "course": class_session.course,
        "lesson": class_session.lesson,
        "task_ids": sorted({*earlier, *task_ids}),
        "helper_name": name,
        "seen_at": now,
    }
    _UPSERT.execute(session.connection(), values)


def find_pending_attestations(session: Session, class_session: ClassSession) -> tuple[SeenTasks, ...]:
    """What helpers saw in the lesson that the class is at, by seat."""
    rows = session.connection().execute(
        select(PendingAttestation.number, PendingAttestation.task_ids, PendingAttestation.helper_name)
        .where(*_of(class_session))
        .order_by(PendingAttestation.number)
    )
    return tuple(SeenTasks(row.number, tuple(row.task_ids), row.helper_name) for row in rows)


def confirm_attestations(session: Session, class_id: str, *, account_id: str, use: Use, now: datetime) -> int:
    """Attest all that helpers saw; returns at how many seats. Repeating it attests nothing twice.

    Tasks that the edited lesson no longer has, and seats that were removed, are left out.

    Raises:
        NotAllowed: the account is no facilitator of this class.
        ClassClosed: it closed more than twelve hours ago.
    """
    require_facilitator(session, class_id, account_id)
    class_session = find_class_session(session, class_id, lock=True)
    seats = {seat.number: seat for seat in find_seats(session, class_id)}
    known = {task.id for task in use.tasks}
    waiting = {
        each.number: known & set(each.task_ids)
        for each in find_pending_attestations(session, class_session)
        if each.number in seats and not seats[each.number].removed
    }
    # All learners before the first seat: the lock order.
    lock_learners(session.connection(), {seats[number].learner_id or "" for number in waiting} - {""})
    confirmed = [number for number, task_ids in waiting.items() if task_ids]
    for number in confirmed:
        attest_tasks(session, class_id, number, account_id=account_id, use=use, task_ids=waiting[number], now=now)
    session.execute(delete(PendingAttestation).where(*_of(class_session)))
    return len(confirmed)


def discard_pending_attestation(session: Session, class_id: str, number: int, *, account_id: str) -> None:
    """Forget what a helper saw at this seat: a wrong number. Repeating it changes nothing.

    Raises:
        NotFound, NotAllowed.
    """
    require_facilitator(session, class_id, account_id)
    class_session = find_class_session(session, class_id)
    session.execute(delete(PendingAttestation).where(*_of(class_session), PendingAttestation.number == number))


def _of(class_session: ClassSession) -> tuple[ColumnElement[bool], ...]:
    return (
        PendingAttestation.class_id == class_session.id,
        PendingAttestation.course == class_session.course,
        PendingAttestation.lesson == class_session.lesson,
    )


_UPSERT = Upsert(
    PendingAttestation,
    update=lambda new: {"task_ids": new.task_ids, "helper_name": new.helper_name, "seen_at": new.seen_at},
)

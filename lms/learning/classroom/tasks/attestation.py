"""Attestation: a facilitator saw a learner do the lesson's tasks on a real phone, and records it with one tap."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.content.model import Stage, Use
from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.session.queries import ClassSession, find_class_session
from lms.learning.classroom.session.seat_store import Seat, find_seat, update_seat
from lms.learning.errors import BadgeAlreadyAwarded, ClassClosed, NotFound, RemovedFromClass
from lms.learning.marks.marks import award_mark
from lms.learning.store.locks import upsert_and_lock_learner
from lms.learning.store.models import AccountRow, Badge, Mark, SeatRow, TaskTick

ATTESTATION_WINDOW = timedelta(hours=12)  # after the class closed: facilitators may attest on the way home


def attest_tasks(
    session: Session, class_id: str, number: int, *, account_id: str, use: Use, task_ids: Collection[str], now: datetime
) -> Seat:
    """Record that a facilitator saw these tasks done at this seat, and lower its hand. Repeating it changes nothing.

    The tasks are ticked for the learner, and all of them together earn the mark. A mark that the learner earned by
    ticking alone gets the facilitator as its witness. A seat without a learner, or in a rehearsal, is only counted.

    Raises:
        NotFound: there is no such seat, or the edited lesson has no such task.
        NotAllowed: the account is no facilitator of this class.
        ClassClosed: it closed more than twelve hours ago.
        RemovedFromClass: the seat is removed.
    """
    class_session, seat = _require_attestable(session, class_id, number, account_id, now)
    attested = set(task_ids)
    unknown = attested - {task.id for task in use.tasks}
    if unknown or not attested:
        raise NotFound(min(unknown, default="task"))
    if seat.learner_id is not None and not class_session.is_rehearsal:
        connection = session.connection()
        upsert_and_lock_learner(
            connection, seat.learner_id, now=now, course=class_session.course, lesson=class_session.lesson,
            stage=Stage.USE,
        )  # fmt: skip
        name = connection.execute(select(AccountRow.name).where(AccountRow.id == account_id)).scalar_one()
        _tick(connection, class_session, seat.learner_id, attested, name, now)
        _award_or_update_mark(connection, class_session, seat.learner_id, use, name, now)
    if seat.attested_at and seat.hand_raised_at is None:
        return seat
    return update_seat(session, seat, now, attested_at=seat.attested_at or now, helper_name=None, hand_raised_at=None)


def revoke_attestation(
    session: Session, class_id: str, number: int, *, account_id: str, use: Use, now: datetime
) -> Seat:
    """Undo ``attest_tasks`` of this class at this seat, after a tap on the wrong one.

    The learner's own ticks stay. A mark that was earned only by this class's attestation is deleted.

    Raises:
        NotFound, NotAllowed, ClassClosed, RemovedFromClass: as ``attest_tasks``.
        BadgeAlreadyAwarded: the learner has a badge that depends on this mark.
    """
    class_session, seat = _require_attestable(session, class_id, number, account_id, now)
    if seat.learner_id is not None and not class_session.is_rehearsal:
        connection = session.connection()
        upsert_and_lock_learner(connection, seat.learner_id, now=now)
        _untick(connection, class_session, seat.learner_id, use)
    return update_seat(session, seat, now, attested_at=None) if seat.attested_at else seat


def copy_attestations_to_new_holder(
    session: Session, class_session: ClassSession, previous_learner_id: str | None, seat: Seat, now: datetime
) -> None:
    """Copy this class's attestations to the learner who has the seat now, after a claim."""
    if previous_learner_id is None or seat.learner_id is None or seat.attested_at is None:
        return
    connection = session.connection()
    attested = (*_ticks_of(class_session, previous_learner_id), TaskTick.witness_class == class_session.id)
    rows = connection.execute(select(TaskTick.task_id, TaskTick.witness).where(*attested)).all()
    for name in {row.witness for row in rows}:
        task_ids = {row.task_id for row in rows if row.witness == name}
        _tick(connection, class_session, seat.learner_id, task_ids, name, now)


def find_last_attested_tasks(session: Session, class_session: ClassSession) -> frozenset[str]:
    """The task ids of this class's latest attestation, which the form for the next seat starts with.

    Only the latest selection: merging earlier ones would restore tasks that the facilitator has since removed.
    """
    rows = session.execute(
        select(TaskTick.learner_id, TaskTick.task_id, TaskTick.witnessed_at)
        .join(SeatRow, SeatRow.learner_id == TaskTick.learner_id)
        .where(
            SeatRow.class_id == class_session.id,
            TaskTick.course == class_session.course,
            TaskTick.lesson == class_session.lesson,
            TaskTick.witness_class == class_session.id,
        )
    ).all()
    latest = max(((row.witnessed_at, row.learner_id) for row in rows), default=None)
    return frozenset(row.task_id for row in rows if (row.witnessed_at, row.learner_id) == latest)


def find_attested_tasks(session: Session, class_session: ClassSession) -> dict[str, frozenset[str]]:
    """The attested task ids of each learner in this class, by learner id; learners without any are left out."""
    rows = session.execute(
        select(TaskTick.learner_id, TaskTick.task_id)
        .join(SeatRow, SeatRow.learner_id == TaskTick.learner_id)
        .where(
            SeatRow.class_id == class_session.id,
            TaskTick.course == class_session.course,
            TaskTick.lesson == class_session.lesson,
            TaskTick.witness.is_not(None),
        )
    )
    attested: dict[str, set[str]] = {}
    for learner_id, task_id in rows:
        attested.setdefault(learner_id, set()).add(task_id)
    return {learner_id: frozenset(task_ids) for learner_id, task_ids in attested.items()}


def _require_attestable(
    session: Session, class_id: str, number: int, account_id: str, now: datetime
) -> tuple[ClassSession, Seat]:
    require_facilitator(session, class_id, account_id)
    class_session = find_class_session(session, class_id)
    if class_session.closed_at is not None and class_session.closed_at + ATTESTATION_WINDOW <= now:
        raise ClassClosed(class_id)
    seat = find_seat(session, class_id, number)
    if seat.removed:
        raise RemovedFromClass(class_id)
    return class_session, seat


def _tick(
    connection: Connection, class_session: ClassSession, learner_id: str, task_ids: Collection[str], name: str,
    now: datetime,
) -> None:  # fmt: skip
    """Tick these tasks with ``name`` as the witness. A tick that has a witness already keeps it."""
    own = _ticks_of(class_session, learner_id)
    witnesses = {
        row.task_id: row.witness for row in connection.execute(select(TaskTick.task_id, TaskTick.witness).where(*own))
    }
    witness = {"witness": name, "witness_class": class_session.id, "witnessed_at": now}
    unwitnessed = sorted(task_id for task_id in task_ids if task_id in witnesses and witnesses[task_id] is None)
    new = sorted(set(task_ids) - witnesses.keys())
    if unwitnessed or new:
        _renew_attested(connection, class_session, learner_id, task_ids, now)
    if unwitnessed:
        connection.execute(update(TaskTick.__table__).where(*own, TaskTick.task_id.in_(unwitnessed)).values(witness))
    lesson = {"course": class_session.course, "lesson": class_session.lesson}
    rows = [lesson | witness | {"learner_id": learner_id, "task_id": task_id, "ticked_at": now} for task_id in new]
    if rows:
        connection.execute(insert(TaskTick), rows)


def _renew_attested(
    connection: Connection, class_session: ClassSession, learner_id: str, task_ids: Collection[str], now: datetime
) -> None:
    """Give tasks that this class attested before, and attests again with others, the time of the latest attestation.

    ``find_last_attested_tasks`` goes by that time. A tick as old as its attestation was made by it (see ``_untick``),
    so both times move together.
    """
    made_by_attestation = TaskTick.ticked_at == TaskTick.witnessed_at
    connection.execute(
        update(TaskTick.__table__)
        .where(
            *_ticks_of(class_session, learner_id),
            TaskTick.witness_class == class_session.id,
            TaskTick.task_id.in_(sorted(task_ids)),
        )
        .values(ticked_at=case((made_by_attestation, now), else_=TaskTick.ticked_at), witnessed_at=now)
    )


def _award_or_update_mark(
    connection: Connection, class_session: ClassSession, learner_id: str, use: Use, name: str, now: datetime
) -> None:
    task_ids = {task.id for task in use.tasks}
    ticks = select(TaskTick.task_id, TaskTick.witness).where(*_ticks_of(class_session, learner_id))
    rows = [row for row in connection.execute(ticks) if row.task_id in task_ids]
    attested = sum(row.witness is not None for row in rows)
    witness = {"name": name, "class": class_session.id, "at": now.isoformat()}
    mark = _find_mark(connection, class_session, learner_id)
    if mark is not None:
        if mark.evidence.get("witnessed", 0) < attested:
            evidence = mark.evidence | {"witnessed": attested, "witness": witness}
            _set_evidence(connection, class_session, learner_id, evidence)
    elif len(rows) == len(task_ids):
        evidence = {"tasks": len(task_ids), "said_by": "facilitator", "witnessed": attested, "witness": witness}
        award_mark(
            connection, learner_id, class_session.course, class_session.lesson, Stage.USE, evidence,
            content_digest=use.digest, now=now,
        )  # fmt: skip


def _untick(connection: Connection, class_session: ClassSession, learner_id: str, use: Use) -> None:
    own = _ticks_of(class_session, learner_id)
    attested_here = (*own, TaskTick.witness_class == class_session.id)
    mark = _find_mark(connection, class_session, learner_id)
    earned_here = (
        mark is not None
        and mark.evidence.get("said_by") == "facilitator"
        and mark.evidence["witness"]["class"] == class_session.id
    )
    if earned_here:
        if _has_badge(connection, class_session, learner_id):
            raise BadgeAlreadyAwarded(learner_id)
        connection.execute(delete(Mark).where(*_marks_of(class_session, learner_id)))
    connection.execute(delete(TaskTick).where(*attested_here, TaskTick.ticked_at == TaskTick.witnessed_at))
    no_witness = {"witness": None, "witness_class": None, "witnessed_at": None}
    connection.execute(update(TaskTick.__table__).where(*attested_here).values(no_witness))
    if mark is not None and not earned_here:
        still_attested = set(connection.scalars(select(TaskTick.task_id).where(*own, TaskTick.witness.is_not(None))))
        evidence = {key: value for key, value in mark.evidence.items() if key != "witness"}
        evidence["witnessed"] = len(still_attested & {task.id for task in use.tasks})
        _set_evidence(connection, class_session, learner_id, evidence)


def _find_mark(connection: Connection, class_session: ClassSession, learner_id: str) -> Row[*tuple[Any, ...]] | None:
    return connection.execute(select(Mark.evidence).where(*_marks_of(class_session, learner_id))).first()


def _set_evidence(
    connection: Connection, class_session: ClassSession, learner_id: str, evidence: dict[str, Any]
) -> None:
    connection.execute(update(Mark.__table__).where(*_marks_of(class_session, learner_id)).values(evidence=evidence))


def _has_badge(connection: Connection, class_session: ClassSession, learner_id: str) -> bool:
    badges = select(Badge.id).where(
        Badge.learner_id == learner_id,
        Badge.course == class_session.course,
        Badge.lesson.in_((class_session.lesson, "")),
        Badge.revoked_at.is_(None),
    )
    return connection.execute(badges).first() is not None


def _ticks_of(class_session: ClassSession, learner_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        TaskTick.learner_id == learner_id,
        TaskTick.course == class_session.course,
        TaskTick.lesson == class_session.lesson,
    )


def _marks_of(class_session: ClassSession, learner_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Mark.learner_id == learner_id,
        Mark.course == class_session.course,
        Mark.lesson == class_session.lesson,
        Mark.stage == Stage.USE,
    )

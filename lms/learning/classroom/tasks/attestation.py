"""Witnessing: a facilitator saw somebody do the lesson's tasks on a real phone, and says so with one tap a seat."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.content.model import Use
from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.session.queries import Class, Seat, read_class, read_seat
from lms.learning.classroom.session.seat_store import change
from lms.learning.errors import AlreadyAwarded, ClassClosed, NotFound, PutOut
from lms.learning.marks.marks import award_mark
from lms.learning.store.locks import touch
from lms.learning.store.models import AccountRow, Badge, ClassSeat, Mark, Tick

STAYS_OPEN = timedelta(hours=12)  # after a class: whoever closes it first and ticks on the way home is not too late


def witness(
    session: Session, class_id: str, number: int, *, account_id: str, use: Use, task_ids: Collection[str], now: datetime
) -> Seat:
    """Keep that a facilitator saw these tasks done at this seat. Seeing them twice is seeing them once.

    They become the learner's own ticks, and with all of them the mark is hers. A mark that she had by her own word
    says from now on who saw it. A seat without a learner is only counted.

    Raises:
        NotFound: there is no such seat, or no such task; the lesson was edited.
        NotAllowed: the account does not steer this class.
        ClassClosed: it was over twelve hours ago.
        PutOut: the seat is outside the class.
    """
    connection = session.connection()
    found, seat = _seat(connection, class_id, number, account_id, now)
    on_page = {task.id for task in use.tasks}
    seen = set(task_ids)
    if not seen or not seen <= on_page:
        raise NotFound(sorted(seen - on_page)[0] if seen else "task")
    if seat.learner_id is not None:
        touch(connection, seat.learner_id, now=now, course=found.course, lesson=found.lesson, stage="dung")
        name = connection.execute(select(AccountRow.name).where(AccountRow.id == account_id)).scalar_one()
        _tick(connection, found, seat.learner_id, seen, name, now)
        _earn(connection, found, seat.learner_id, use, name, now)
    return seat if seat.witnessed_at else change(connection, seat, now, witnessed_at=now)


def last_seen(session: Session, klass: Class) -> frozenset[str]:
    """The ids of the tasks that were said of whom this class witnessed last: whoever comes back goes on with them.

    Never the sum over all seats, or over all that one was seen doing: what was left out since then is not to come back
    by itself.
    """
    rows = session.execute(
        select(Tick.learner_id, Tick.task_id, Tick.witnessed_at)
        .join(ClassSeat, ClassSeat.learner_id == Tick.learner_id)
        .where(
            ClassSeat.class_id == klass.id,
            Tick.course == klass.course,
            Tick.lesson == klass.lesson,
            Tick.witness_class == klass.id,
        )
    ).all()
    last = max(((row.witnessed_at, row.learner_id) for row in rows), default=None)
    return frozenset(row.task_id for row in rows if (row.witnessed_at, row.learner_id) == last)


def seen_of_learners(session: Session, klass: Class) -> dict[str, frozenset[str]]:
    """The ids of the tasks that somebody saw done, of each learner in this class of whom there are some."""
    rows = session.execute(
        select(Tick.learner_id, Tick.task_id)
        .join(ClassSeat, ClassSeat.learner_id == Tick.learner_id)
        .where(
            ClassSeat.class_id == klass.id,
            Tick.course == klass.course,
            Tick.lesson == klass.lesson,
            Tick.witness.is_not(None),
        )
    )
    found: dict[str, set[str]] = {}
    for learner_id, task_id in rows:
        found.setdefault(learner_id, set()).add(task_id)
    return {learner_id: frozenset(task_ids) for learner_id, task_ids in found.items()}


def take_back(session: Session, class_id: str, number: int, *, account_id: str, use: Use, now: datetime) -> Seat:
    """Undo ``witness`` of this class at this seat: a thumb met the wrong one.

    Boxes that the learner had ticked herself stay hers. A mark that came by this class's seeing alone goes with it.

    Raises:
        NotFound, NotAllowed, ClassClosed, PutOut: as ``witness``.
        AlreadyAwarded: she holds a badge that stands on this mark.
    """
    connection = session.connection()
    found, seat = _seat(connection, class_id, number, account_id, now)
    if seat.learner_id is not None:
        touch(connection, seat.learner_id, now=now)
        _untick(connection, found, seat.learner_id, use)
    return change(connection, seat, now, witnessed_at=None) if seat.witnessed_at else seat


def hand_on(connection: Connection, klass: Class, before: str | None, seat: Seat, now: datetime) -> None:
    """Give what this class saw of a learner to whoever has her seat now: her phone lost its cookie."""
    if before is None or seat.learner_id is None or seat.witnessed_at is None:
        return
    rows = connection.execute(
        select(Tick.task_id, Tick.witness).where(*_ticks_of(klass, before), Tick.witness_class == klass.id)
    ).all()
    for name in {row.witness for row in rows}:
        _tick(connection, klass, seat.learner_id, {row.task_id for row in rows if row.witness == name}, name, now)


def _seat(connection: Connection, class_id: str, number: int, account_id: str, now: datetime) -> tuple[Class, Seat]:
    require_facilitator(connection, class_id, account_id)
    found = read_class(connection, class_id)
    if found.closed_at is not None and found.closed_at + STAYS_OPEN <= now:
        raise ClassClosed(class_id)
    seat = read_seat(connection, class_id, number)
    if seat.out:
        raise PutOut(class_id)
    return found, seat


def _tick(
    connection: Connection, klass: Class, learner_id: str, seen: Collection[str], name: str, now: datetime
) -> None:
    hers = _ticks_of(klass, learner_id)
    before = dict(connection.execute(select(Tick.task_id, Tick.witness).where(*hers)).all())
    said = {"witness": name, "witness_class": klass.id, "witnessed_at": now}
    own = sorted(task_id for task_id in seen if task_id in before and before[task_id] is None)
    new = sorted(set(seen) - before.keys())
    if own or new:
        _say_again(connection, klass, hers, seen, now)
    if own:
        connection.execute(update(Tick.__table__).where(*hers, Tick.task_id.in_(own)).values(said))
    place = {"learner_id": learner_id, "course": klass.course, "lesson": klass.lesson, "ticked_at": now}
    rows = [place | said | {"task_id": task_id} for task_id in new]
    if rows:
        connection.execute(insert(Tick), rows)


def _say_again(
    connection: Connection, klass: Class, hers: tuple[Any, ...], seen: Collection[str], now: datetime
) -> None:
    """What this class saw before and is said of her again with something new: ``last_seen`` goes by the moment.

    A tick that is as old as its witness came by the witness, and stays one that did.
    """
    came_with_it = Tick.ticked_at == Tick.witnessed_at
    connection.execute(
        update(Tick.__table__)
        .where(*hers, Tick.witness_class == klass.id, Tick.task_id.in_(sorted(seen)))
        .values(ticked_at=case((came_with_it, now), else_=Tick.ticked_at), witnessed_at=now)
    )


def _earn(connection: Connection, klass: Class, learner_id: str, use: Use, name: str, now: datetime) -> None:
    on_page = {task.id for task in use.tasks}
    rows = connection.execute(select(Tick.task_id, Tick.witness).where(*_ticks_of(klass, learner_id))).all()
    done = {row.task_id for row in rows} & on_page
    witnessed = sum(row.witness is not None for row in rows if row.task_id in on_page)
    seen = {"witnessed": witnessed, "witness": {"name": name, "class": klass.id, "at": now.isoformat()}}
    before = _mark(connection, klass, learner_id)
    if before is not None:
        if before.evidence.get("witnessed", 0) < witnessed:
            _say(connection, klass, learner_id, before.evidence | seen)
    elif done == on_page:
        evidence = {"tasks": len(on_page), "said_by": "facilitator"} | seen
        award_mark(
            connection, learner_id, klass.course, klass.lesson, "dung", evidence, content_digest=use.digest, now=now
        )


def _untick(connection: Connection, klass: Class, learner_id: str, use: Use) -> None:
    hers = (*_ticks_of(klass, learner_id), Tick.witness_class == klass.id)
    mark = _mark(connection, klass, learner_id)
    by_this_class = mark is not None and mark.evidence.get("said_by") == "facilitator"
    by_this_class = by_this_class and mark.evidence["witness"]["class"] == klass.id
    if by_this_class:
        if _holds_badge(connection, klass, learner_id):
            raise AlreadyAwarded(learner_id)
        connection.execute(delete(Mark.__table__).where(*_marks_of(klass, learner_id)))
    connection.execute(delete(Tick.__table__).where(*hers, Tick.ticked_at == Tick.witnessed_at))
    nobody = {"witness": None, "witness_class": None, "witnessed_at": None}
    connection.execute(update(Tick.__table__).where(*hers).values(nobody))
    if mark is not None and not by_this_class:
        still = select(Tick.task_id).where(*_ticks_of(klass, learner_id), Tick.witness.is_not(None))
        witnessed = len(set(connection.scalars(still)) & {task.id for task in use.tasks})
        said = {key: value for key, value in mark.evidence.items() if key != "witness"}
        _say(connection, klass, learner_id, said | {"witnessed": witnessed})


def _mark(connection: Connection, klass: Class, learner_id: str) -> Any:
    return connection.execute(select(Mark.evidence).where(*_marks_of(klass, learner_id))).first()


def _say(connection: Connection, klass: Class, learner_id: str, evidence: dict[str, Any]) -> None:
    connection.execute(update(Mark.__table__).where(*_marks_of(klass, learner_id)).values(evidence=evidence))


def _holds_badge(connection: Connection, klass: Class, learner_id: str) -> bool:
    held = select(Badge.id).where(
        Badge.learner_id == learner_id,
        Badge.course == klass.course,
        Badge.lesson.in_((klass.lesson, "")),
        Badge.revoked_at.is_(None),
    )
    return connection.execute(held).first() is not None


def _ticks_of(klass: Class, learner_id: str) -> tuple[Any, ...]:
    return Tick.learner_id == learner_id, Tick.course == klass.course, Tick.lesson == klass.lesson


def _marks_of(klass: Class, learner_id: str) -> tuple[Any, ...]:
    return (
        Mark.learner_id == learner_id,
        Mark.course == klass.course,
        Mark.lesson == klass.lesson,
        Mark.stage == "dung",
    )

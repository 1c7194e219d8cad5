"""Row locks, and the one order in which every transaction takes them.

**Lock order**: accounts, classes, learners, seats, and then the rows that belong to these; rows of one kind in the
order of their keys. Because everybody keeps it, there are no deadlocks between a facilitator's command, a batch of
the writer in another process, an approved claim, and a learner who asks to be forgotten.

A service function keeps this order, and so does its batch handler. Several services in one transaction do not, because
each begins again with its classes or learners: ``batch_handlers.lock_rows`` first locks all rows of such a batch.
One deadlock remains possible, because rows that do not exist yet cannot be locked: between two processes that insert
the same new learners in batches of several kinds. PostgreSQL then aborts one of them, and the writer retries it.

On SQLite the write lock of the whole database takes the place of all row locks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, bindparam, exists, func, select, update

from lms.learning.errors import LearnerForgotten
from lms.learning.learning_codes import new_seed
from lms.learning.store.bulk_statement import BulkStatement
from lms.learning.store.models import ClassSessionRow, Learner, SeatRow
from lms.learning.store.upsert import Upsert

# --- classes -----------------------------------------------------------------------------------------------------


def lock_open_classes(
    connection: Connection, codes: Iterable[str | None]
) -> Sequence[Row[str, str, str, str, int, str, dict[str, Any]]]:
    """Lock open classes, by code, against commands; several transactions may hold this shared lock, to answer.

    Returns rows of id, code, course, lesson, lesson_number, content_digest and state. Codes without an open class, and
    None, are ignored.
    """
    return connection.execute(_OPEN_CLASSES, {"codes": sorted({code for code in codes if code})}).all()


# --- learners ----------------------------------------------------------------------------------------------------


def upsert_and_lock_learner(
    connection: Connection,
    learner_id: str,
    *,
    now: datetime,
    course: str | None = None,
    lesson: str | None = None,
    stage: str | None = None,
) -> int:
    """Begin a write of one learner: insert the row if there is none, lock it, bump its version and return that.

    One statement, so two phones of one learner write one after the other. ``course``, ``lesson`` and ``stage``: where
    the learner is now; None leaves them as they are.

    Raises:
        LearnerForgotten: the learner asked to be forgotten.
    """
    row = _learner_row(learner_id, now, course, lesson, stage)
    version = _UPSERT_LEARNER.execute(connection, row).scalar()
    if version is None:
        raise LearnerForgotten(learner_id)
    return version


def upsert_and_lock_learners(connection: Connection, writes: Iterable[Mapping[str, Any]]) -> set[str]:
    """``upsert_and_lock_learner`` for several learners, each as ``{"learner_id", "now", "course", "lesson", "stage"}``.

    Returns the ids that may be written for: all except those who asked to be forgotten.
    """
    rows = {
        write["learner_id"]: _learner_row(
            write["learner_id"], write["now"], write["course"], write["lesson"], write["stage"]
        )
        for write in writes
    }
    if not rows:
        return set()
    _UPSERT_LEARNERS.execute(connection, [rows[learner_id] for learner_id in sorted(rows)])
    return rows.keys() - find_forgotten_learners(connection, list(rows))


def update_known_learners(connection: Connection, writes: Iterable[Mapping[str, Any]]) -> None:
    """Lock learners, bump their versions and set where they are; inserts no rows, and skips the forgotten.

    ``writes``: each ``{"learner_id", "course", "lesson", "stage"}``.
    """
    rows = {write["learner_id"]: write for write in writes}
    if rows:
        _UPDATE_LEARNERS.execute(connection, [rows[learner_id] for learner_id in sorted(rows)])


def lock_learners(connection: Connection, learner_ids: Collection[str]) -> None:
    """Lock the rows that exist, without a write.

    Call ``bump_versions`` for each of them that something is then written for.
    """
    if learner_ids:
        connection.execute(_LOCK_LEARNERS, {"ids": sorted(learner_ids)}).all()


def lock_learners_and_bump_versions(connection: Connection, learner_ids: Collection[str]) -> set[str]:
    """Lock learners and increment their versions, in one statement; inserts no rows, and skips the forgotten.

    Returns the ids that may be written for.
    """
    return set(connection.scalars(_LOCK_AND_BUMP, {"ids": sorted(learner_ids)})) if learner_ids else set()


def bump_versions(connection: Connection, learner_ids: Collection[str]) -> None:
    """Increment the versions of learners whose rows are locked already."""
    if learner_ids:
        connection.execute(_BUMP_VERSIONS, {"ids": sorted(set(learner_ids))})


def find_forgotten_learners(connection: Connection, learner_ids: Sequence[str]) -> set[str]:
    """The ids among these whose learners asked to be forgotten. Locks nothing."""
    return set(connection.scalars(_FORGOTTEN, {"ids": learner_ids})) if learner_ids else set()


def _learner_row(
    learner_id: str, now: datetime, course: str | None, lesson: str | None, stage: str | None
) -> dict[str, Any]:
    """The row of a new learner; for a known one only the ``last_…`` columns are used."""
    return {
        "id": learner_id,
        "code_seed": new_seed(),
        "version": 1,
        "created_at": now,
        "last_course": course,
        "last_lesson": lesson,
        "last_stage": stage,
    }


# --- seats -------------------------------------------------------------------------------------------------------


def lock_seats(connection: Connection, *where: ColumnElement[bool]) -> None:
    """Lock the seats that match, before the first of them is written."""
    connection.execute(_SEATS.where(*where).with_for_update()).all()


def lock_seats_of_learners(connection: Connection, learner_ids: Collection[str]) -> None:
    """Lock the seats of these learners in open classes. ``learner_id`` of a locked seat must not be changed."""
    if learner_ids:
        connection.execute(_SEATS_OF_LEARNERS, {"ids": sorted(learner_ids)}).all()


# --- statements --------------------------------------------------------------------------------------------------

_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_OPEN_CLASSES = (
    select(
        ClassSessionRow.id,
        ClassSessionRow.code,
        ClassSessionRow.course,
        ClassSessionRow.lesson,
        ClassSessionRow.lesson_number,
        ClassSessionRow.content_digest,
        ClassSessionRow.state,
    )
    .where(ClassSessionRow.code.in_(bindparam("codes", expanding=True)), ClassSessionRow.closed_at.is_(None))
    .order_by(ClassSessionRow.id)
    .with_for_update(read=True)
)

_LEARNER = Learner.__table__.c


def _update_learner(new: Any) -> dict[str, Any]:
    last = {name: func.coalesce(new[name], _LEARNER[name]) for name in ("last_course", "last_lesson", "last_stage")}
    return {"version": _LEARNER.version + 1, **last}


_UPSERT_LEARNER = Upsert(
    Learner, update=_update_learner, where=_LEARNER.forgotten_at.is_(None), returning=[Learner.version]
)
_UPSERT_LEARNERS = Upsert(Learner, update=_update_learner, where=_LEARNER.forgotten_at.is_(None))
_UPDATE_LEARNERS = BulkStatement(
    update(Learner.__table__)
    .where(_LEARNER.id == bindparam("learner_id"), _LEARNER.forgotten_at.is_(None))
    .values(
        version=_LEARNER.version + 1,
        last_course=bindparam("course"),
        last_lesson=bindparam("lesson"),
        last_stage=bindparam("stage"),
    )
)
# key_share=True means FOR NO KEY UPDATE: inserts of rows that refer to a learner or a seat do not wait for it.
_LOCK_LEARNERS = select(_LEARNER.id).where(_LEARNER.id.in_(_IDS)).order_by(_LEARNER.id).with_for_update(key_share=True)
# The subquery locks in the order of the ids; an UPDATE alone would lock as it finds the rows.
_LOCK_AND_BUMP = (
    update(Learner.__table__)
    .where(
        _LEARNER.id.in_(
            select(_LEARNER.id)
            .where(_LEARNER.id.in_(_IDS), _LEARNER.forgotten_at.is_(None))
            .order_by(_LEARNER.id)
            .with_for_update(key_share=True)
            .correlate(None)
        )
    )
    .values(version=_LEARNER.version + 1)
    .returning(_LEARNER.id)
)
_BUMP_VERSIONS = update(Learner.__table__).where(_LEARNER.id.in_(_IDS)).values(version=_LEARNER.version + 1)
_FORGOTTEN = select(_LEARNER.id).where(_LEARNER.id.in_(_IDS), _LEARNER.forgotten_at.is_not(None))

_SEATS = select(SeatRow.number).order_by(SeatRow.class_id, SeatRow.number)
_IN_OPEN_CLASS = exists().where(ClassSessionRow.id == SeatRow.class_id, ClassSessionRow.closed_at.is_(None))
_SEATS_OF_LEARNERS = _SEATS.where(SeatRow.learner_id.in_(_IDS), _IN_OPEN_CLASS).with_for_update(key_share=True)

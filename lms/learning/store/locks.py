"""Learners' rows as every write of theirs takes them: held until it is kept, and their versions raised."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.learning.errors import LearnerForgotten
from lms.learning.learning_codes import new_seed
from lms.learning.store.bulk import ManyRows
from lms.learning.store.models import Learner


def touch(
    connection: Connection,
    learner_id: str,
    *,
    now: datetime,
    course: str | None = None,
    lesson: str | None = None,
    stage: str | None = None,
) -> int:
    """Begin a write of hers: make her row if there is none, hold it, raise and return its version.

    One statement, so two phones of one person come one after the other and neither sees half of the other's work.

    Raises:
        LearnerForgotten: she asked to be forgotten.
    """
    version = connection.execute(
        _TOUCH[connection.dialect.name],
        {
            "id": learner_id,
            "code_seed": new_seed(),
            "created_at": now,
            "last_course": course,
            "last_lesson": lesson,
            "last_stage": stage,
        },
    ).scalar()
    if version is None:
        raise LearnerForgotten(learner_id)
    return version


def touch_all(connection: Connection, writes: Iterable[Mapping[str, Any]]) -> set[str]:
    """``touch`` for many at once, each as ``{"learner_id", "now", "course", "lesson", "stage"}``.

    Returns the ids of those who may be written for; who asked to be forgotten is not among them.
    """
    rows = {
        write["learner_id"]: {
            "id": write["learner_id"],
            "code_seed": new_seed(),
            "created_at": write["now"],
            "last_course": write["course"],
            "last_lesson": write["lesson"],
            "last_stage": write["stage"],
        }
        for write in writes
    }
    if not rows:
        return set()
    # In the order of their ids, as everybody who holds several rows: nobody waits in a ring.
    ordered = [rows[learner_id] for learner_id in sorted(rows)]
    _TOUCH_ALL.execute(connection, ordered)
    return rows.keys() - forgotten_among(connection, list(rows))


def touch_known(connection: Connection, writes: Iterable[Mapping[str, Any]]) -> None:
    """``touch_all`` for those who are known already: whoever has no row, or asked to be forgotten, gets none by it.

    Each as ``{"learner_id", "course", "lesson", "stage"}``.
    """
    rows = {write["learner_id"]: write for write in writes}
    if rows:
        _TOUCH_KNOWN.execute(connection, [rows[learner_id] for learner_id in sorted(rows)])


def hold(connection: Connection, learner_ids: Collection[str]) -> set[str]:
    """Hold the rows of those who have one, and write nothing; those of them who asked to be forgotten.

    Whoever then keeps something of theirs calls ``raise_versions``.
    """
    rows = connection.execute(_LOCK, {"ids": sorted(learner_ids)}) if learner_ids else ()
    return {row.id for row in rows if row.forgotten}


def raise_versions(connection: Connection, learner_ids: Collection[str]) -> None:
    """For those who are held already."""
    if learner_ids:
        connection.execute(_RAISE, {"ids": sorted(set(learner_ids))})


def forgotten_among(connection: Connection, learner_ids: Sequence[str]) -> set[str]:
    """Those of these ids whose learners asked to be forgotten."""
    return set(connection.scalars(_FORGOTTEN, {"ids": learner_ids})) if learner_ids else set()


def _touch_statement(dialect: Any) -> Any:
    table = Learner.__table__
    new = dialect.insert(table).values(version=1, **{name: bindparam(name) for name in _TOUCHED})
    keep = {name: func.coalesce(new.excluded[name], table.c[name]) for name in _TOUCHED[3:]}
    return new.on_conflict_do_update(
        index_elements=[table.c.id],
        set_={"version": table.c.version + 1, **keep},
        where=table.c.forgotten_at.is_(None),
    )


_TOUCHED = ("id", "code_seed", "created_at", "last_course", "last_lesson", "last_stage")
_UPSERT = {"sqlite": _touch_statement(sqlite), "postgresql": _touch_statement(postgresql)}
_TOUCH = {store: statement.returning(Learner.__table__.c.version) for store, statement in _UPSERT.items()}
_TOUCH_ALL = ManyRows(_UPSERT, _TOUCHED)
_TOUCH_KNOWN = ManyRows(
    update(Learner.__table__)
    .where(Learner.__table__.c.id == bindparam("learner_id"), Learner.__table__.c.forgotten_at.is_(None))
    .values(
        version=Learner.__table__.c.version + 1,
        last_course=bindparam("course"),
        last_lesson=bindparam("lesson"),
        last_stage=bindparam("stage"),
    ),
    ("learner_id", "course", "lesson", "stage"),
)
_IDS = bindparam("ids", expanding=True)
_LOCK = (
    select(Learner.__table__.c.id, Learner.__table__.c.forgotten_at.is_not(None).label("forgotten"))
    .where(Learner.__table__.c.id.in_(_IDS))
    .order_by(Learner.__table__.c.id)
    .with_for_update(key_share=True)
)
_RAISE = (
    update(Learner.__table__).where(Learner.__table__.c.id.in_(_IDS)).values(version=Learner.__table__.c.version + 1)
)
_FORGOTTEN = select(Learner.__table__.c.id).where(
    Learner.__table__.c.id.in_(_IDS), Learner.__table__.c.forgotten_at.is_not(None)
)

"""Rehearsals: classes in which a facilitator tries the desk. They are deleted whole, with all that happened in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from lms.learning.classroom.session.queries import CLOSED_DISPLAY_TIME
from lms.learning.store.database import secure_delete
from lms.learning.store.models import Base, ClassSessionRow, EventBatch, PracticeAttempt, ProjectorRow, TaskTick

MAX_REHEARSAL_AGE = timedelta(days=1)
# Rows that outlive a class, and what refers to attempts.
_KEPT_TABLES = {PracticeAttempt.__table__, ProjectorRow.__table__, TaskTick.__table__}


def delete_old_rehearsals(session: Session, *, now: datetime, account_id: str | None = None) -> int:
    """Delete rehearsals that are closed, once their screens have heard of it, or a day old; returns how many.

    ``account_id``: only those that this account opened. The learners stay: their phones were theirs before.
    """
    connection = session.connection()
    old = select(ClassSessionRow.id).where(
        ClassSessionRow.is_rehearsal.is_(True),
        or_(
            ClassSessionRow.closed_at <= now - CLOSED_DISPLAY_TIME,
            ClassSessionRow.opened_at <= now - MAX_REHEARSAL_AGE,
        ),
    )
    if account_id is not None:
        old = old.where(ClassSessionRow.opened_by == account_id)
    class_ids = connection.scalars(old.order_by(ClassSessionRow.id).with_for_update(skip_locked=True)).all()
    delete_rehearsals(connection, class_ids)
    return len(class_ids)


def delete_rehearsals(connection: Connection, class_ids: Sequence[str]) -> None:
    """Delete these rehearsals, whose rows are locked."""
    if not class_ids:
        return
    attempts = PracticeAttempt.class_id.in_(class_ids)
    attempt_ids = select(PracticeAttempt.id).where(attempts).scalar_subquery()
    unpair = update(ProjectorRow.__table__).where(ProjectorRow.class_id.in_(class_ids)).values(class_id=None)
    with secure_delete(connection):
        connection.execute(delete(EventBatch).where(EventBatch.attempt_id.in_(attempt_ids)))
        connection.execute(unpair)
        for table in tables_of_classes():
            connection.execute(delete(table).where(table.c.class_id.in_(class_ids)))
        connection.execute(delete(PracticeAttempt).where(attempts))
        connection.execute(delete(ClassSessionRow).where(ClassSessionRow.id.in_(class_ids)))


def tables_of_classes() -> list[Table]:
    """The tables whose rows belong to a class and go with it; those that refer to others come first."""
    belonging: list[Table] = []
    for table in Base.metadata.sorted_tables:  # what is referred to comes first
        refers_to = {key.column.table for column in table.c for key in column.foreign_keys}
        if "class_id" in table.c and table not in _KEPT_TABLES and refers_to & {ClassSessionRow.__table__, *belonging}:
            belonging.append(table)
    return belonging[::-1]

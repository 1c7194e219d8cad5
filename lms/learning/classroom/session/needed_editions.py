"""Which editions of lessons classes need: a class goes on with its lesson as it was when the class began with it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from lms.content.model import EditionKey
from lms.learning.store.models import ClassLessonRow, ClassSessionRow

_CLOSED_FOR = timedelta(days=2)  # by then the counts of a closed class are stored, and its report is final


def find_needed_editions(session: Session, *, now: datetime) -> dict[EditionKey, datetime]:
    """The editions of open classes, and of closed ones whose report is not final, with when a class began it last."""
    needed: dict[EditionKey, datetime] = {}
    for statement in (_OF_CLASSES, _OF_SEVERAL_LESSONS):
        for row in session.connection().execute(statement, {"since": now - _CLOSED_FOR}):
            key = (row.course, row.lesson, row.content_digest)
            needed[key] = max(needed.get(key, row.began_at), row.began_at)
    return needed


_IS_NEEDED = (
    or_(ClassSessionRow.closed_at.is_(None), ClassSessionRow.closed_at > bindparam("since")),
    ClassSessionRow.counts.is_(None),
)
_OF_CLASSES = select(
    ClassSessionRow.course,
    ClassSessionRow.lesson,
    ClassSessionRow.content_digest,
    ClassSessionRow.opened_at.label("began_at"),
).where(*_IS_NEEDED, ClassSessionRow.lesson_number == 1)
_OF_SEVERAL_LESSONS = (
    select(
        ClassLessonRow.course,
        ClassLessonRow.lesson,
        ClassLessonRow.content_digest,
        ClassLessonRow.started_at.label("began_at"),
    )
    .join(ClassSessionRow, ClassSessionRow.id == ClassLessonRow.class_id)
    .where(*_IS_NEEDED)
)

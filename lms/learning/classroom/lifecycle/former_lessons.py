"""Classes whose lesson was merged into another one go on with that one."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.store.models import ClassLessonRow, ClassSessionRow


def move_class_sessions(session: Session, library: Library) -> int:
    """Point classes of former lessons to the lessons into which these were merged; returns how many.

    A step that the target lesson does not have becomes its first one; answers to a question that it does have are kept.
    A class whose report is final stays: the report is about the lesson that was.
    """
    connection = session.connection()
    moved = 0
    for row in connection.execute(_NOT_FINAL).all():
        target = None if library.lesson(row.course, row.lesson) else library.merged_into(row.course, row.lesson)
        if target is not None:
            to = {"class_id": row.id, "to_course": target.course, "to_lesson": target.slug}
            connection.execute(_MOVE, to)
            moved += 1
    for row in connection.execute(_LEFT_LESSONS).all():
        target = None if library.lesson(row.course, row.lesson) else library.merged_into(row.course, row.lesson)
        if target is not None:
            key = {"of_class": row.class_id, "of_number": row.number}
            connection.execute(_MOVE_LEFT, key | {"to_course": target.course, "to_lesson": target.slug})
    return moved


_NOT_FINAL = (
    select(ClassSessionRow.id, ClassSessionRow.course, ClassSessionRow.lesson)
    .where(or_(ClassSessionRow.closed_at.is_(None), ClassSessionRow.counts.is_(None)))
    .order_by(ClassSessionRow.id)
    .with_for_update(key_share=True)
)
_MOVE = (
    update(ClassSessionRow.__table__)
    .where(ClassSessionRow.id == bindparam("class_id"))
    .values(course=bindparam("to_course"), lesson=bindparam("to_lesson"), version=ClassSessionRow.version + 1)
)
# The classes' rows are locked by now. A lesson that its class is at has a row of its own too, once there are several.
_LEFT_LESSONS = (
    select(ClassLessonRow.class_id, ClassLessonRow.number, ClassLessonRow.course, ClassLessonRow.lesson)
    .where(ClassLessonRow.counts.is_(None))
    .order_by(ClassLessonRow.class_id, ClassLessonRow.number)
)
_MOVE_LEFT = (
    update(ClassLessonRow.__table__)
    .where(ClassLessonRow.class_id == bindparam("of_class"), ClassLessonRow.number == bindparam("of_number"))
    .values(course=bindparam("to_course"), lesson=bindparam("to_lesson"))
)

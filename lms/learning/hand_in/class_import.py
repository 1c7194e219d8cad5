"""Store the classes of a laptop's file: each once, with the counts of the file with the highest serial."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from lms.learning.accounts.permissions import CITY
from lms.learning.classroom.session.state import ClassState
from lms.learning.errors import InvalidHandIn
from lms.learning.hand_in.document import HandInClass
from lms.learning.hand_in.laptop_file import LaptopFile
from lms.learning.store.models import ClassLessonRow, ClassSessionRow, HandedInClass
from lms.learning.store.upsert import Upsert


class ClassImportStatus(StrEnum):
    """What importing a class of the file changes."""

    NEW = "new"
    UPDATED = "updated"  # an earlier file had it with older counts
    KNOWN = "known"  # this file, or a later one, was imported before


def class_import_status(file: LaptopFile, stored: Row[*tuple[Any, ...]] | None) -> ClassImportStatus:
    """``stored``: the class's row of ``HandedInClass``; None for a class that no file had yet.

    Raises:
        InvalidHandIn: the class came from another laptop.
    """
    if stored is None:
        return ClassImportStatus.NEW
    if stored.laptop_key != file.key:
        raise InvalidHandIn("other_key")
    return ClassImportStatus.UPDATED if stored.serial < file.hand_in.serial else ClassImportStatus.KNOWN


def store_class(
    connection: Connection, file: LaptopFile, each: HandInClass, account_id: str, ward: str, now: datetime
) -> tuple[ClassImportStatus, str]:
    """Insert the class, or replace its counts by later ones. Of two imports at once the second waits for the first.

    Returns also the ward that the class has here.
    """
    last = each.last_lesson
    values: dict[str, Any] = {
        "course": last.course,
        "lesson": last.lesson,
        "lesson_number": last.number,
        "venue": each.venue,
        "content_digest": last.content_digest,
        "opened_at": each.opened_at,
        "closed_at": each.closed_at,
        "head_count": each.head_count,
        "counts": last.counts.as_json(),
    }
    new = {
        "id": each.id,
        "code": "",  # nobody can join it
        "ward": ward,
        "opened_by": account_id,
        "version": 1,
        "state": ClassState().as_json(),
        "personal_until": each.closed_at,
    }
    is_inserted = _ADD_CLASS.execute(connection, values | new).first() is not None
    of_class = select(HandedInClass.__table__).where(HandedInClass.class_id == each.id)
    stored = connection.execute(of_class.with_for_update()).first()
    if stored is None and not is_inserted:
        raise InvalidHandIn("own_class")
    status = class_import_status(file, stored)
    if status is ClassImportStatus.NEW:
        row = {"class_id": each.id, "laptop_key": file.key, "serial": file.hand_in.serial}
        connection.execute(HandedInClass.__table__.insert(), row | {"received_by": account_id, "received_at": now})
    of_id = ClassSessionRow.id == each.id
    stored_ward = connection.scalars(select(ClassSessionRow.ward).where(of_id)).one()
    if status is ClassImportStatus.UPDATED:
        if ward not in (CITY, stored_ward):
            raise InvalidHandIn("other_ward")
        connection.execute(
            update(ClassSessionRow.__table__).where(of_id).values(values | {"version": ClassSessionRow.version + 1})
        )
        connection.execute(
            update(HandedInClass).where(HandedInClass.class_id == each.id).values(serial=file.hand_in.serial)
        )
    if status is not ClassImportStatus.KNOWN:
        _store_lessons(connection, each)
    return status, stored_ward


def _store_lessons(connection: Connection, each: HandInClass) -> None:
    """The lessons of an evening with several, in place of those of an earlier file."""
    connection.execute(delete(ClassLessonRow).where(ClassLessonRow.class_id == each.id))
    if len(each.lessons) > 1:
        rows = [
            {
                "class_id": each.id,
                "number": lesson.number,
                "course": lesson.course,
                "lesson": lesson.lesson,
                "content_digest": lesson.content_digest,
                "started_at": lesson.started_at,
                "left_at": lesson.left_at,
                "state": ClassState().as_json() if lesson.left_at else None,
                "counts": lesson.counts.as_json(),
            }
            for lesson in each.lessons
        ]
        connection.execute(insert(ClassLessonRow), rows)


_ADD_CLASS = Upsert(ClassSessionRow, returning=[ClassSessionRow.id])

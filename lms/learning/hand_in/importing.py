"""Import a laptop's file: once, however often and in whatever order files come.

Of a class the file with the highest serial counts. Marks are only ever added, and the first of a stage stays. Locks
keep the order of ``store/locks.py``: classes, then learners, each by id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.accounts import audit_log
from lms.learning.accounts.account import Account
from lms.learning.badges.openbadges import Issuer
from lms.learning.errors import InvalidHandIn
from lms.learning.hand_in.class_import import ClassImportStatus, class_import_status, store_class
from lms.learning.hand_in.document import HandInClass
from lms.learning.hand_in.exporting import class_label
from lms.learning.hand_in.laptop_file import LaptopFile
from lms.learning.hand_in.learner_import import has_lesson, sign_badge, store_learners, store_marks
from lms.learning.store.models import AccountRow, ClassSessionRow, HandedInClass


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file would change. ``lost_marks``: of each lesson that this site does not have, as "course/lesson"."""

    classes: tuple[tuple[HandInClass, ClassImportStatus], ...]
    learners: int
    marks: int
    lost_marks: Mapping[str, int]

    @property
    def changes_classes(self) -> bool:
        return any(status is not ClassImportStatus.KNOWN for _, status in self.classes)


@dataclass(frozen=True, slots=True)
class ImportReceipt:
    """What an import changed."""

    new_classes: tuple[str, ...]  # ids
    updated_classes: tuple[str, ...]
    new_marks: int
    new_badges: int
    lost_marks: int

    @property
    def is_empty(self) -> bool:
        return not (self.new_classes or self.updated_classes or self.new_marks or self.new_badges)


@dataclass(frozen=True, slots=True)
class HandInNote:
    """Who handed a class in, and when."""

    name: str  # of the account, text
    received_at: datetime


def find_hand_in_note(session: Session, class_id: str) -> HandInNote | None:
    """For a class that a laptop handed in; None for a class that was held on this site."""
    statement = select(AccountRow.name, HandedInClass.received_at).join_from(
        HandedInClass, AccountRow, AccountRow.id == HandedInClass.received_by
    )
    row = session.connection().execute(statement.where(HandedInClass.class_id == class_id)).first()
    return HandInNote(row.name, row.received_at) if row else None


def preview_import(session: Session, file: LaptopFile, library: Library) -> ImportPreview:
    """What importing the file would change. Writes nothing.

    Raises:
        InvalidHandIn: a class of it is another laptop's, or of this site.
    """
    connection = session.connection()
    class_ids = [each.id for each in file.hand_in.classes]
    known = {
        row.class_id: row
        for row in connection.execute(
            select(HandedInClass.__table__).where(HandedInClass.class_id.in_(class_ids))
        )
    }  # fmt: skip
    own = set(connection.scalars(select(ClassSessionRow.id).where(ClassSessionRow.id.in_(class_ids)))) - known.keys()
    if own:
        raise InvalidHandIn("own_class")
    marks = [mark for learner in file.hand_in.learners for mark in learner.marks]
    lost: dict[str, int] = {}
    for mark in marks:
        if not has_lesson(library, mark):
            lesson = f"{mark.course}/{mark.lesson}"
            lost[lesson] = lost.get(lesson, 0) + 1
    return ImportPreview(
        classes=tuple((each, class_import_status(file, known.get(each.id))) for each in file.hand_in.classes),
        learners=len(file.hand_in.learners),
        marks=len(marks),
        lost_marks=lost,
    )


def import_hand_in(
    session: Session,
    file: LaptopFile,
    *,
    account: Account,
    ward: str,
    library: Library,
    issuer: Issuer,
    now: datetime,
) -> ImportReceipt:
    """Store what the file has and this site has not. Repeating it changes nothing.

    ``account``: who vouches for the laptop. ``ward``: of its classes here; a class that was imported before stays with
    the ward that it has.

    Raises:
        InvalidHandIn: a class of it is another laptop's, or of this site, or has later counts for another ward's class.
    """
    connection = session.connection()
    stored = {
        each.id: store_class(connection, file, each, account.id, ward, now)
        for each in sorted(file.hand_in.classes, key=lambda each: each.id)
    }
    for each in file.hand_in.classes:
        status, ward_of_class = stored[each.id]
        if status is not ClassImportStatus.KNOWN:
            last = each.last_lesson
            details = {"name": class_label(last.course, last.lesson, each.opened_at, library)}
            audit_log.record(
                session, account, "class_handed_in", target_id=each.id, ward=ward_of_class, now=now, details=details
            )
    learner_ids = store_learners(connection, file, now)
    new_marks = store_marks(connection, file, learner_ids, library)
    new_badges = sum(
        sign_badge(session, learner_ids[learner.id], badge, library=library, issuer=issuer, now=now)
        for learner in file.hand_in.learners
        if learner.id in learner_ids
        for badge in learner.badges
    )
    lost = sum(not has_lesson(library, mark) for learner in file.hand_in.learners for mark in learner.marks)
    return ImportReceipt(
        new_classes=tuple(each for each, (status, _) in stored.items() if status is ClassImportStatus.NEW),
        updated_classes=tuple(each for each, (status, _) in stored.items() if status is ClassImportStatus.UPDATED),
        new_marks=new_marks,
        new_badges=new_badges,
        lost_marks=lost,
    )

"""Import a laptop's file: once, however often and in whatever order files come.

Of a class the file with the highest serial counts. Marks are only ever added, and the first of a stage stays. Locks
keep the order of ``store/locks.py``: classes, then learners, each by id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library, Stage
from lms.learning.accounts import audit_log
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY
from lms.learning.badges.awarding import award_badge
from lms.learning.badges.openbadges import Issuer
from lms.learning.classroom.session.state import ClassState
from lms.learning.errors import BadgeWithdrawn, InvalidHandIn, NotEarned, NotFound
from lms.learning.hand_in.document import HandIn, HandInBadge, HandInClass, HandInMark, parse_hand_in
from lms.learning.hand_in.exporting import class_label
from lms.learning.hand_in.signed_file import unpack
from lms.learning.marks.marks import award_marks
from lms.learning.store.locks import upsert_and_lock_learners
from lms.learning.store.models import (
    AccountRow,
    Badge,
    ClassLessonRow,
    ClassSessionRow,
    ForgottenBadge,
    HandedInClass,
    HandedInLearner,
    Learner,
    Mark,
)
from lms.learning.store.upsert import Upsert

CLOCK_TOLERANCE = timedelta(minutes=10)
# A laptop whose battery died starts years ago. No class was held with this program before.
EARLIEST_CLOCK = datetime(2026, 9, 1, tzinfo=UTC)


class ClassStatus(StrEnum):
    """What importing a class of the file changes."""

    NEW = "new"
    UPDATED = "updated"  # an earlier file had it with older counts
    KNOWN = "known"  # this file, or a later one, was imported before


@dataclass(frozen=True, slots=True)
class LaptopFile:
    """A verified file with the times as they will be stored.

    ``clock_shift``: how far they were moved because the laptop's clock cannot be right; zero if it can.
    """

    key: str
    hand_in: HandIn
    clock_shift: timedelta


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file would change. ``lost_marks``: of each lesson that this site does not have, as "course/lesson"."""

    classes: tuple[tuple[HandInClass, ClassStatus], ...]
    learners: int
    marks: int
    lost_marks: Mapping[str, int]

    @property
    def changes_classes(self) -> bool:
        return any(status is not ClassStatus.KNOWN for _, status in self.classes)


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


def read_laptop_file(data: bytes, *, now: datetime) -> LaptopFile:
    """Verify a file and read it.

    Raises:
        InvalidHandIn: it is not whole, not ours, altered, of a later version or too large.
    """
    signed = unpack(data)
    hand_in = parse_hand_in(signed.content)
    shift = _clock_shift(hand_in, now)
    return LaptopFile(signed.key, _shift_times(hand_in, shift), shift)


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
        if not _has_lesson(library, mark):
            lesson = f"{mark.course}/{mark.lesson}"
            lost[lesson] = lost.get(lesson, 0) + 1
    return ImportPreview(
        classes=tuple((each, _class_status(file, known.get(each.id))) for each in file.hand_in.classes),
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
        each.id: _store_class(connection, file, each, account.id, ward, now)
        for each in sorted(file.hand_in.classes, key=lambda each: each.id)
    }
    for each in file.hand_in.classes:
        status, ward_of_class = stored[each.id]
        if status is not ClassStatus.KNOWN:
            last = each.last_lesson
            details = {"name": class_label(last.course, last.lesson, each.opened_at, library)}
            audit_log.record(
                session, account, "class_handed_in", target_id=each.id, ward=ward_of_class, now=now, details=details
            )
    learner_ids = _store_learners(connection, file, now)
    new_marks = _store_marks(connection, file, learner_ids, library)
    new_badges = sum(
        _sign_badge(session, learner_ids[learner.id], badge, library=library, issuer=issuer, now=now)
        for learner in file.hand_in.learners
        if learner.id in learner_ids
        for badge in learner.badges
    )
    lost = sum(not _has_lesson(library, mark) for learner in file.hand_in.learners for mark in learner.marks)
    return ImportReceipt(
        new_classes=tuple(each for each, (status, _) in stored.items() if status is ClassStatus.NEW),
        updated_classes=tuple(each for each, (status, _) in stored.items() if status is ClassStatus.UPDATED),
        new_marks=new_marks,
        new_badges=new_badges,
        lost_marks=lost,
    )


# --- times ---------------------------------------------------------------------------------------------------------


def _clock_shift(hand_in: HandIn, now: datetime) -> timedelta:
    """How far to move all times of a file, so that none is in the future and none before the program existed."""
    times = [hand_in.exported_at]
    times += [moment for each in hand_in.classes for moment in (each.opened_at, each.closed_at)]
    times += [lesson.started_at for each in hand_in.classes for lesson in each.lessons]
    times += [mark.earned_at for learner in hand_in.learners for mark in learner.marks]
    if max(times) > now + CLOCK_TOLERANCE:
        return now - max(times)
    return now - hand_in.exported_at if hand_in.exported_at < EARLIEST_CLOCK else timedelta(0)


def _shift_times(hand_in: HandIn, shift: timedelta) -> HandIn:
    if not shift:
        return hand_in
    return replace(
        hand_in,
        exported_at=hand_in.exported_at + shift,
        classes=tuple(_shift_class(each, shift) for each in hand_in.classes),
        learners=tuple(
            replace(
                learner, marks=tuple(replace(mark, earned_at=mark.earned_at + shift) for mark in learner.marks)
            )
            for learner in hand_in.learners
        ),
    )  # fmt: skip


def _shift_class(each: HandInClass, shift: timedelta) -> HandInClass:
    lessons = tuple(
        replace(
            lesson,
            started_at=lesson.started_at + shift,
            left_at=lesson.left_at + shift if lesson.left_at else None,
        )
        for lesson in each.lessons
    )
    return replace(each, opened_at=each.opened_at + shift, closed_at=each.closed_at + shift, lessons=lessons)


# --- classes -------------------------------------------------------------------------------------------------------


def _class_status(file: LaptopFile, stored: Row[*tuple[Any, ...]] | None) -> ClassStatus:
    if stored is None:
        return ClassStatus.NEW
    if stored.laptop_key != file.key:
        raise InvalidHandIn("other_key")
    return ClassStatus.UPDATED if stored.serial < file.hand_in.serial else ClassStatus.KNOWN


def _store_class(
    connection: Connection, file: LaptopFile, each: HandInClass, account_id: str, ward: str, now: datetime
) -> tuple[ClassStatus, str]:
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
    inserted = _ADD_CLASS.execute(connection, values | new).rowcount
    of_class = select(HandedInClass.__table__).where(HandedInClass.class_id == each.id)
    stored = connection.execute(of_class.with_for_update()).first()
    if stored is None and not inserted:
        raise InvalidHandIn("own_class")
    status = _class_status(file, stored)
    if status is ClassStatus.NEW:
        row = {"class_id": each.id, "laptop_key": file.key, "serial": file.hand_in.serial}
        connection.execute(HandedInClass.__table__.insert(), row | {"received_by": account_id, "received_at": now})
    of_id = ClassSessionRow.id == each.id
    stored_ward = connection.scalars(select(ClassSessionRow.ward).where(of_id)).one()
    if status is ClassStatus.UPDATED:
        if ward not in (CITY, stored_ward):
            raise InvalidHandIn("other_ward")
        connection.execute(
            update(ClassSessionRow.__table__).where(of_id).values(values | {"version": ClassSessionRow.version + 1})
        )
        connection.execute(
            update(HandedInClass).where(HandedInClass.class_id == each.id).values(serial=file.hand_in.serial)
        )
    if status is not ClassStatus.KNOWN:
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


# --- learners ------------------------------------------------------------------------------------------------------


def _store_learners(connection: Connection, file: LaptopFile, now: datetime) -> dict[str, str]:
    """Our ids of the file's learners, who are locked; without those who asked to be forgotten."""
    known = _known_learners(connection, file)
    ids = {
        learner.id: known[learner.id].learner_id if learner.id in known else _new_learner_id(file.key, learner.id)
        for learner in file.hand_in.learners
    }
    nowhere = {"course": None, "lesson": None, "stage": None}
    writes = [{"learner_id": learner_id, "now": now} | nowhere for learner_id in ids.values()]
    writable = upsert_and_lock_learners(connection, writes)
    rows = [
        {
            "laptop_key": file.key,
            "laptop_learner_id": learner.id,
            "learner_id": ids[learner.id],
            "code_digest": learner.code_digest,
            "serial": file.hand_in.serial,
        }
        for learner in file.hand_in.learners
        if ids[learner.id] in writable
    ]
    for row in rows:  # singly: a code that another laptop's learner has already must not refuse the rest
        if row["laptop_learner_id"] not in known:
            _ADD_LEARNER.execute(connection, row)
        elif _has_newer_code(known[row["laptop_learner_id"]], row):
            _change_code(connection, row)
    return {laptop_id: learner_id for laptop_id, learner_id in ids.items() if learner_id in writable}


def _has_newer_code(stored: Row[*tuple[Any, ...]], row: Mapping[str, Any]) -> bool:
    """Whether the learner has replaced her code on the laptop since, and not here."""
    return stored.code_digest not in (None, row["code_digest"]) and stored.serial < row["serial"]


def _change_code(connection: Connection, row: Mapping[str, Any]) -> None:
    taken = select(HandedInLearner.learner_id).where(HandedInLearner.code_digest == row["code_digest"])
    if connection.execute(taken).first() is None:
        of_learner = HandedInLearner.laptop_key == row["laptop_key"]
        of_learner &= HandedInLearner.laptop_learner_id == row["laptop_learner_id"]
        connection.execute(update(HandedInLearner.__table__).where(of_learner).values(dict(row)))


def _known_learners(connection: Connection, file: LaptopFile) -> dict[str, Row[*tuple[Any, ...]]]:
    rows: list[Row[*tuple[Any, ...]]] = []
    laptop_ids = [learner.id for learner in file.hand_in.learners]
    for start in range(0, len(laptop_ids), 500):
        some = HandedInLearner.laptop_learner_id.in_(laptop_ids[start : start + 500])
        of_laptop = HandedInLearner.laptop_key == file.key
        rows += connection.execute(select(HandedInLearner.__table__).where(of_laptop, some)).all()
    return {row.laptop_learner_id: row for row in rows}


def _new_learner_id(key: str, laptop_learner_id: str) -> str:
    """Always the same, so that two imports at once, or one after "quên tôi", meet at one row."""
    return hashlib.sha256(f"hand-in:{key}:{laptop_learner_id}".encode("ascii")).hexdigest()[:32]


def _store_marks(
    connection: Connection, file: LaptopFile, learner_ids: Mapping[str, str], library: Library
) -> int:  # fmt: skip
    """Add the marks of lessons that this site has, under the name that it had on the laptop (ADR 25); how many."""
    rows = [
        _mark_row(mark, learner_ids[learner.id], file.key)
        for learner in file.hand_in.learners
        if learner.id in learner_ids
        for mark in learner.marks
        if _has_lesson(library, mark)
    ]
    before = _mark_keys(connection, learner_ids.values())
    new = {_key(row): row for row in rows if _key(row) not in before}
    if new:
        award_marks(connection, list(new.values()))
    return len(new)


def _mark_row(mark: HandInMark, learner_id: str, key: str) -> dict[str, Any]:
    evidence = dict(mark.evidence) | {"handed_in_by": key}
    if evidence.get("said_by") == "facilitator":
        evidence["witness"] = {"name": "", "class": "", "at": ""}  # in the hall; the laptop names nobody
    return {
        "learner_id": learner_id,
        "course": mark.course,
        "lesson": mark.lesson,
        "stage": mark.stage,
        "evidence": evidence,
        "content_digest": mark.content_digest,
        "earned_at": mark.earned_at,
    }


def _mark_keys(connection: Connection, learner_ids: Iterable[str]) -> set[tuple[str, str, str, str]]:
    keys: set[tuple[str, str, str, str]] = set()
    wanted = sorted(set(learner_ids))
    columns = (Mark.learner_id, Mark.course, Mark.lesson, Mark.stage)
    for start in range(0, len(wanted), 500):
        rows = connection.execute(select(*columns).where(Mark.learner_id.in_(wanted[start : start + 500])))
        keys |= {(row.learner_id, row.course, row.lesson, Stage(row.stage)) for row in rows}
    return keys


def _key(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return row["learner_id"], row["course"], row["lesson"], row["stage"]


def _has_lesson(library: Library, mark: HandInMark) -> bool:
    return library.lesson_or_merged_into(mark.course, mark.lesson) is not None


# --- badges --------------------------------------------------------------------------------------------------------


def _sign_badge(
    session: Session, learner_id: str, badge: HandInBadge, *, library: Library, issuer: Issuer, now: datetime
) -> bool:
    """Sign the laptop's badge as this site's, under the same id; whether it was new.

    Not if the learner has one for this lesson already, or lacks a mark that this site's lesson asks for.
    """
    connection = session.connection()
    for used in (Badge, ForgottenBadge):
        if connection.execute(select(used.id).where(used.id == badge.id)).first() is not None:
            return False
    of_lesson = (Badge.learner_id == learner_id, Badge.course == badge.course, Badge.lesson == badge.lesson)
    if connection.execute(select(Badge.id).where(*of_lesson)).first() is not None:
        return False
    learner = session.get_one(Learner, learner_id, populate_existing=True)
    try:
        award_badge(
            session, learner, library, badge.course, badge.lesson, name=badge.name, issuer=issuer, now=now,
            badge_id=badge.id,
        )  # fmt: skip
    except (NotEarned, NotFound, BadgeWithdrawn):
        return False
    if badge.name:
        unnamed = (Learner.id == learner_id, Learner.name.is_(None))
        connection.execute(update(Learner.__table__).where(*unnamed).values(name=badge.name))
    return True


_ADD_CLASS = Upsert(ClassSessionRow)
_ADD_LEARNER = Upsert(HandedInLearner)

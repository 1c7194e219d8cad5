"""Export the classes of a laptop: their counts, and what their learners earned, under ids that name nobody."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select
from sqlalchemy.orm import Session

from lms.content.model import Library, Stage
from lms.learning.accounts import audit_log
from lms.learning.accounts.account import Account
from lms.learning.badges.keys import KeyRing
from lms.learning.classroom.report.class_report import find_evening_report
from lms.learning.classroom.session.queries import CLASS_COLUMNS, ClassSession, class_session_from_row
from lms.learning.errors import ClassClosed, NotFound, TooLarge
from lms.learning.hand_in.document import (
    MAX_CLASSES,
    HandIn,
    HandInBadge,
    HandInClass,
    HandInLearner,
    HandInLesson,
    HandInMark,
    anonymous_evidence,
)
from lms.learning.hand_in.signed_file import pack_hand_in
from lms.learning.learning_codes import code_digest, code_for_seed
from lms.learning.store.models import Badge, ClassExport, ClassSessionRow, HandedInClass, Learner, Mark, SeatRow
from lms.learning.store.upsert import Upsert
from lms.release import this_release
from lms.vietnam_time import to_vietnam_time

MAX_LISTED = 1000


@dataclass(frozen=True, slots=True)
class ExportableClass:
    """A closed class of this site. ``exported_at``: when it was last exported, None if it never was."""

    class_session: ClassSession
    exported_at: datetime | None


def find_exportable_classes(session: Session, *, ward: str | None) -> tuple[ExportableClass, ...]:
    """The last closed classes that were held here, newest first; of all wards when ``ward`` is None."""
    statement = _exportable().add_columns(ClassExport.exported_at)
    statement = statement.outerjoin(ClassExport, ClassExport.class_id == ClassSessionRow.id)
    if ward is not None:
        statement = statement.where(ClassSessionRow.ward == ward)
    newest_first = statement.order_by(ClassSessionRow.opened_at.desc(), ClassSessionRow.id).limit(MAX_LISTED)
    rows = session.connection().execute(newest_first)
    return tuple(ExportableClass(class_session_from_row(row[:-1]), row[-1]) for row in rows)


def is_exportable(session: Session, class_id: str) -> bool:
    """Whether the class was held here and is closed."""
    return session.connection().execute(_exportable().where(ClassSessionRow.id == class_id)).first() is not None


def export_classes(
    session: Session,
    class_ids: Collection[str],
    *,
    library: Library,
    keys: KeyRing,
    secret: str,
    account: Account | None,
    now: datetime,
) -> bytes:
    """The signed file of these classes. It also remembers that they were exported, and when.

    ``secret`` is the key of learning codes (``store.learning_code_key``): ids in the file follow from it, the
    same in each file of this laptop.
    ``account`` None is the command line.

    Raises:
        NotFound: one of them does not exist, was handed in by another site, or there is none.
        ClassClosed: one of them is still open.
        TooLarge: there are more than MAX_CLASSES, which no site would import.
    """
    if len(set(class_ids)) > MAX_CLASSES:
        raise TooLarge("classes")
    connection = session.connection()
    class_sessions = _find_exportable(connection, class_ids)
    serial = (connection.scalar(select(func.max(ClassExport.serial))) or 0) + 1
    hand_in = HandIn(
        release=this_release().version,
        courses_digest=library.digest,
        serial=serial,
        exported_at=now,
        classes=tuple(_read_class(session, class_session, library) for class_session in class_sessions),
        learners=_read_learners(connection, [class_session.id for class_session in class_sessions], secret),
    )
    _EXPORTED.execute(
        connection,
        [
            {"class_id": class_session.id, "serial": serial, "exported_at": now}
            for class_session in class_sessions
        ],
    )  # fmt: skip
    for class_session in class_sessions:
        details = {"name": class_label(class_session.course, class_session.lesson, class_session.opened_at, library)}
        audit_log.record(
            session, account, "class_exported", target_id=class_session.id, ward=class_session.ward, now=now,
            details=details,
        )  # fmt: skip
    return pack_hand_in(hand_in.as_json(), keys)


def class_label(course: str, lesson: str, opened_at: datetime, library: Library) -> str:
    """A class as the audit log names it: "Ba loại mã, ngày 25/11/2026"."""
    found = library.lesson_or_merged_into(course, lesson)
    return f"{found.name if found else lesson}, ngày {to_vietnam_time(opened_at):%d/%m/%Y}"


def _exportable() -> Select[*tuple[Any, ...]]:
    handed_in = select(HandedInClass.class_id).where(HandedInClass.class_id == ClassSessionRow.id).exists()
    held = (ClassSessionRow.closed_at.is_not(None), ClassSessionRow.is_rehearsal.is_(False))
    return select(*CLASS_COLUMNS).where(*held, ~handed_in)


def _find_exportable(connection: Connection, class_ids: Collection[str]) -> list[ClassSession]:
    wanted = sorted(set(class_ids))
    rows = connection.execute(_exportable().where(ClassSessionRow.id.in_(wanted)).order_by(ClassSessionRow.id)).all()
    found = [class_session_from_row(row) for row in rows]
    missing = set(wanted) - {class_session.id for class_session in found}
    if missing or not found:
        is_open = (ClassSessionRow.id.in_(missing), ClassSessionRow.closed_at.is_(None))
        still_open = connection.scalars(select(ClassSessionRow.id).where(*is_open)).first()
        raise ClassClosed(still_open) if still_open else NotFound(min(missing, default=""))
    return found


def _read_class(session: Session, class_session: ClassSession, library: Library) -> HandInClass:
    return HandInClass(
        id=class_session.id,
        ward=class_session.ward,
        venue=class_session.venue,
        opened_at=class_session.opened_at,
        closed_at=class_session.closed_at or class_session.opened_at,
        head_count=class_session.head_count,
        lessons=_read_lessons(session, class_session, library),
    )


def _read_lessons(session: Session, class_session: ClassSession, library: Library) -> tuple[HandInLesson, ...]:
    """All lessons that a class was taught, each with the counts of its report."""
    return tuple(
        HandInLesson(
            number=report.class_session.lesson_number,
            course=report.class_session.course,
            lesson=report.class_session.lesson,
            content_digest=report.class_session.content_digest,
            started_at=report.started_at,
            left_at=report.class_lesson.left_at if report.class_lesson else None,
            counts=report.counts,
        )
        for report in find_evening_report(session, class_session.id, library).lessons
    )


def _read_learners(connection: Connection, class_ids: Sequence[str], secret: str) -> tuple[HandInLearner, ...]:
    """The learners of these classes who have something to take along: marks, on whatever day they earned them.

    A learner who was forgotten, or a class whose personal rows were deleted, has none.
    """
    in_class = Learner.id.in_(
        select(SeatRow.learner_id).where(SeatRow.class_id.in_(class_ids), SeatRow.removed.is_(False))
    )
    seeds = dict(connection.execute(select(Learner.id, Learner.code_seed).where(in_class)).all())
    marks = _group(connection, select(*Mark.__table__.columns), Mark.learner_id.in_(seeds))
    badges = _group(
        connection, select(*Badge.__table__.columns), Badge.learner_id.in_(seeds) & Badge.revoked_at.is_(None)
    )
    learners = [
        HandInLearner(
            id=_laptop_learner_id(learner_id, secret),
            code_digest=code_digest(code_for_seed(seed, secret)) or "",
            marks=tuple(_read_mark(row) for row in marks[learner_id]),
            badges=tuple(HandInBadge(row.id, row.course, row.lesson, row.name) for row in badges[learner_id]),
        )
        for learner_id, seed in seeds.items()
        if seed is not None and learner_id in marks
    ]
    return tuple(sorted(learners, key=lambda learner: learner.id))


def _group(
    connection: Connection, rows: Select[*tuple[Any, ...]], where: ColumnElement[bool]
) -> Mapping[str, Sequence[Row[*tuple[Any, ...]]]]:
    """Rows by learner."""
    grouped: defaultdict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in connection.execute(rows.where(where)):
        grouped[row.learner_id].append(row)
    return grouped


def _read_mark(row: Row[*tuple[Any, ...]]) -> HandInMark:
    stage = Stage(row.stage)
    evidence = anonymous_evidence(stage, row.evidence)
    return HandInMark(row.course, row.lesson, stage, evidence, row.content_digest, row.earned_at)


def _laptop_learner_id(learner_id: str, secret: str) -> str:
    """The learner's id in files: always the same, and useless for the laptop's cookies and database."""
    return hmac.digest(secret.encode("utf-8"), f"hand-in:{learner_id}".encode("ascii"), hashlib.sha256).hex()[:32]


_EXPORTED = Upsert(ClassExport, update=lambda new: {"serial": new.serial, "exported_at": new.exported_at})

"""One ward: what the store holds of it, and forgetting its classes, with counts of what goes and what stays.

To a ward belong those that were merged into it: figures stay under their codes, and so may what a page wrote that was
open during the merger.
Marks, ticks, answers and badges belong to the learners, who may come from anywhere, and stay. So do the people with
duties: they lose those in the ward, and each is forgotten by ``account.forget_account``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.accounts import audit_log
from lms.learning.accounts.account_store import get_account
from lms.learning.accounts.forgetting import NO_WITNESS_NAME, Transactions, revoke_duties
from lms.learning.accounts.name_occurrences import MARK_KEY, Key, find_marks_witnessed_in_classes
from lms.learning.accounts.permissions import CITY
from lms.learning.classroom.lifecycle.rehearsals import delete_rehearsals, tables_of_classes
from lms.learning.classroom.report.data_retention import detach_attempts_from_class
from lms.learning.errors import WardHasOpenClass
from lms.learning.personal_data.row_count import count_rows
from lms.learning.store.database import checkpoint_after_commit, secure_delete
from lms.learning.store.locks import bump_versions, lock_learners
from lms.learning.store.models import (
    AccountRow,
    AuditLogRow,
    ClassSessionRow,
    DailyFigure,
    HandedInClass,
    HelperRow,
    LedgerEntry,
    Mark,
    OrgUnitMember,
    OrgUnitRow,
    PlannedClassRow,
    PracticeAttempt,
    ProjectorRow,
    ReservationRow,
    SeatRow,
    TaskTick,
    WorkshopCourse,
)


@dataclass(frozen=True, slots=True)
class WardData:
    """Counts by title: what forgetting deletes, and what stays, with the reason."""

    removed: Mapping[str, int]
    stays: Mapping[str, tuple[int, str]]

    def __bool__(self) -> bool:
        return any(self.removed.values())


def count_ward_data(session: Session, ward: str) -> WardData:
    """What forgetting this ward would delete, and what would stay."""
    class_ids = _classes_of(ward)

    count = partial(count_rows, session)

    of_ward = ClassSessionRow.ward == ward
    accounts = count(AccountRow, AccountRow.ward == ward, AccountRow.forgotten_at.is_(None))
    texts = (
        ClassSessionRow.next_meeting,
        ClassSessionRow.homework,
        ClassSessionRow.handover_note,
        ClassSessionRow.author_note,
    )
    removed = {
        "lớp, với báo cáo và số đếm": count(ClassSessionRow, of_ward, ClassSessionRow.is_rehearsal.is_(False)),
        "buổi tập đứng lớp": count(ClassSessionRow, of_ward, ClassSessionRow.is_rehearsal.is_(True)),
        "lớp nhận từ máy ở phòng": count(HandedInClass, HandedInClass.class_id.in_(class_ids)),
        "lớp có lời dặn": count(ClassSessionRow, of_ward, or_(*(text != "" for text in texts))),
        "chỗ ngồi": count(SeatRow, SeatRow.class_id.in_(class_ids)),
        "lớp trong lịch": count(PlannedClassRow, PlannedClassRow.ward == ward),
        "chỗ giữ trước": count(ReservationRow, ReservationRow.planned_class_id.in_(_plans_of(ward))),
        "đơn vị": count(OrgUnitRow, OrgUnitRow.ward == ward, OrgUnitRow.kind != "ward"),
        "dòng trong sổ: chỉ tiêu, số đếm tay, lời ghi": count(LedgerEntry, LedgerEntry.ward == ward),
        "người phụ lớp không tài khoản": count(HelperRow, HelperRow.class_id.in_(class_ids)),
        "tên người chứng kiến": count(
            TaskTick, TaskTick.witness_class.in_(class_ids), TaskTick.witness != NO_WITNESS_NAME
        ),
        "tài khoản thôi việc ở phường": accounts,
    }
    stays = {
        "việc người đứng lớp đã thấy": (
            count(TaskTick, TaskTick.witness_class.in_(class_ids)),
            "của người học; không còn ghi ai thấy, ở lớp nào",
        ),
        "lượt tập": (
            count(PracticeAttempt, PracticeAttempt.class_id.in_(class_ids)),
            "của người học; không còn ghi ở lớp nào",
        ),
        "tài khoản": (accounts, "người làm việc; quên từng người bằng lms user forget"),
        "khóa học do phường soạn": (
            count(WorkshopCourse, WorkshopCourse.ward == ward),
            "chữ của bài; giao về thành phố",
        ),
        "số liệu theo ngày": (
            count(DailyFigure, DailyFigure.ward == ward),
            "chỉ là số đếm; bỏ đi thì tổng đã công bố của thành phố lộ ra số của phường",
        ),
        "dòng nhật ký": (count(AuditLogRow, AuditLogRow.ward == ward), "để biết việc gì đã làm, lúc nào"),
    }
    return WardData(removed, stays)


def require_no_open_class(session: Session, ward: str) -> None:
    """Check that nobody is in a class of the ward now. Rehearsals do not count.

    Raises:
        WardHasOpenClass: somebody may be.
    """
    is_open = (ClassSessionRow.ward == ward, ClassSessionRow.closed_at.is_(None))
    codes = session.connection().scalars(
        select(ClassSessionRow.code).where(*is_open, ClassSessionRow.is_rehearsal.is_(False)).order_by("code")
    )
    if found := codes.all():
        raise WardHasOpenClass(found)


def forget_ward(transactions: Transactions, ward: str, *, progress: Callable[[int, int], None], now: datetime) -> None:
    """End the duties in the ward and empty its calendar, then delete its classes, each in a transaction of its own.

    Called again, it goes on.

    ``progress`` is told how many classes are done, of how many.

    Raises:
        WardHasOpenClass: a class is open; the classes before it may be deleted already.
    """
    transactions.write(lambda session: _end_memberships(session, ward, now))
    class_ids, marks = transactions.read(lambda session: _find_classes(session, ward))
    for done, class_id in enumerate(class_ids, 1):
        transactions.write(lambda session, id=class_id: _delete_class(session, id, marks.get(id, ())))
        progress(done, len(class_ids))
    transactions.write(lambda session: _finish(session, ward, now))


def _classes_of(ward: str) -> Any:
    return select(ClassSessionRow.id).where(ClassSessionRow.ward == ward).scalar_subquery()


def _plans_of(ward: str) -> Any:
    return select(PlannedClassRow.id).where(PlannedClassRow.ward == ward).scalar_subquery()


def _end_memberships(session: Session, ward: str, now: datetime) -> None:
    """First of all, so that nobody of the ward opens a class meanwhile. The accounts can get other duties."""
    rows = select(AccountRow.id).where(AccountRow.ward == ward).order_by(AccountRow.id).with_for_update()
    account_ids = session.connection().scalars(rows).all()
    require_no_open_class(session, ward)
    for account_id in account_ids:
        account = get_account(session, account_id)
        if not account.forgotten:
            revoke_duties(session, account, now=now)
            audit_log.record_for_account(session, None, "account_disabled", account, now=now)
    session.connection().execute(
        update(AccountRow.__table__).where(AccountRow.id.in_(account_ids)).values(ward=CITY)  # without any role
    )
    # Before the classes: those that were held belong to them, and the seats that people hold belong to the plans.
    session.connection().execute(delete(ReservationRow).where(ReservationRow.planned_class_id.in_(_plans_of(ward))))
    session.connection().execute(delete(PlannedClassRow).where(PlannedClassRow.ward == ward))
    of_ward = WorkshopCourse.ward == ward
    session.connection().execute(update(WorkshopCourse.__table__).where(of_ward).values(ward=CITY))
    _delete_units(session, ward)


def _delete_units(session: Session, ward: str) -> None:
    """Digital teams, then the neighbourhoods and organisations above them. The ward itself says what it is called."""
    connection = session.connection()
    of_ward = select(OrgUnitRow.id).where(OrgUnitRow.ward == ward).scalar_subquery()
    connection.execute(delete(LedgerEntry).where(LedgerEntry.ward == ward))
    connection.execute(delete(OrgUnitMember).where(OrgUnitMember.unit_id.in_(of_ward)))
    for kinds in (("digital_team",), ("neighbourhood", "organisation")):
        connection.execute(delete(OrgUnitRow).where(OrgUnitRow.ward == ward, OrgUnitRow.kind.in_(kinds)))


def _find_classes(session: Session, ward: str) -> tuple[list[str], dict[str, list[Key]]]:
    """The ids of the ward's classes, and by class the keys of the marks that were witnessed in it."""
    connection = session.connection()
    of_ward = select(ClassSessionRow.id).where(ClassSessionRow.ward == ward)
    class_ids = list(connection.scalars(of_ward.order_by(ClassSessionRow.opened_at, ClassSessionRow.id)))
    marks = {class_id: list[Key]() for class_id in class_ids}
    for key, witness in find_marks_witnessed_in_classes(connection, marks):
        marks[witness["class"]].append(key)
    return class_ids, marks


def _delete_class(session: Session, class_id: str, marks: Sequence[Key]) -> None:
    """Delete a class with all rows that belong to it, unless it was reopened; what is the learners' is let go."""
    connection = session.connection()
    locked = select(ClassSessionRow.closed_at, ClassSessionRow.is_rehearsal, ClassSessionRow.ward).where(
        ClassSessionRow.id == class_id
    )
    row = connection.execute(locked.with_for_update()).first()
    if row is None or (row.closed_at is None and not row.is_rehearsal):
        return
    if row.is_rehearsal:
        delete_rehearsals(connection, [class_id])
        return
    witnessed_here = TaskTick.witness_class == class_id
    learner_ids = {*connection.scalars(select(TaskTick.learner_id).where(witnessed_here)), *(key[0] for key in marks)}
    lock_learners(connection, sorted(learner_ids))
    with secure_delete(connection):
        connection.execute(
            update(TaskTick.__table__).where(witnessed_here).values(witness=NO_WITNESS_NAME, witness_class=None)
        )
        for key in marks:
            of_mark = [column == value for column, value in zip(MARK_KEY, key, strict=True)]
            evidence: dict[str, Any] = connection.execute(select(Mark.evidence).where(*of_mark)).scalar() or {}
            witness: dict[str, Any] = evidence.get("witness", {})
            if witness.get("class") == class_id:
                erased = evidence | {"witness": witness | {"name": NO_WITNESS_NAME, "class": ""}}
                connection.execute(update(Mark.__table__).where(*of_mark).values(evidence=erased))
        detach_attempts_from_class(connection, class_id)
        connection.execute(
            update(ProjectorRow.__table__).where(ProjectorRow.class_id == class_id).values(class_id=None)
        )
        audit_log.erase_helper_names(connection, class_id, row.ward)
        for table in tables_of_classes():
            connection.execute(delete(table).where(table.c.class_id == class_id))
        connection.execute(delete(ClassSessionRow).where(ClassSessionRow.id == class_id))
    bump_versions(connection, learner_ids)


def _finish(session: Session, ward: str, now: datetime) -> None:
    require_no_open_class(session, ward)  # an account of the city may have opened one since
    details = {"name": wards.ward_label(ward)}
    audit_log.record(session, None, "ward_forgotten", target_id=ward, ward=CITY, now=now, details=details)
    session.flush()
    checkpoint_after_commit(session)

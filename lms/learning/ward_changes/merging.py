"""Merge a ward into another one, in one transaction: what goes on moves, what was counted stays where it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.learning import wards
from lms.learning.accounts import audit_log
from lms.learning.movement_statistics.figure_releases import open_years
from lms.learning.movement_statistics.published_values import move_published_values
from lms.learning.period_reports.report_scope import closing_day
from lms.learning.store.models import (
    AccountRow,
    AuditLogRow,
    ClassSessionRow,
    DailyFigure,
    HandCountedFigureRow,
    Learner,
    PlannedClassRow,
    ReleasedFigure,
    ReleasedHandCountedFigure,
    TargetRow,
    WardChangeRow,
    WorkshopCourse,
)
from lms.learning.store.ward_changes import read_ward_changes
from lms.learning.targets.periods import parse_period
from lms.learning.ward_changes.locking import lock_ward_changes
from lms.learning.ward_changes.problems import InvalidWardChange
from lms.learning.ward_changes.unit_merging import move_units


@dataclass(frozen=True, slots=True)
class Merger:
    """What a merger moved, by title, and what stays, with the reason. ``is_new``: False if it had happened before."""

    moved: Mapping[str, int]
    stays: Mapping[str, tuple[int, str]]
    is_new: bool

    def __bool__(self) -> bool:
        return self.is_new or any(self.moved.values())


def merge_ward(session: Session, former: str, successor: str, *, now: datetime) -> Merger:
    """Merge the ward with the code ``former`` into ``successor``.

    Called again, it moves what came under the former code meanwhile, as from a page that was open, and what came under
    the codes of wards that had been merged into the former one.

    Raises:
        InvalidWardChange: one of them is no ward now, or both are the same.
    """
    if former == successor:
        raise InvalidWardChange("same", former)
    lock_ward_changes(session, former, successor, now=now)
    connection = session.connection()
    changes = read_ward_changes(connection)
    wards.set_ward_changes(changes)
    if wards.find_ward(successor) is None:
        raise InvalidWardChange("former", successor)
    before = next((change for change in reversed(changes) if change.is_merger and change.code == former), None)
    if before and wards.current_ward_code(former) != successor:
        raise InvalidWardChange("former", former)
    if before is None:
        _record_change(session, former, successor, len(changes), now)
    moved = Counter[str]()
    for code in _with_merged(former, changes):
        moved.update(_move(session, code, successor, now))
        moved.update(move_units(session, code, successor, is_first=before is None and code == former, now=now))
    if before is None or any(moved.values()):
        details = {"name": _name(former, changes), "successor": wards.ward_label(successor), "moved": moved}
        audit_log.record(session, None, "ward_merged", target_id=former, ward=successor, now=now, details=details)
    return Merger(moved, _count_kept_rows(session, former), before is None)


def _with_merged(code: str, changes: list[wards.WardChange]) -> list[str]:
    """The code, then those of the wards that were merged into it, also by way of others."""
    codes = [code]
    for change in reversed(changes):
        if change.is_merger and change.successor in codes:
            codes.append(change.code)
    return codes


def _name(code: str, changes: list[wards.WardChange]) -> str:
    return next((each.full_name for each in changes if each.is_merger and each.code == code), wards.ward_label(code))


def _record_change(session: Session, former: str, successor: str, number: int, now: datetime) -> None:
    try:
        ward = wards.get_ward(former)
    except KeyError as error:
        raise InvalidWardChange("unknown", former) from error
    session.connection().execute(
        insert(WardChangeRow.__table__).values(
            id=number + 1,
            code=former,
            kind=ward.kind,
            name=ward.name,
            slug=ward.slug,
            successor=successor,
            new_kind="",
            new_name="",
            changed_at=now,
        )
    )


def _move(session: Session, former: str, successor: str, now: datetime) -> dict[str, int]:
    connection = session.connection()

    def move(model: type[Any], *where: Any) -> int:
        return connection.execute(
            update(model.__table__).where(model.ward == former, *where).values({model.ward: successor})
        ).rowcount

    accounts, classes, learners = move(AccountRow), move(ClassSessionRow), move(Learner)  # the order of store/locks.py
    moved = {
        "tài khoản": accounts,
        "người học đã chọn nơi này": learners,
        "lớp, với báo cáo": classes,
        "lớp trong lịch": move(PlannedClassRow),
        "chỉ tiêu của kỳ còn mở": move(TargetRow, TargetRow.period.in_(_open_periods(session, former, now))),
        "khóa học do phường soạn": move(WorkshopCourse),
        "dòng nhật ký": move(AuditLogRow),
    }
    for model in (ReleasedFigure, ReleasedHandCountedFigure):
        move_published_values(connection, model, former, successor, years=open_years(now))
    return moved


def _open_periods(session: Session, ward: str, now: datetime) -> list[str]:
    """The periods of the ward's targets that are not closed yet."""
    today = vietnam_time.to_vietnam_time(now).date()
    keys = session.connection().scalars(select(TargetRow.period).where(TargetRow.ward == ward).distinct())
    return [key for key in keys if (period := parse_period(key)) and closing_day(period) > today]


def _count_kept_rows(session: Session, former: str) -> dict[str, tuple[int, str]]:
    connection = session.connection()

    def count(model: type[Any]) -> int:
        counted = select(func.count()).select_from(model.__table__).where(model.ward == former)
        return connection.execute(counted).scalar_one()

    both = "ghi dưới tên cũ; báo cáo của kỳ chốt sau ngày nhập tính cả hai nơi"
    return {
        "số liệu theo ngày": (count(DailyFigure), both),
        "số đếm tay": (count(HandCountedFigureRow), both),
        "chỉ tiêu của kỳ đã chốt": (count(TargetRow), "báo cáo đã chốt giữ nguyên, dưới tên cũ"),
    }

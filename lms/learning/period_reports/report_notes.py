"""Difficulties and proposals that organisers write on a report: who and when, history, erasing of earlier texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.learning.accounts import audit_log, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidReportNote, ReportNoteChanged
from lms.learning.learners.learner_store import clean_line
from lms.learning.org_units.unit_store import OrgUnit, ensure_place_unit
from lms.learning.period_reports.report_scope import closing_day
from lms.learning.store.database import secure_delete
from lms.learning.store.models import AccountRow, ReportNoteRow
from lms.learning.targets.periods import Period

MAX_LENGTH = 500  # of a text, so that the report stays one A4
MAX_LINES = 6
_TELEPHONE = re.compile(r"(?<![\d.])(?:\+?84|0)(?:[ .-]?\d){8}")  # also an ID number


@dataclass(frozen=True, slots=True)
class ReportNote:
    """``version`` 0: nobody has written anything. ``supplement``: what was added after the closing."""

    version: int = 0
    difficulties: str = ""
    proposals: str = ""
    supplement: str = ""
    written_by: str = ""
    written_at: datetime | None = None

    @property
    def texts(self) -> dict[str, str]:
        return {"difficulties": self.difficulties, "proposals": self.proposals, "supplement": self.supplement}


def find_note(session: Session, unit_id: str, period: str) -> ReportNote:
    """The notes as they are now."""
    return next(iter(find_note_history(session, unit_id, period)), ReportNote())


def find_note_history(session: Session, unit_id: str, period: str) -> list[ReportNote]:
    """All versions, the latest first, with the names that their accounts have now."""
    rows = session.connection().execute(
        select(*ReportNoteRow.__table__.c, AccountRow.name)
        .join(AccountRow, AccountRow.id == ReportNoteRow.account_id)
        .where(ReportNoteRow.unit_id == unit_id, ReportNoteRow.period == period)
        .order_by(ReportNoteRow.version.desc())
    )
    return [
        ReportNote(row.version, row.difficulties, row.proposals, row.supplement, row.name, row.written_at)
        for row in rows
    ]


def open_fields(period: Period, now: datetime) -> tuple[str, ...]:
    """Which texts can be written: after the closing, a supplement alone."""
    is_closed = vietnam_time.to_vietnam_time(now).date() >= closing_day(period)
    return ("supplement",) if is_closed else ("difficulties", "proposals")


def write_note(
    session: Session,
    unit: OrgUnit,
    period: Period,
    texts: Mapping[str, str],
    *,
    version: int,
    by: Account,
    now: datetime,
) -> ReportNote:
    """Write the texts that are open; others stay. The same again, as after a double tap, is no new version.

    ``version``: of the notes that were read, so that nobody overwrites what they have not seen.

    Raises:
        NotAllowed: the account may not write on the reports of this ward.
        InvalidReportNote: with a problem for each wrong field.
        ReportNoteChanged: somebody wrote meanwhile, or the period closed; nothing was written.
    """
    permissions.require_permission(by, "write_report_note", PermissionTarget(unit.ward))
    fields = open_fields(period, now)
    cleaned = {field: _clean(text) for field, text in texts.items()}
    if problems := {field: problem for field, text in cleaned.items() if (problem := _find_problem(text))}:
        raise InvalidReportNote(problems)
    ensure_place_unit(session, unit.ward, now=now)  # its lock lets the second of two writers wait for the first
    before = find_note(session, unit.id, period.key)
    if all(before.texts[field] == text for field, text in cleaned.items()):
        return before
    if before.version != version or not cleaned.keys() <= {*fields}:
        raise ReportNoteChanged(unit.id)
    session.connection().execute(
        insert(ReportNoteRow.__table__).values(
            unit_id=unit.id,
            period=period.key,
            version=before.version + 1,
            account_id=by.id,
            written_at=now,
            **before.texts | cleaned,
        )
    )
    _record(session, unit, period, by, "report_note_written", now)
    return find_note(session, unit.id, period.key)


def erase_earlier_notes(session: Session, unit: OrgUnit, period: Period, *, by: Account, now: datetime) -> None:
    """Erase the texts of all versions but the latest; who wrote them and when stays.

    Raises:
        NotAllowed: as ``write_note``.
    """
    permissions.require_permission(by, "write_report_note", PermissionTarget(unit.ward))
    ensure_place_unit(session, unit.ward, now=now)
    latest = find_note(session, unit.id, period.key)
    connection = session.connection()
    with secure_delete(connection):
        connection.execute(
            update(ReportNoteRow.__table__)
            .where(
                ReportNoteRow.unit_id == unit.id,
                ReportNoteRow.period == period.key,
                ReportNoteRow.version < latest.version,
            )
            .values(difficulties="", proposals="", supplement="")
        )
    _record(session, unit, period, by, "report_note_erased", now)


def _clean(text: str) -> str:
    """Lines without invisible characters, and none that is empty."""
    return "\n".join(line for each in text.splitlines() if (line := clean_line(each)))


def _find_problem(text: str) -> str:
    if len(text) > MAX_LENGTH or text.count("\n") >= MAX_LINES:
        return "too_long"
    return "number" if _TELEPHONE.search(text) else ""


def _record(session: Session, unit: OrgUnit, period: Period, by: Account, action: str, now: datetime) -> None:
    details = {"name": f"{unit.name}, {period.name}"}
    audit_log.record(session, by, action, target_id=unit.id, ward=unit.ward, now=now, details=details)

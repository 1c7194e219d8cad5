"""The ledger of a unit and a period: targets, figures counted by hand and notes; written, corrected and signed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import ColumnExpressionArgument, select, update
from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.learning.accounts import audit_log, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidLedgerEntry, LedgerChanged
from lms.learning.learners.learner_store import clean_line
from lms.learning.ledger.indicators import all_indicators
from lms.learning.ledger.periods import Period
from lms.learning.movement_statistics.counting import CLOSING_DAYS
from lms.learning.org_units.unit_store import OrgUnit, ensure_place_unit, find_unit
from lms.learning.store.database import secure_delete
from lms.learning.store.models import AccountRow, LedgerEntry

TARGET_KINDS = ("registered", "given")
NOTES = ("difficulties", "proposals", "supplement")
MAX_NUMBER = 20_000_000  # more than twice the people of the city
MAX_LENGTHS = MappingProxyType({"note": 500, "counted": 120})  # so that the report stays one A4
MAX_LINES = 6
_TELEPHONE = re.compile(r"(?<![\d.])(?:\+?84|0)(?:[ .-]?\d){8}")  # also an ID number


class Cell(NamedTuple):
    """Where an entry stands in the ledger of a unit and a period. ``indicator``: of a note, which of ``NOTES``."""

    kind: str
    indicator: str


class Value(NamedTuple):
    """What an entry says."""

    number: int | None = None
    text: str = ""


def closing_day(period: Period) -> date:
    """The first day on which the last month of a period takes no more figures."""
    return period.last + timedelta(days=CLOSING_DAYS + 1)


def is_closed(period: Period, now: datetime) -> bool:
    return vietnam_time.to_vietnam_time(now).date() >= closing_day(period)


def open_cells(session: Session, account: Account, unit: OrgUnit, period: Period, now: datetime) -> list[Cell]:
    """The cells of a unit's period that the account may write, in the order of the page.

    What is given comes from the unit above. A unit that was closed gets no new target. Figures are of a month. After
    the closing of the period, a supplement alone is noted.
    """
    if not permissions.is_permitted(account, "write_ledger", PermissionTarget(unit.ward)):
        return []
    above = find_unit(session, unit.parent_id) if unit.parent_id else None
    kinds = ["counted"] if period.months == 1 else []
    kinds.append("registered")
    if above and permissions.is_permitted(account, "write_ledger", PermissionTarget(above.ward)):
        kinds.append("given")
    numbers = [Cell(kind, indicator) for indicator in all_indicators() for kind in kinds]
    if unit.is_closed:
        written = {(entry.kind, entry.indicator) for entry in find_entries(session, unit.id, period.key)}
        numbers = [cell for cell in numbers if cell.kind == "counted" or cell in written]
    notes = ("supplement",) if is_closed(period, now) else ("difficulties", "proposals")
    return numbers + [Cell("note", name) for name in notes]


def write_ledger(
    session: Session,
    unit: OrgUnit,
    period: Period,
    values: Mapping[Cell, Value],
    *,
    seen: int,
    signs: bool = False,
    by: Account,
    now: datetime,
) -> None:
    """Write what is not in the ledger yet; with ``signs``, sign the targets among ``values`` off: they are public.

    The same again, as after a double tap, is no new entry. ``seen``: the latest entry that was read, so that nobody
    overwrites or signs what they have not seen.

    Raises:
        NotAllowed: the account may not write into the ledger of this ward, or not into one of these cells.
        InvalidLedgerEntry: with a problem for each wrong cell.
        LedgerChanged: somebody wrote into one of the cells meanwhile, or the period closed; nothing was written.
    """
    permissions.require_permission(by, "write_ledger", PermissionTarget(unit.ward))
    above = find_unit(session, unit.parent_id) if unit.parent_id else None
    if above and any(cell.kind == "given" for cell in values):
        permissions.require_permission(by, "write_ledger", PermissionTarget(above.ward))
    cleaned = {cell: Value(value.number, _clean(value.text)) for cell, value in values.items()}
    if problems := {cell: problem for cell, value in cleaned.items() if (problem := _find_problem(cell, value))}:
        raise InvalidLedgerEntry(problems)
    ensure_place_unit(session, unit.ward, now=now)  # its lock lets the second of two writers wait for the first
    allowed = {*open_cells(session, by, unit, period, now)}
    before = {Cell(entry.kind, entry.indicator): entry for entry in find_entries(session, unit.id, period.key)}
    written = list[LedgerEntry]()
    for cell, value in cleaned.items():
        entry = before.get(cell)
        is_same = value == (Value(entry.number, entry.text) if entry else Value())
        is_signature = signs and cell.kind in TARGET_KINDS and not (is_same and (entry is None or entry.is_signed))
        if is_same and not is_signature:
            continue
        if cell not in allowed or (entry and entry.id > seen and not is_same):
            raise LedgerChanged(unit.id)
        written.append(
            LedgerEntry(
                unit_id=unit.id,
                ward=unit.ward,
                period=period.key,
                kind=cell.kind,
                indicator=cell.indicator,
                number=value.number,
                text=value.text,
                is_signed=is_signature,
                account_id=by.id,
                at=now,
            )
        )
    if written:
        session.add_all(written)
        session.flush()
        signs = any(entry.is_signed for entry in written)
        _record(session, unit, period, by, "ledger_signed" if signs else "ledger_written", now)


def erase_earlier_texts(session: Session, unit: OrgUnit, period: Period, *, by: Account, now: datetime) -> None:
    """Erase the texts of all entries but the latest of each cell; who wrote them and when stays.

    Raises:
        NotAllowed: as ``write_ledger``.
    """
    permissions.require_permission(by, "write_ledger", PermissionTarget(unit.ward))
    ensure_place_unit(session, unit.ward, now=now)
    of_period = (LedgerEntry.unit_id == unit.id, LedgerEntry.period == period.key)
    connection = session.connection()
    latest = connection.scalars(LedgerEntry.latest_ids(*of_period)).all()
    with secure_delete(connection):
        connection.execute(
            update(LedgerEntry.__table__).where(*of_period, LedgerEntry.id.not_in(latest)).values(text="")
        )
    _record(session, unit, period, by, "ledger_erased", now)


def find_entries(session: Session, unit_id: str, period: str) -> list[LedgerEntry]:
    """The latest entry of each cell of a unit's period."""
    return find_latest(session, LedgerEntry.unit_id == unit_id, LedgerEntry.period == period)


def find_notes(session: Session, unit_id: str, period: str) -> dict[str, LedgerEntry]:
    """The notes of a unit's period that have a text, by name."""
    found = {entry.indicator: entry for entry in find_entries(session, unit_id, period) if entry.kind == "note"}
    return {name: found[name] for name in NOTES if name in found and found[name].text}


def find_history(session: Session, unit_id: str, period: str) -> list[tuple[LedgerEntry, str]]:
    """All entries of a unit's period, the latest first, each with the name that its account has now."""
    rows = session.execute(
        select(LedgerEntry, AccountRow.name)
        .join(AccountRow, AccountRow.id == LedgerEntry.account_id)
        .where(LedgerEntry.unit_id == unit_id, LedgerEntry.period == period)
        .order_by(LedgerEntry.id.desc())
    )
    return [(entry, name) for entry, name in rows]


def find_targets(session: Session, *, ward: str, periods: Collection[str]) -> list[LedgerEntry]:
    """The targets of a ward's units ("" is the city and its organisations) for these periods, as they are now."""
    return [
        entry
        for entry in find_latest(
            session, LedgerEntry.ward == ward, LedgerEntry.period.in_(periods), LedgerEntry.kind.in_(TARGET_KINDS)
        )
        if entry.number is not None
    ]


def find_public_targets(session: Session, *, ward: str, periods: Collection[str]) -> list[LedgerEntry]:
    """What units of the ward ("": of the city) have signed off for these periods; everybody may read it."""
    return [
        entry
        for entry in find_latest(
            session, LedgerEntry.ward == ward, LedgerEntry.period.in_(periods), LedgerEntry.is_signed
        )
        if entry.number is not None
    ]


def find_latest(session: Session, *conditions: ColumnExpressionArgument[bool]) -> list[LedgerEntry]:
    """Of the entries that fulfil the conditions, the latest of each cell."""
    latest = select(LedgerEntry).where(LedgerEntry.id.in_(LedgerEntry.latest_ids(*conditions)))
    return [*session.scalars(latest.order_by(LedgerEntry.id))]


def _clean(text: str) -> str:
    """Lines without invisible characters, and none that is empty."""
    return "\n".join(line for each in text.splitlines() if (line := clean_line(each)))


def _find_problem(cell: Cell, value: Value) -> str:
    if value.number is not None and not 1 <= value.number <= MAX_NUMBER:
        return "range"
    if len(value.text) > MAX_LENGTHS.get(cell.kind, 0) or value.text.count("\n") >= MAX_LINES:
        return "too_long"
    return "telephone" if _TELEPHONE.search(value.text) else ""


def _record(session: Session, unit: OrgUnit, period: Period, by: Account, action: str, now: datetime) -> None:
    details = {"name": f"{unit.name}, {period.name}"}
    audit_log.record(session, by, action, target_id=unit.id, ward=unit.ward, now=now, details=details)

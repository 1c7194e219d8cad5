"""Merge a ward into another one, or give one a new name: rows of the store, while no site runs on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.accounts import audit_log
from lms.learning.learners.learner_store import clean_line
from lms.learning.org_units.names import name_key
from lms.learning.org_units.unit_list import MAX_NAME_LENGTH
from lms.learning.org_units.unit_store import ensure_place_unit, find_units
from lms.learning.store.models import Base, OrgUnitRow
from lms.learning.wards import Ward

MAX_WARD_NAME_LENGTH = 50
_UNITS = OrgUnitRow.__table__


def merge_ward(session: Session, former: Ward, successor: Ward, *, now: datetime) -> dict[str, int]:
    """Give the successor all rows of the former ward, and close that. Returns how many, by table.

    Figures that are counted or published by day or year stay under the code under which they were counted, and targets,
    entries and reports of the ward itself stay with its unit.
    """
    for ward in sorted((former, successor), key=lambda each: each.code):
        ensure_place_unit(session, ward.code, now=now)
    _move_units(session, former, successor, now)
    connection, moved = session.connection(), dict[str, int]()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name not in ("ward", "counted_ward") or column.primary_key or table is _UNITS:
                continue
            where = [column == former.code]
            if "unit_id" in table.columns:
                where.append(or_(table.c.unit_id.is_(None), table.c.unit_id != former.code))
            rows = connection.execute(update(table).where(*where).values({column.name: successor.code})).rowcount
            if rows:
                moved[table.name] = moved.get(table.name, 0) + rows
    details = {"name": former.full_name, "successor": successor.full_name, "moved": moved}
    audit_log.record(session, None, "ward_merged", target_id=former.code, ward=successor.code, now=now, details=details)
    return moved


def rename_ward(session: Session, ward: Ward, new_name: str, *, now: datetime) -> str:
    """Give the ward another name, with or without a kind before it, which else stays. Returns the full name.

    Raises:
        ValueError: it has no letter, is too long, or another ward has it.
    """
    typed = clean_line(new_name)
    kind = next((each for each in wards.KINDS if typed.casefold().startswith(f"{each.casefold()} ")), "")
    name = typed[len(kind) :].strip()
    if not any(letter.isalpha() for letter in name) or len(name) > MAX_WARD_NAME_LENGTH:
        raise ValueError(f"Tên mới có ít nhất một chữ, nhiều nhất {MAX_WARD_NAME_LENGTH} chữ.")
    if other := next((each for each in wards.search_wards(name) if each != ward), None):
        raise ValueError(f"{other.full_name} đang mang tên ấy. Chọn tên khác.")
    full_name = f"{kind or ward.kind} {name}"
    ensure_place_unit(session, ward.code, now=now)
    session.connection().execute(update(_UNITS).where(_UNITS.c.id == ward.code).values(name=full_name, changed_at=now))
    details = {"name": ward.full_name, "new_name": full_name}
    audit_log.record(session, None, "ward_renamed", target_id=ward.code, ward=ward.code, now=now, details=details)
    return full_name


def _move_units(session: Session, former: Ward, successor: Ward, now: datetime) -> None:
    """Of two units of one name the one that comes gets the name of its ward behind its own."""
    connection = session.connection()
    connection.execute(update(_UNITS).where(_UNITS.c.id == former.code).values(closed_at=now, changed_at=now))
    taken = {name_key(unit.name) for unit in find_units(session, ward=successor.code, include_closed=True)}
    for unit in find_units(session, ward=former.code, include_closed=True):
        behind = f" ({former.full_name})" if name_key(unit.name) in taken else ""
        values = {
            "ward": successor.code,
            "parent_id": successor.code if unit.parent_id == former.code else unit.parent_id,
            "name": unit.name[: MAX_NAME_LENGTH - len(behind)] + behind,
            "version": unit.version + 1,
            "changed_at": now,
        }
        connection.execute(update(_UNITS).where(_UNITS.c.id == unit.id).values(values))

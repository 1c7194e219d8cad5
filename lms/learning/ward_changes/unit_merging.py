"""The units of a ward that is merged: chapters of one organisation become one, neighbourhoods stay what they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.movement_statistics.figure_releases import open_years
from lms.learning.movement_statistics.published_values import move_published_values
from lms.learning.org_units.unit_list import MAX_NAME_LENGTH, spelling
from lms.learning.org_units.unit_store import OrgUnit, find_unit, find_units
from lms.learning.store.models import OrgUnitMember, OrgUnitMove, OrgUnitRow, PlannedClassRow, ReleasedUnitFigure


def move_units(session: Session, former: str, successor: str, *, is_first: bool, now: datetime) -> dict[str, int]:
    """Let the units of a former ward belong to its successor; returns how many moved and how many became one.

    An organisation of the same name, or of the same key of organisations.csv, is the one that the successor has: its
    people and its classes to come go there, its targets stay beside the other's under a name that tells them apart.
    Two neighbourhoods of the same name are two places: the one that comes gets the name of its former ward behind its
    own. ``is_first``: the ward itself is to be closed.
    """
    history: list[dict[str, Any]] = []
    moved = merged = 0
    if is_first:
        history.append(_move_row(former, former, successor, now))
        _update(session, find_unit(session, former), now, closed_at=now)
    there = find_units(session, ward=successor, include_closed=True)
    for unit in find_units(session, ward=former, include_closed=True):
        same = _find_same(unit, there)
        if same:
            _merge(session, unit, same, former, successor, now)
            merged += 1
        else:
            parent_id = successor if unit.parent_id == former else unit.parent_id
            beside = [other for other in there if (other.kind, other.parent_id) == (unit.kind, parent_id)]
            is_taken = any(spelling(other.name) == spelling(unit.name) for other in beside)
            name = _with_ward(unit.name, former) if is_taken else unit.name
            _update(session, unit, now, ward=successor, parent_id=parent_id, name=name)
            moved += 1
        history.append(_move_row(unit.id, former, same.id if same else unit.id, now))
    if history:
        session.connection().execute(insert(OrgUnitMove.__table__), history)
    return {"đơn vị chuyển sang": moved, "tổ chức nhập làm một": merged}


def _find_same(unit: OrgUnit, there: list[OrgUnit]) -> OrgUnit | None:
    """The open organisation of the successor that this one is a second chapter of."""
    if unit.kind != "organisation":
        return None
    others = [other for other in there if other.kind == "organisation" and not other.is_closed]
    named = [other for other in others if spelling(other.name) == spelling(unit.name)]
    of_key = [other for other in others if unit.organisation and other.organisation == unit.organisation]
    return next(iter(named), of_key[0] if len(of_key) == 1 else None)


def _merge(session: Session, unit: OrgUnit, same: OrgUnit, former: str, successor: str, now: datetime) -> None:
    connection = session.connection()
    already = set(connection.scalars(select(OrgUnitMember.account_id).where(OrgUnitMember.unit_id == same.id)))
    of_unit = OrgUnitMember.unit_id == unit.id
    connection.execute(delete(OrgUnitMember).where(of_unit, OrgUnitMember.account_id.in_(already)))
    connection.execute(update(OrgUnitMember.__table__).where(of_unit).values(unit_id=same.id))
    connection.execute(
        update(PlannedClassRow.__table__).where(PlannedClassRow.unit_id == unit.id).values(unit_id=same.id)
    )
    name = _with_ward(unit.name, former)
    _update(session, unit, now, ward=successor, parent_id=successor, name=name, closed_at=unit.closed_at or now)
    move_published_values(connection, ReleasedUnitFigure, unit.id, same.id, years=open_years(now))


def _with_ward(name: str, ward: str) -> str:
    behind = f" ({wards.ward_label(ward)})"
    return name[: MAX_NAME_LENGTH - len(behind)].rstrip() + behind


def _move_row(unit_id: str, former: str, successor_id: str, now: datetime) -> dict[str, Any]:
    return {"unit_id": unit_id, "moved_at": now, "former_ward": former, "successor_id": successor_id}


def _update(session: Session, unit: OrgUnit, now: datetime, **values: object) -> None:
    changed = {**values, "version": unit.version + 1, "changed_at": now}
    session.connection().execute(update(OrgUnitRow.__table__).where(OrgUnitRow.id == unit.id).values(changed))

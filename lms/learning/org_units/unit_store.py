"""Reads of units: one, those of a ward, those of an account."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, insert, select
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.accounts.permissions import CITY
from lms.learning.errors import NotFound
from lms.learning.org_units.names import name_key
from lms.learning.store.models import AccountRow, OrgUnitMember, OrgUnitRow
from lms.learning.store.upsert import Upsert

_INSERT_IF_MISSING = Upsert(OrgUnitRow)
_DIGITS = re.compile(r"([0-9]+)")
UnitKind = Literal["city", "ward", "organisation", "neighbourhood", "digital_team"]
CITY_UNIT_ID = "tp"  # a ward's unit has its code as id


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """A unit as it is now. ``parent_id`` None: it is the city. ``organisation``: a key of organisations.csv, or ""."""

    id: str
    kind: UnitKind
    ward: str
    parent_id: str | None
    organisation: str
    name: str
    closed_at: datetime | None
    version: int

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_listed(self) -> bool:
        """Whether an organiser keeps it in a list; the city and the wards are given."""
        return self.kind not in ("city", "ward")


def place_unit_id(ward: str) -> str:
    """The id of the unit that is this ward, or with "" the city."""
    return ward or CITY_UNIT_ID


def find_unit(session: Session, unit_id: str) -> OrgUnit:
    """The unit with this id, closed or not; the city and the wards are there without a row.

    Raises:
        NotFound: there is none.
    """
    row = session.connection().execute(select(*OrgUnitRow.__table__.c).where(OrgUnitRow.id == unit_id)).first()
    if row is not None:
        return _from_row(row)
    if unit_id == CITY_UNIT_ID or wards.find_ward(unit_id):
        return _place_unit(CITY if unit_id == CITY_UNIT_ID else unit_id)
    raise NotFound(unit_id)


def find_units(session: Session, *, ward: str, include_closed: bool = False) -> list[OrgUnit]:
    """The organisations, neighbourhoods and digital teams of a ward ("" is the city), in the order of their names."""
    conditions = [OrgUnitRow.ward == ward, OrgUnitRow.kind.not_in(("city", "ward"))]
    if not include_closed:
        conditions.append(OrgUnitRow.closed_at.is_(None))
    return units_by_condition(session, *conditions)


def units_by_condition(session: Session, *conditions: ColumnElement[bool]) -> list[OrgUnit]:
    """The units of which all conditions are true, in the order of their names."""
    rows = session.connection().execute(select(*OrgUnitRow.__table__.c).where(*conditions))
    return sorted(map(_from_row, rows), key=lambda unit: (_order(unit.name), unit.name))


def find_units_of_account(session: Session, account_id: str) -> list[OrgUnit]:
    """The units that the account belongs to, in the order of their names, also closed ones."""
    joined: Any = select(*OrgUnitRow.__table__.c).join(OrgUnitMember, OrgUnitMember.unit_id == OrgUnitRow.id)
    rows = session.connection().execute(joined.where(OrgUnitMember.account_id == account_id))
    return sorted(map(_from_row, rows), key=lambda unit: (_order(unit.name), unit.name))


def find_member_names(session: Session, unit_id: str) -> list[tuple[str, str]]:
    """(account id, name) of those who belong to the unit and are not disabled, by name."""
    rows = session.connection().execute(
        select(AccountRow.id, AccountRow.name)
        .join(OrgUnitMember, OrgUnitMember.account_id == AccountRow.id)
        .where(OrgUnitMember.unit_id == unit_id, AccountRow.disabled_at.is_(None))
        .order_by(AccountRow.login)
    )
    return [(row.id, row.name) for row in rows]


def unit_label(unit: OrgUnit, by_id: dict[str, OrgUnit]) -> str:
    """The name; of a digital team that does not say whose it is, with its neighbourhood."""
    parent = by_id.get(unit.parent_id or "")
    if unit.kind != "digital_team" or parent is None or name_key(parent.name) in name_key(unit.name):
        return unit.name
    return f"{unit.name}, {parent.name}"


def ensure_place_unit(session: Session, ward: str, *, now: datetime) -> str:
    """Give the ward (or with "" the city) its row, and lock it, so that two changes of its list come in turn.

    The lock leaves units below it free to be added.
    """
    connection = session.connection()
    for place in dict.fromkeys((CITY, ward)):
        unit = _place_unit(place)
        if connection.scalar(select(OrgUnitRow.id).where(OrgUnitRow.id == unit.id)) is None:
            _INSERT_IF_MISSING.execute(connection, _values(unit, now))
    unit_id = place_unit_id(ward)
    connection.execute(select(OrgUnitRow.id).where(OrgUnitRow.id == unit_id).with_for_update(key_share=True))
    return unit_id


def insert_units(session: Session, units: Collection[OrgUnit], *, now: datetime) -> None:
    """Insert rows; parents stand before their children."""
    if units:
        session.connection().execute(insert(OrgUnitRow.__table__), [_values(unit, now) for unit in units])


def _values(unit: OrgUnit, now: datetime) -> dict[str, Any]:
    return {
        "id": unit.id, "kind": unit.kind, "ward": unit.ward, "parent_id": unit.parent_id,
        "organisation": unit.organisation, "name": unit.name, "closed_at": unit.closed_at, "version": unit.version,
        "changed_at": now,
    }  # fmt: skip


def _place_unit(ward: str) -> OrgUnit:
    name = wards.ward_label(ward)
    if ward == CITY:
        return OrgUnit(CITY_UNIT_ID, "city", CITY, None, "", name, None, 1)
    return OrgUnit(ward, "ward", ward, CITY_UNIT_ID, "", name, None, 1)


def _from_row(row: Row[Any]) -> OrgUnit:
    kind: UnitKind = row.kind
    name = wards.ward_label(row.ward) if kind in ("city", "ward") else row.name
    return OrgUnit(row.id, kind, row.ward, row.parent_id, row.organisation, name, row.closed_at, row.version)


def _order(name: str) -> tuple[str | int, ...]:
    """ "Khu phố 2" before "Khu phố 10", and Đ behind D; names that differ in tone marks alone are equal."""
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "dzz"))
    parts = _DIGITS.split("".join(letter for letter in letters if not unicodedata.combining(letter)))
    return tuple(int(part) if number % 2 else part for number, part in enumerate(parts))

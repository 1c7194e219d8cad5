"""Where units were before their ward was merged into another one, and which units became one by that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.org_units.unit_store import OrgUnit, find_unit, find_units, units_by_condition
from lms.learning.store.models import OrgUnitMove, OrgUnitRow


class UnitMerge(NamedTuple):
    """``successor_id``: what the unit became part of; its own id if it only changed its ward."""

    unit_id: str
    moved_at: datetime
    former_ward: str
    successor_id: str


class OrgUnitHistory:
    """All moves of units, the earliest first; none where no ward was ever merged."""

    def __init__(self, moves: Sequence[UnitMerge]) -> None:
        self.moves = moves

    def current(self, unit_id: str, *, at: datetime | None = None) -> str:
        """The unit that this one had become part of ``at`` a moment, or by now; else the unit itself."""
        for move in self.moves:
            if move.unit_id == unit_id and (at is None or move.moved_at <= at):
                unit_id = move.successor_id
        return unit_id

    def merged_ids(self, unit_id: str, *, at: datetime | None) -> tuple[str, ...]:
        """The unit and all that had become part of it; none if it was itself part of another one by then."""
        ids = dict.fromkeys((unit_id, *(move.unit_id for move in self.moves)))
        return tuple(one for one in ids if self.current(one, at=at) == unit_id)

    def ward_of(self, unit: OrgUnit, *, at: datetime | None) -> str:
        """The ward in which a unit was ``at`` a moment, or is now."""
        later = [move for move in self.moves if move.unit_id == unit.id and at is not None and move.moved_at > at]
        return later[0].former_ward if later else unit.ward


def read_unit_history(session: Session) -> OrgUnitHistory:
    """The moves of all units."""
    if not wards.all_ward_merges():
        return OrgUnitHistory(())
    rows = session.connection().execute(
        select(OrgUnitMove.unit_id, OrgUnitMove.moved_at, OrgUnitMove.former_ward, OrgUnitMove.successor_id).order_by(
            OrgUnitMove.moved_at, OrgUnitMove.unit_id
        )
    )
    return OrgUnitHistory([UnitMerge(*row) for row in rows])


def find_units_at(session: Session, ward: str, history: OrgUnitHistory, *, at: datetime | None) -> list[OrgUnit]:
    """The units of a ward ``at`` a moment, or now, also closed ones, and those that had become part of another one."""
    if at is None or not history.moves:
        return find_units(session, ward=ward, include_closed=True)
    moved = {move.unit_id for move in history.moves if move.former_ward == ward}
    found = units_by_condition(session, or_(OrgUnitRow.ward == ward, OrgUnitRow.id.in_(moved)))
    return [unit for unit in found if unit.is_listed and history.ward_of(unit, at=at) == ward]


def find_ward_with_merged_wards(session: Session, ward: str) -> list[OrgUnit]:
    """The ward (with "" the city) as a unit, and those wards that were merged into it."""
    return [
        find_unit(session, code) if code else find_unit(session, "tp") for code in wards.ward_codes_with_merged(ward)
    ]

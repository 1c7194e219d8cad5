"""Let this process know which wards were merged away or renamed: the rows of their units say it."""

from __future__ import annotations

from sqlalchemy import Engine, select

from lms.learning import wards
from lms.learning.store.models import OrgUnitRow


def load_changed_wards(engine: Engine) -> None:
    """Read the changes once, when a process begins."""
    own_units = OrgUnitRow.id.in_(wards.listed_codes())  # a ward's unit has its code
    units = select(OrgUnitRow.id, OrgUnitRow.name, OrgUnitRow.closed_at).where(own_units, OrgUnitRow.kind == "ward")
    with engine.connect() as connection:
        rows = connection.execute(units).all()
    wards.set_changed_wards(
        names={row.id: row.name for row in rows}, merged={row.id for row in rows if row.closed_at is not None}
    )

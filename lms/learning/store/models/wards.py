"""What became of wards since ``data/wards.csv`` was written, and of the units of those that were merged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class WardChangeRow(Base):
    """A merger or a new name, see ``wards.WardChange``. Never changed and never deleted."""

    __tablename__ = "ward_changes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, in the order of the changes
    code: Mapped[str] = mapped_column(String(5))
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(60))
    slug: Mapped[str] = mapped_column(String(70))
    successor: Mapped[str] = mapped_column(String(5))
    new_kind: Mapped[str] = mapped_column(String(8))
    new_name: Mapped[str] = mapped_column(String(60))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class OrgUnitMove(Base):
    """A unit that came into another ward by a merger. ``successor_id``: the unit that it became part of, or itself.

    Closed reports of either ward tell by it where the unit was. The ward itself is a unit, too, and has a row.
    """

    __tablename__ = "unit_moves"
    __table_args__ = (Index(None, "former_ward"), Index(None, "successor_id"))

    unit_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    moved_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    former_ward: Mapped[str] = mapped_column(String(5))
    successor_id: Mapped[str] = mapped_column(String(16))

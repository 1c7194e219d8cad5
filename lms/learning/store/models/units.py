"""Units of the movement: the city, its wards, their organisations and neighbourhoods, and who belongs to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class OrgUnitRow(Base):
    """A unit. It is never deleted while its ward is there, only closed: classes and targets name it.

    The city ("tp") and a ward (its code) have a row from the first time that something refers to them.
    """

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint("kind IN ('city', 'ward', 'organisation', 'neighbourhood', 'digital_team')", name="kind"),
        Index(None, "ward"),
        Index(None, "parent_id"),
        Index(None, "organisation"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[str] = mapped_column(String(13))
    ward: Mapped[str] = mapped_column(String(5))  # a code of data/wards.csv; "" is the city
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))  # null for the city alone
    organisation: Mapped[str] = mapped_column(String(20))  # a key of data/organisations.csv, or ""
    name: Mapped[str] = mapped_column(String(80))  # of the city and wards as it was; pages read data/wards.csv
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int]  # incremented by each change: two organisers do not overwrite each other
    changed_at: Mapped[datetime] = mapped_column(Instant)


class OrgUnitMember(Base):
    """An account belongs to a unit. It gives no right: those follow from the account's roles and ward."""

    __tablename__ = "unit_members"
    __table_args__ = (Index(None, "unit_id"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)

"""Targets of units with their history, and figures that were counted by hand."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class TargetRow(Base):
    """How much of an indicator a unit wants to reach in a period. What is public is ``signed_number`` alone."""

    __tablename__ = "targets"
    __table_args__ = (
        CheckConstraint("origin IN ('registered', 'given')", name="origin"),
        UniqueConstraint("unit_id", "period", "indicator", "origin"),
        Index(None, "ward", "period"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)  # hex
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    ward: Mapped[str] = mapped_column(String(5))  # of the unit
    indicator: Mapped[str] = mapped_column(String(20))  # a key of data/indicators.csv
    period: Mapped[str] = mapped_column(String(7))  # "2026", "2026-Q4" or "2026-12"
    origin: Mapped[str] = mapped_column(String(10))
    number: Mapped[int | None]  # null: withdrawn
    signed_number: Mapped[int | None]  # null: nothing is public
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int]  # incremented by each change: two organisers do not overwrite each other
    changed_at: Mapped[datetime] = mapped_column(Instant)


class TargetChange(Base):
    """One change of a target: by whom, when, from what to what. Never changed and never deleted alone."""

    __tablename__ = "target_changes"

    target_id: Mapped[str] = mapped_column(ForeignKey("targets.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # that it led to
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    is_signature: Mapped[bool]
    number_before: Mapped[int | None]
    number_after: Mapped[int | None]


class HandCountedFigureRow(Base):
    """A number that somebody counted without phones, of one day. It is taken back, never changed."""

    __tablename__ = "hand_figures"
    __table_args__ = (Index(None, "ward", "day"), Index(None, "day"))  # of a ward, and of the city

    id: Mapped[str] = mapped_column(String(16), primary_key=True)  # hex
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    ward: Mapped[str] = mapped_column(String(5))  # of the unit
    indicator: Mapped[str] = mapped_column(String(20))
    day: Mapped[date] = mapped_column(Date)
    number: Mapped[int]
    note: Mapped[str] = mapped_column(String(120))  # of what: "Ngày hội ở khu phố 3"
    entered_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

"""Figures of the movement: which classes were counted, counts by day and ward, and what was published of them.

No row here is about a person. Whether a learner has been counted is in the learner's own rows.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class CountedClass(Base):
    """A class that was counted, or left out and why: ``left_out`` is "" or a ``LeftOut``."""

    __tablename__ = "counted_classes"
    __table_args__ = (
        CheckConstraint("left_out IN ('', 'empty', 'few', 'short', 'repeated')", name="left_out"),
        Index(None, "ward", "held_on"),
        Index(None, "held_on"),  # for the city
        Index(None, "unit_id"),
    )

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    ward: Mapped[str] = mapped_column(String(5))
    held_on: Mapped[date] = mapped_column(Date)  # in Vietnam
    counted_on: Mapped[date] = mapped_column(Date)
    left_out: Mapped[str] = mapped_column(String(8))
    attendances: Mapped[int]  # of people with phones, without the next
    repeated: Mapped[int]  # of phones that were in another class of the ward on that day
    without_phone: Mapped[int]  # written down by the facilitator
    new_learners: Mapped[int]
    unit_id: Mapped[str | None] = mapped_column(String(16))  # that it was counted for, whoever has its plan today


class DailyFigure(Base):
    """How much of one indicator there was in a ward on a day. Only ever grows. Exact, so it is not published."""

    __tablename__ = "daily_figures"
    __table_args__ = (Index(None, "ward", "day"),)  # for a ward's year

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    ward: Mapped[str] = mapped_column(String(5), primary_key=True)  # "" for people whose ward nobody knows
    indicator: Mapped[str] = mapped_column(String(30), primary_key=True)
    count: Mapped[int]


class UnitFigure(Base):
    """How often an indicator was counted on a day for the unit that planned a class; its ward's figure has it, too."""

    __tablename__ = "unit_figures"
    __table_args__ = (Index(None, "unit_id", "day"),)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(30), primary_key=True)
    count: Mapped[int]


class FigureRelease(Base):
    """A day on which figures were published; at most one release a day."""

    __tablename__ = "figure_releases"

    released_on: Mapped[date] = mapped_column(Date, primary_key=True)
    released_at: Mapped[datetime] = mapped_column(Instant)
    lists: Mapped[dict[str, Any]] = mapped_column(JSON)  # by name what releases._publish listed


class ReleasedFigure(Base):
    """What everybody may read of an indicator in a ward and a year: a multiple of five that never falls."""

    __tablename__ = "released_figures"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ward: Mapped[str] = mapped_column(String(5), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[int]


class ReleasedHandCountedFigure(Base):
    """What everybody may read of figures counted by hand in a ward and its units: a multiple of five."""

    __tablename__ = "released_hand_figures"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ward: Mapped[str] = mapped_column(String(5), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(20), primary_key=True)  # a key of data/indicators.csv
    value: Mapped[int]

"""The calendar of classes: what a ward plans, and the seats that phones hold in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class PlannedClassRow(Base):
    """A class that a ward announces. It is public from the moment it is saved, and never deleted, only cancelled."""

    __tablename__ = "planned_classes"
    __table_args__ = (
        CheckConstraint("wheelchair IN ('', 'yes', 'no')", name="wheelchair"),
        Index(None, "starts_at"),
        Index(None, "ward", "starts_at"),
        Index(None, "series_id"),
        Index(None, "class_id"),
        Index(None, "unit_id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)  # hex; stands in the address of its page
    ward: Mapped[str] = mapped_column(String(5))  # a code of data/wards.csv; "" is a class of the city
    course: Mapped[str] = mapped_column(String(80))
    lesson: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    minutes: Mapped[int]
    venue: Mapped[str] = mapped_column(String(80))  # "Nhà văn hóa khu phố 3"
    address: Mapped[str] = mapped_column(String(120))  # street and number; may be empty
    map_url: Mapped[str] = mapped_column(String(300))
    floor: Mapped[str] = mapped_column(String(40))
    parking: Mapped[str] = mapped_column(String(80))
    wheelchair: Mapped[str] = mapped_column(String(3))  # "": nobody has said
    language: Mapped[str] = mapped_column(String(5))  # BCP 47, see calendar/class_plan.py
    bring: Mapped[str] = mapped_column(String(120))
    seats: Mapped[int | None]  # null: as many as come
    series_id: Mapped[str | None] = mapped_column(String(16))  # common to the classes that were planned together
    # Before the last move, shown to people who know the old time; null: it was never moved.
    moved_from: Mapped[datetime | None] = mapped_column(Instant)
    previous_venue: Mapped[str] = mapped_column(String(80))  # "": the venue is the first one
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    change_note: Mapped[str] = mapped_column(String(120))  # why it was moved or cancelled, for everybody to read
    class_id: Mapped[str | None] = mapped_column(ForeignKey("classes.id"))  # the class that was opened from the plan
    # Of units: who holds the class; null: the ward. Without a foreign key, for which SQLite would copy the table.
    unit_id: Mapped[str | None] = mapped_column(String(16))
    planned_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int]  # incremented by each change: two organisers do not overwrite each other
    changed_at: Mapped[datetime] = mapped_column(Instant)


class ReservationRow(Base):
    """A seat that a phone holds in a planned class. Deleted some days after the class, see calendar/reservations.py."""

    __tablename__ = "reservations"
    __table_args__ = (UniqueConstraint("learner_id", "planned_class_id"),)

    planned_class_id: Mapped[str] = mapped_column(ForeignKey("planned_classes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    reserved_at: Mapped[datetime] = mapped_column(Instant)

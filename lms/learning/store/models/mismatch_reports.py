"""Reports that a practice's screen differs from a real phone."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base


class MismatchReport(Base):
    """One phone, one screen, one week. ``phone`` is a keyed hash for this screen alone, later a random word."""

    __tablename__ = "screen_reports"
    __table_args__ = (Index(None, "week"), Index(None, "course", "lesson", "practice"))

    phone: Mapped[str] = mapped_column(String(32), primary_key=True)  # hex
    week: Mapped[date] = mapped_column(Date, primary_key=True)  # its Monday
    course: Mapped[str] = mapped_column(String(80))
    lesson: Mapped[str] = mapped_column(String(80))
    practice: Mapped[str] = mapped_column(String(80))
    screen: Mapped[str] = mapped_column(String(80))
    content_digest: Mapped[str] = mapped_column(String(64))  # of the practice with its texts
    reason: Mapped[str] = mapped_column(String(20))

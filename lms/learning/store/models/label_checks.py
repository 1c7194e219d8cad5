"""What people saw when they compared a course's labels with a real phone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class LabelCheckRow(Base):
    """One line of a course's list, looked at by one account on one day. The last word of a day counts."""

    __tablename__ = "label_checks"
    __table_args__ = (CheckConstraint("verdict IN ('right', 'changed', 'missing')", name="verdict"),)

    course: Mapped[str] = mapped_column(String(80), primary_key=True)
    item: Mapped[str] = mapped_column(String(16), primary_key=True)  # hex, of the line's words
    looked_on: Mapped[date] = mapped_column(Date, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    item_text: Mapped[str] = mapped_column(String(300))  # the line as it was then
    verdict: Mapped[str] = mapped_column(String(8))
    now_text: Mapped[str] = mapped_column(String(120))  # what the phone says instead, else ""
    app_version: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(60))  # its model
    saved_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)  # when an author had mended the files
    done_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

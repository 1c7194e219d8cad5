"""What organisers write on the reports of units."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class ReportNoteRow(Base):
    """One version of the notes on a unit's report. Versions before it stay; their texts can be erased."""

    __tablename__ = "report_notes"

    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)  # as of targets
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, …
    difficulties: Mapped[str] = mapped_column(String(500))
    proposals: Mapped[str] = mapped_column(String(500))
    supplement: Mapped[str] = mapped_column(String(500))  # written after the closing
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)

"""The ledger of organisers: targets, figures counted by hand and notes on reports, each entry as it was written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnExpressionArgument, ForeignKey, Index, Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class LedgerEntry(Base):
    """What somebody wrote into a cell: of a unit, a period, an indicator and a kind. The latest of a cell counts.

    A correction is a later entry; what is public of a target is its latest signed entry. Texts before the latest can
    be erased.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("kind IN ('registered', 'given', 'counted', 'note')", name="kind"),
        Index(None, "ward", "period"),
        Index(None, "unit_id", "period"),
        Index(None, "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)  # later entries have higher ones
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    ward: Mapped[str] = mapped_column(String(5))  # of the unit
    period: Mapped[str] = mapped_column(String(7))  # "2026", "2026-Q4" or "2026-12"; figures are of a month
    kind: Mapped[str] = mapped_column(String(10))  # a target, a figure counted by hand, or a note
    indicator: Mapped[str] = mapped_column(String(20))  # a key of data/indicators.csv, or which note
    number: Mapped[int | None]  # null: taken back; of a note always
    text: Mapped[str] = mapped_column(String(500))  # a note, or of what a figure is: "Ngày hội ở khu phố 3"
    is_signed: Mapped[bool]
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    @classmethod
    def latest_ids(cls, *conditions: ColumnExpressionArgument[bool]) -> Select[int]:
        """Of the entries that fulfil the conditions, the ids of the latest of each cell."""
        return select(func.max(cls.id)).where(*conditions).group_by(cls.unit_id, cls.period, cls.kind, cls.indicator)

"""Learners: a random id, and nothing that identifies the person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant

_HAS_WARD = text("ward IS NOT NULL")
_IS_UNCLEARED = text("counted_ward IS NOT NULL AND forgotten_at IS NOT NULL")


class Learner(Base):
    """One learner. After "quên tôi" the row stays as a tombstone with its id, its version and the time, nothing else.

    The tombstone is the row itself, so that the primary key settles every race between forgetting and writing.
    """

    __tablename__ = "learners"
    __table_args__ = (
        UniqueConstraint("code_seed"),
        CheckConstraint(
            "forgotten_at IS NULL OR (name IS NULL AND code_seed IS NULL AND created_at IS NULL"
            " AND last_course IS NULL AND last_lesson IS NULL AND last_stage IS NULL)",
            name="tombstone_is_empty",
        ),
        Index("ix_learners_uncleared", "counted_ward", sqlite_where=_IS_UNCLEARED, postgresql_where=_IS_UNCLEARED),
        Index(None, "ward", sqlite_where=_HAS_WARD, postgresql_where=_HAS_WARD),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # hex
    name: Mapped[str | None] = mapped_column(String(60))  # as shown on a badge
    # The learning code is this number under a permutation keyed by the secret key, see learning_codes.
    code_seed: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int]  # incremented by every write for this learner; part of the ETag of pages
    created_at: Mapped[datetime | None] = mapped_column(Instant)
    # Where the learner was last: the home page continues from there.
    last_course: Mapped[str | None] = mapped_column(String(80))
    last_lesson: Mapped[str | None] = mapped_column(String(80))
    last_stage: Mapped[str | None] = mapped_column(String(4))
    # A code of data/wards.csv, if the learner chose a ward. Not in the constraint above: a worker of a release without
    # this column forgets a learner without clearing it, and the daily job does so afterwards.
    ward: Mapped[str | None] = mapped_column(String(5))
    # Where movement_statistics/counting.py has counted the learner, "" for nowhere in particular; null: not yet.
    counted_ward: Mapped[str | None] = mapped_column(String(5))
    forgotten_at: Mapped[datetime | None] = mapped_column(Instant)

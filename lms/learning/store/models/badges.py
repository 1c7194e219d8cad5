"""Awarded badges, and the ids of badges whose holder was forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant

_CURRENT = text("revoked_at IS NULL")


class Badge(Base):
    """One signed credential. A learner has at most one that is not revoked for each lesson and each course."""

    __tablename__ = "badges"
    __table_args__ = (
        Index(
            "uq_badges_current", "learner_id", "course", "lesson",
            unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT,
        ),
        Index(None, "learner_id"),  # the one above finds only badges that are not revoked
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(24), primary_key=True)  # hex
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    course: Mapped[str] = mapped_column(String(80))
    lesson: Mapped[str] = mapped_column(String(80))  # "" for the whole course
    name: Mapped[str | None] = mapped_column(String(60))  # the holder's, as signed
    document: Mapped[dict[str, Any]] = mapped_column(JSON)  # the credential as signed
    evidence: Mapped[list[Any]] = mapped_column(JSON)  # a BadgeStageEvidence for each stage
    awarded_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_why: Mapped[str | None] = mapped_column(String(20))  # "replaced" or "withdrawn"


class ForgottenBadge(Base):
    """The id of a badge whose holder was forgotten, so that its page can still say so."""

    __tablename__ = "forgotten_badges"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    forgotten_at: Mapped[datetime] = mapped_column(Instant)

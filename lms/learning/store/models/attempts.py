"""Attempts at a practice: the compiled model, the attempt, and the events that phones sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant


class PracticeModel(Base):
    """A compiled practice, keyed by its digest: an attempt goes on with the model that it started with."""

    __tablename__ = "practice_models"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # sha-256 of the model's canonical JSON
    model: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant)


class PracticeAttempt(Base):
    """One attempt at one practice. ``state`` and ``score`` are what the server's engine makes of the stored events."""

    __tablename__ = "practice_attempts"
    __table_args__ = (
        CheckConstraint("mode IN ('lam-theo', 'tu-lam', 'kiem-tra')", name="mode"),
        Index(None, "learner_id", "course", "lesson", "practice"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # hex
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    course: Mapped[str] = mapped_column(String(80))
    lesson: Mapped[str] = mapped_column(String(80))
    practice: Mapped[str] = mapped_column(String(80))  # "" is the main one, which earns the mark
    mode: Mapped[str] = mapped_column(String(8))
    model_digest: Mapped[str] = mapped_column(ForeignKey("practice_models.digest"), index=True)
    content_digest: Mapped[str] = mapped_column(String(64))  # of the practice with its texts
    data: Mapped[dict[str, str]] = mapped_column(JSON)  # values drawn at the start, by placeholder
    last_q: Mapped[int] = mapped_column("kept")  # number of the last stored event
    state: Mapped[dict[str, Any]] = mapped_column(JSON)  # of the engine, after that event
    score: Mapped[int]  # 0 to 100
    passed: Mapped[bool]
    started_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    # Set for an attempt that was started in a class, at this seat: its events also move the seat.
    class_id: Mapped[str | None] = mapped_column(ForeignKey("classes.id"), index=True)
    seat: Mapped[int | None]
    # Only for attempts in a class: taps on wrong buttons, by screen; see count_wrong_taps_by_screen.
    wrong_taps: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))


class EventBatch(Base):
    """Stored events, one row for each post that brought new ones."""

    __tablename__ = "event_batches"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("practice_attempts.id"), primary_key=True)
    first_q: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_q: Mapped[int]
    events: Mapped[list[Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column("kept_at", Instant)

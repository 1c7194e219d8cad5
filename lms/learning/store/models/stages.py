"""What a learner did in the stages of a lesson: answers, ticked tasks, and the marks earned."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant

CARD_LENGTH = 120
_IS_UNCOUNTED = text("counted_on IS NULL")


class Response(Base):
    """One answer to one question. All answers are kept; the latest one of a question counts."""

    __tablename__ = "responses"
    # With the id, so that the latest answer to a question is one step down the index.
    __table_args__ = (Index(None, "learner_id", "course", "lesson", "question_id", "id"),)

    # SQLite autoincrements only a plain INTEGER.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"))
    course: Mapped[str] = mapped_column(String(80))
    lesson: Mapped[str] = mapped_column(String(80))
    question_id: Mapped[str] = mapped_column(String(40))
    given: Mapped[list[str]] = mapped_column(JSON)
    score: Mapped[float]  # 0.0 to 1.0
    content_digest: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(Instant)


class TaskTick(Base):
    """A task of dung.md that the learner ticked, or that a facilitator attested."""

    __tablename__ = "ticks"
    __table_args__ = (Index(None, "witness_class"),)  # for the deletion of a class

    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    course: Mapped[str] = mapped_column(String(80), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(80), primary_key=True)
    task_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    ticked_at: Mapped[datetime] = mapped_column(Instant)
    witness: Mapped[str | None] = mapped_column(String(60))  # the facilitator's name at that time, "" once forgotten
    witness_class: Mapped[str | None] = mapped_column(ForeignKey("classes.id"))
    witnessed_at: Mapped[datetime | None] = mapped_column(Instant)


class Mark(Base):
    """An earned stage with its evidence. Written once: the primary key refuses a second row."""

    __tablename__ = "marks"
    __table_args__ = (
        CheckConstraint("stage IN ('hieu', 'lam', 'dung')", name="stage"),
        Index("ix_marks_uncounted", "earned_at", sqlite_where=_IS_UNCOUNTED, postgresql_where=_IS_UNCOUNTED),
    )

    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    course: Mapped[str] = mapped_column(String(80), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(80), primary_key=True)
    stage: Mapped[str] = mapped_column(String(4), primary_key=True)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)  # see learning/marks/marks.py
    content_digest: Mapped[str] = mapped_column(String(64))
    earned_at: Mapped[datetime] = mapped_column(Instant)
    counted_on: Mapped[date | None] = mapped_column(Date)  # by figures/counting.py; null: not yet


class ReviewAnswer(Base):
    """The first answer to a card of a review on one day: whether it was right, not what it was."""

    __tablename__ = "review_answers"

    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id"), primary_key=True)
    course: Mapped[str] = mapped_column(String(80), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(80), primary_key=True)
    card: Mapped[str] = mapped_column(String(CARD_LENGTH), primary_key=True)  # see learning/spaced_review/cards.py
    answered_on: Mapped[date] = mapped_column(Date, primary_key=True)  # in Vietnam
    is_right: Mapped[bool]

"""Live class sessions: the class, its seats and their answers, and who and what else takes part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant

_OPEN = text("closed_at IS NULL")
_HAS_AUTHOR_NOTE = text("author_note != ''")


class ClassSessionRow(Base):
    """One live class. Every change that all its screens must show raises ``version``; a change of one seat does not."""

    __tablename__ = "classes"
    __table_args__ = (
        Index("uq_classes_open_code", "code", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "closed_at"),
        Index(None, "opened_at"),
        Index(None, "code", "opened_at"),
        Index(None, "ward", "opened_at"),
        Index(
            "ix_classes_author_note",
            "course",
            "lesson",
            sqlite_where=_HAS_AUTHOR_NOTE,
            postgresql_where=_HAS_AUTHOR_NOTE,
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # hex
    code: Mapped[str] = mapped_column(String(6))  # digits, see classroom/session/class_codes.py
    ward: Mapped[str] = mapped_column(String(5))  # a code of data/wards.csv; "" is a class of the city
    course: Mapped[str] = mapped_column(String(80))
    lesson: Mapped[str] = mapped_column(String(80))
    lesson_number: Mapped[int] = mapped_column(server_default="1")  # of ClassLessonRow, once there is more than one
    venue: Mapped[str] = mapped_column(String(80))  # as typed
    opened_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int]
    state: Mapped[dict[str, Any]] = mapped_column(JSON)  # ClassState.as_json
    content_digest: Mapped[str] = mapped_column(String(64))  # of the lesson when the class began it
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    head_count: Mapped[int | None]  # people in the room, counted by the facilitator
    helper_digest: Mapped[str | None] = mapped_column(String(64))  # sha-256 of the helpers' invitation, hex
    helper_until: Mapped[datetime | None] = mapped_column(Instant)  # when that invitation expires
    # A rehearsal counts nowhere and is deleted after a day, see classroom/lifecycle/rehearsals.py.
    is_rehearsal: Mapped[bool] = mapped_column(server_default=false(), default=False)
    # Retention: when the personal rows are deleted, and the counts that are left of them.
    personal_until: Mapped[datetime | None] = mapped_column(Instant)
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # ClassCounts.as_json
    # What is told at the end to everybody, to the next facilitator of the ward, and to the author of the lesson; see
    # lifecycle/follow_up.py.
    next_meeting: Mapped[str] = mapped_column(String(80), server_default="", default="")
    homework: Mapped[str] = mapped_column(String(100), server_default="", default="")
    handover_note: Mapped[str] = mapped_column(String(200), server_default="", default="")
    author_note: Mapped[str] = mapped_column(String(200), server_default="", default="")


class ClassFacilitator(Base):
    """An account that may steer a class: it opened the class or took it over."""

    __tablename__ = "class_facilitators"
    __table_args__ = (Index(None, "account_id"),)

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)


class SeatRow(Base):
    """A numbered seat. Numbers are given in the order of joining."""

    __tablename__ = "class_seats"
    __table_args__ = (
        # The learner first, so that the index also finds all seats of a learner who asks to be forgotten.
        UniqueConstraint("learner_id", "class_id"),
        Index(None, "claimed_by"),
        CheckConstraint("people BETWEEN 1 AND 4", name="people"),
        CheckConstraint("done IN ('', 'helped', 'alone')", name="done"),
    )

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    learner_id: Mapped[str | None] = mapped_column(ForeignKey("learners.id"))  # null: no phone, or forgotten
    added: Mapped[bool]  # by the facilitator, for people without a phone
    people: Mapped[int]
    name: Mapped[str | None] = mapped_column(String(60))
    joined_at: Mapped[datetime] = mapped_column(Instant)
    removed: Mapped[bool] = mapped_column()
    claimed_by: Mapped[str | None] = mapped_column(ForeignKey("learners.id"))  # who says that this is their seat
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    hand_raised_at: Mapped[datetime | None] = mapped_column(Instant)
    helper_name: Mapped[str | None] = mapped_column(String(60))  # who is on the way
    lost_at_step: Mapped[str | None] = mapped_column(String(120))  # the step that the learner cannot follow
    answered: Mapped[str] = mapped_column(String(60))  # the last answer, as "<question id>/<round>"
    # Position in the practice. No foreign key, because then neither an attempt nor its seat could be inserted first.
    attempt_id: Mapped[str | None] = mapped_column(String(32))
    screen: Mapped[str | None] = mapped_column(String(80))
    screen_since: Mapped[datetime | None] = mapped_column(Instant)
    wrong: Mapped[int]  # on this screen: wrong fields, and taps on wrong buttons
    hints: Mapped[int]  # on this screen
    last_hint: Mapped[bool]  # this screen has no more hints to give
    visits: Mapped[int]  # of this screen
    been: Mapped[dict[str, int]] = mapped_column(JSON)  # visits by screen
    # The counts on this screen when somebody last helped; ``wrong`` and ``visits`` start again from there.
    settled: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    done: Mapped[str] = mapped_column(String(6))  # the best result so far: "", "helped", "alone"
    last_at: Mapped[datetime | None] = mapped_column(Instant)  # of the last event of the practice
    # When a facilitator saw the tasks done on a real phone.
    attested_at: Mapped[datetime | None] = mapped_column(Instant)
    # When it was removed because it was idle; it may come back by itself.
    idle_removed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int]
    changed_at: Mapped[int] = mapped_column(BigInteger)  # epoch_milliseconds


def epoch_milliseconds(now: datetime) -> int:
    """Milliseconds since 1970, the unit of ``SeatRow.changed_at``."""
    return int(now.timestamp() * 1000)


class ClassAnswer(Base):
    """What a seat answered in one round. While the round is open, a later answer replaces it."""

    __tablename__ = "class_answers"
    __table_args__ = (
        ForeignKeyConstraint(["class_id", "seat"], ["class_seats.class_id", "class_seats.number"]),
        CheckConstraint("round >= 1", name="round"),
    )

    class_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    given: Mapped[list[str]] = mapped_column(JSON)
    score: Mapped[float]  # 0.0 to 1.0
    answered_at: Mapped[datetime] = mapped_column(Instant)
    copied: Mapped[bool]  # to the learner's own answers


class HandCount(Base):
    """How many hands the facilitator counted for one option, of people without a phone."""

    __tablename__ = "class_hands"
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    option_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


class ClassLessonRow(Base):
    """One of several lessons that a class was taught in an evening. A class with one lesson has no such rows.

    The lesson that the class is at has its state and its rows where every class has them: in ``classes``,
    ``class_seats``, ``class_answers`` and ``class_hands``. When the class goes on to another lesson, they are moved to
    the tables below, and back when it returns.
    """

    __tablename__ = "class_lessons"

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # in the order of beginning, from 1
    course: Mapped[str] = mapped_column(String(80))
    lesson: Mapped[str] = mapped_column(String(80))
    content_digest: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)  # null: the class is at this lesson
    state: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # ClassState.as_json when it left
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # ClassCounts.as_json


def _refers_to_lesson() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["class_id", "lesson_number"], ["class_lessons.class_id", "class_lessons.number"])


class ClassLessonSeat(Base):
    """What a seat did in a lesson that the class has left: the columns of ``class_seats`` that belong to a lesson."""

    __tablename__ = "class_lesson_seats"
    __table_args__ = (_refers_to_lesson(), Index(None, "attempt_id"))

    class_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    lesson_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answered: Mapped[str] = mapped_column(String(60))
    attempt_id: Mapped[str | None] = mapped_column(String(32))
    screen: Mapped[str | None] = mapped_column(String(80))
    screen_since: Mapped[datetime | None] = mapped_column(Instant)
    wrong: Mapped[int]
    hints: Mapped[int]
    last_hint: Mapped[bool]
    visits: Mapped[int]
    been: Mapped[dict[str, int]] = mapped_column(JSON)
    settled: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    done: Mapped[str] = mapped_column(String(6))
    last_at: Mapped[datetime | None] = mapped_column(Instant)
    attested_at: Mapped[datetime | None] = mapped_column(Instant)


class ClassLessonAnswer(Base):
    """A ``ClassAnswer`` of a lesson that the class has left."""

    __tablename__ = "class_lesson_answers"
    __table_args__ = (_refers_to_lesson(),)

    class_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    lesson_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    given: Mapped[list[str]] = mapped_column(JSON)
    score: Mapped[float]
    answered_at: Mapped[datetime] = mapped_column(Instant)
    copied: Mapped[bool]


class ClassLessonHandCount(Base):
    """A ``HandCount`` of a lesson that the class has left."""

    __tablename__ = "class_lesson_hands"
    __table_args__ = (_refers_to_lesson(),)

    class_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    lesson_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    option_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


class HelperRow(Base):
    """A helper without an account, who joined by the helpers' QR code."""

    __tablename__ = "class_helpers"
    __table_args__ = (UniqueConstraint("digest"), Index(None, "class_id"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # hex
    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"))
    name: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))  # sha-256 of the secret in the helper's cookie, hex
    joined_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class ProjectorRow(Base):
    """A browser at a projector, which shows a class and can change nothing."""

    __tablename__ = "class_projectors"
    __table_args__ = (
        UniqueConstraint("digest"),
        UniqueConstraint("pairing_code"),
        Index(None, "class_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # hex
    digest: Mapped[str] = mapped_column(String(64))  # sha-256 of the secret in the projector's cookie, hex
    pairing_code: Mapped[str | None] = mapped_column(String(4))  # while it waits for a class
    pairing_until: Mapped[datetime | None] = mapped_column(Instant)
    class_id: Mapped[str | None] = mapped_column(ForeignKey("classes.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    # When its page was last known to be open; null for one that a release without this column has paired.
    seen_at: Mapped[datetime | None] = mapped_column(Instant)

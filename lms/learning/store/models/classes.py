"""Live classes: the row that all screens follow, its seats, answers, and who and what else is in the room."""

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.learning.store.models.base import Base, Instant

_OPEN = text("closed_at IS NULL")


class ClassRow(Base):
    """One meeting. ``version`` goes up with every change that a screen must hear of, and never because of one phone."""

    __tablename__ = "classes"
    __table_args__ = (
        Index("uq_classes_open_code", "code", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "closed_at"),
        Index(None, "code", "opened_at"),
        Index(None, "ward", "opened_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # hex
    code: Mapped[str] = mapped_column(String(6))  # digits, see classroom/codes.py
    ward: Mapped[str] = mapped_column(String(5))  # a code of data/wards.csv; "" is a class of the city
    course: Mapped[str] = mapped_column(String(80))
    lesson: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(80))  # where people sit, as typed
    opened_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int]
    state: Mapped[dict[str, Any]] = mapped_column(JSON)  # see classroom/state.py
    content_digest: Mapped[str] = mapped_column(String(64))  # of the lesson as it was at the opening
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    head_count: Mapped[int | None]  # people in the room, as the facilitator counted
    helper_digest: Mapped[str | None] = mapped_column(String(64))  # sha-256 of the invitation for helpers, hex
    # Retention: until when rows of persons may stay, and what was counted when they went.
    personal_until: Mapped[datetime | None] = mapped_column(Instant)
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ClassFacilitator(Base):
    """Who may steer: the opener, and whoever took over."""

    __tablename__ = "class_facilitators"
    __table_args__ = (Index(None, "account_id"),)

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)


class ClassSeat(Base):
    """A numbered place. Numbers are given in the order of arrival and never again in this class."""

    __tablename__ = "class_seats"
    __table_args__ = (
        # The learner first: it also finds all seats of somebody who wants to be forgotten.
        UniqueConstraint("learner_id", "class_id"),
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
    out: Mapped[bool]
    claimed_by: Mapped[str | None] = mapped_column(ForeignKey("learners.id"))  # says that this seat is hers
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    hand_at: Mapped[datetime | None] = mapped_column(Instant)
    helping: Mapped[str | None] = mapped_column(String(60))  # who is on the way
    answered: Mapped[str] = mapped_column(String(60))  # "<question id>/<round>" of the last answer
    # Where she is in the practice. No foreign key: attempts and seats would need each other to be written first.
    attempt_id: Mapped[str | None] = mapped_column(String(32))
    screen: Mapped[str | None] = mapped_column(String(80))
    screen_since: Mapped[datetime | None] = mapped_column(Instant)
    wrong: Mapped[int]  # on this screen: fields that did not hold, and taps on wrong buttons
    hints: Mapped[int]  # on this screen
    last_hint: Mapped[bool]  # the ladder of hints of this screen is used up, or the place was pointed at
    visits: Mapped[int]  # of this screen
    been: Mapped[dict[str, int]] = mapped_column(JSON)  # visits of each screen
    # What had been counted on this screen when somebody came by: from there on it is counted anew.
    settled: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    done: Mapped[str] = mapped_column(String(6))  # the best so far: "", "helped", "alone"
    last_at: Mapped[datetime | None] = mapped_column(Instant)  # of an event of the practice
    witnessed_at: Mapped[datetime | None] = mapped_column(Instant)  # when a facilitator saw her do it for real
    swept_at: Mapped[datetime | None] = mapped_column(Instant)  # out because it never did anything: it may come back
    version: Mapped[int]
    changed_at: Mapped[int] = mapped_column(BigInteger)  # milliseconds since 1970


def stamp(now: datetime) -> int:
    """The moment as ``ClassSeat.changed_at`` holds it."""
    return int(now.timestamp() * 1000)


class ClassAnswer(Base):
    """What a seat answered in one round; while the round is open a later answer takes its place."""

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
    copied: Mapped[bool]  # it is a Response of the learner's own now


class ClassHands(Base):
    """Hands that the facilitator counted for one option, of people without a phone."""

    __tablename__ = "class_hands"
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    option_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


class ClassHelper(Base):
    """Somebody who came by the helpers' QR code and sees who needs help."""

    __tablename__ = "class_helpers"
    __table_args__ = (UniqueConstraint("digest"), Index(None, "class_id"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # hex
    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"))
    name: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))  # sha-256 of what the helper's cookie holds, hex
    joined_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class ClassProjector(Base):
    """A browser at a projector. It shows, and may do nothing."""

    __tablename__ = "class_projectors"
    __table_args__ = (
        UniqueConstraint("digest"),
        UniqueConstraint("pairing_code"),
        Index(None, "class_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # hex
    digest: Mapped[str] = mapped_column(String(64))  # sha-256 of what the projector's cookie holds, hex
    pairing_code: Mapped[str | None] = mapped_column(String(4))  # while it waits for a class
    pairing_until: Mapped[datetime | None] = mapped_column(Instant)
    class_id: Mapped[str | None] = mapped_column(ForeignKey("classes.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)

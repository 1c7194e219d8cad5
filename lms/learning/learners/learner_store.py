"""Learners: find them, their names and learning codes, and forgetting them."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.learning.errors import InvalidName, LearnerForgotten, NumberInName, ServiceBusy
from lms.learning.learning_codes import code_digest, code_for_seed, new_seed, seed_from_code
from lms.learning.store import tombstones
from lms.learning.store.database import checkpoint_after_commit, secure_delete
from lms.learning.store.locks import lock_seats, upsert_and_lock_learner
from lms.learning.store.models import (
    Badge,
    ClassAnswer,
    ClassLessonAnswer,
    ClassLessonSeat,
    EventBatch,
    ForgottenBadge,
    HandedInLearner,
    Learner,
    Mark,
    PracticeAttempt,
    ReservationRow,
    Response,
    ReviewAnswer,
    SeatRow,
    TaskTick,
)
from lms.learning.store.models.classes import epoch_milliseconds
from lms.learning.wards import get_ward

NAME_LENGTH = 60
DIGITS_OF_A_NUMBER = 6  # a name has a year at most; telephone and identity numbers have eight and more
# A digest of a code is slow on purpose: two at a time, so that guessers take no more than that from the others.
_DIGEST_SLOTS = threading.BoundedSemaphore(2)
_DIGEST_WAIT_SECONDS = 1.0


_LEARNER = (
    select(Learner)
    .where(Learner.id == bindparam("learner_id"), Learner.forgotten_at.is_(None))
    .execution_options(populate_existing=True)
)


def new_learner_id() -> str:
    """A random id, 32 hex digits. Nothing is stored: the row is inserted by the first write for the learner."""
    return secrets.token_hex(16)


def find_learner(session: Session, learner_id: str) -> Learner | None:
    """The learner, or None when nothing is stored under this id or the learner was forgotten."""
    # Writes bypass the session's identity map: always read the row.
    return session.scalar(_LEARNER, {"learner_id": learner_id})


def is_forgotten(session: Session, learner_id: str) -> bool:
    return session.scalar(select(Learner.forgotten_at).where(Learner.id == learner_id)) is not None


def learner_names(session: Session, learner_ids: Sequence[str]) -> list[tuple[str, str | None]]:
    """(id, name or None) of the learners who share a phone, in the order given, without unknown and forgotten ones."""
    rows = session.execute(
        select(Learner.id, Learner.name).where(Learner.id.in_(learner_ids), Learner.forgotten_at.is_(None))
    )
    names = {row.id: row.name for row in rows}
    return [(learner_id, names[learner_id]) for learner_id in learner_ids if learner_id in names]


def learning_code(learner: Learner, secret: str) -> str:
    """The learner's code as it is printed, in four groups of three.

    ``secret`` is the key of learning codes, see ``store.learning_code_key``.

    Raises:
        LearnerForgotten: the learner asked to be forgotten.
    """
    if learner.code_seed is None:
        raise LearnerForgotten(learner.id)
    return code_for_seed(learner.code_seed, secret)


def find_learner_by_code(session: Session, code: str, *, secret: str) -> Learner | None:
    """The learner with this learning code, however it was typed; None when there is none.

    A code of a laptop counts once the laptop has handed in.

    Raises:
        ServiceBusy: too many codes of laptops are looked up at once.
    """
    seed = seed_from_code(code, secret)
    if seed is None:
        return None
    found = session.scalar(select(Learner).where(Learner.code_seed == seed))
    return found or _find_handed_in_learner(session, code)


def _find_handed_in_learner(session: Session, code: str) -> Learner | None:
    if session.execute(select(HandedInLearner.learner_id).limit(1)).first() is None:
        return None  # a site without laptops spends no time on wrong codes
    if not _DIGEST_SLOTS.acquire(timeout=_DIGEST_WAIT_SECONDS):
        raise ServiceBusy("learning code")
    try:
        digest = code_digest(code)
    finally:
        _DIGEST_SLOTS.release()
    of_code = HandedInLearner.code_digest == digest
    return session.scalar(
        select(Learner).join(HandedInLearner, HandedInLearner.learner_id == Learner.id).where(of_code)
    )


def replace_learning_code(session: Session, learner: Learner) -> None:
    """Give the learner a new code. The old one stops working, and so does one of a laptop."""
    _update(session, learner, code_seed=new_seed())
    _drop_handed_in_codes(session.connection(), learner.id)


def rename_learner(session: Session, learner: Learner, name: str) -> None:
    """Save the learner's name; an empty one deletes it. Badges keep the name that they were signed with.

    Raises:
        InvalidName, NumberInName: as ``clean_badge_name``.
        LearnerForgotten: the learner asked to be forgotten.
    """
    _update(session, learner, name=clean_badge_name(name))


def remember_ward(session: Session, learner_id: str, ward: str | None, *, now: datetime) -> None:
    """Save the ward that the learner chose; None deletes it.

    Raises:
        KeyError: there is no such ward.
        LearnerForgotten: the learner asked to be forgotten.
    """
    code = get_ward(ward).code if ward else None
    connection = session.connection()
    upsert_and_lock_learner(connection, learner_id, now=now)
    connection.execute(update(Learner.__table__).where(Learner.id == learner_id).values(ward=code))


def clear_wards_of_forgotten(session: Session) -> int:
    """Clear what a worker of a release without these columns left when it forgot a learner; returns how many values."""
    connection, table = session.connection(), Learner.__table__
    return sum(
        connection.execute(
            update(table).where(column.is_not(None), Learner.forgotten_at.is_not(None)).values({column.key: None})
        ).rowcount
        for column in (Learner.ward, Learner.counted_ward)
    )


def clean_badge_name(name: str) -> str | None:
    """``clean_name`` for a name that goes on a badge, which everybody can read.

    Raises:
        InvalidName: more than 60 characters.
        NumberInName: it has as many digits as a telephone number.
    """
    cleaned = clean_name(name)
    if cleaned and sum(map(str.isdigit, cleaned)) >= DIGITS_OF_A_NUMBER:
        raise NumberInName
    return cleaned


def clean_name(name: str) -> str | None:
    """``clean_line`` for a person's name; None when nothing is left.

    Raises:
        InvalidName: more than 60 characters.
    """
    cleaned = clean_line(name)
    if len(cleaned) > NAME_LENGTH:
        raise InvalidName
    return cleaned or None


def clean_line(text: str) -> str:
    """The text as one line in NFC with single spaces, without invisible or control characters; any length."""
    visible = (" " if char.isspace() else char for char in text if char.isspace() or _is_visible(char))
    return unicodedata.normalize("NFC", " ".join("".join(visible).split()))


def forget_learner(session: Session, learner: Learner, *, now: datetime) -> None:
    """Delete all data of a learner. The random id and the ids of badges stay, so that the badges can be refused."""
    forget_learner_id(session, learner.id, now=now)


def forget_learner_id(session: Session, learner_id: str, *, now: datetime) -> None:
    """``forget_learner`` for an id that may have no row yet: nothing can be stored under it afterwards."""
    connection = session.connection()
    try:
        upsert_and_lock_learner(connection, learner_id, now=now)  # so that no other write gets in between
    except LearnerForgotten:
        return
    with secure_delete(connection):
        _delete_all(connection, learner_id, now)
    session.expire_all()
    tombstones.append_digest_after_commit(session, learner_id)
    checkpoint_after_commit(session)


def _delete_all(connection: Connection, learner_id: str, now: datetime) -> None:
    attempts = select(PracticeAttempt.id).where(PracticeAttempt.learner_id == learner_id)
    connection.execute(delete(EventBatch).where(EventBatch.attempt_id.in_(attempts)))
    badges = connection.scalars(delete(Badge).where(Badge.learner_id == learner_id).returning(Badge.id)).all()
    if badges:
        connection.execute(insert(ForgottenBadge), [{"id": badge, "forgotten_at": now} for badge in badges])
    _anonymize_seats(connection, learner_id, now)
    for table in (PracticeAttempt, Response, ReviewAnswer, TaskTick, Mark, ReservationRow):
        connection.execute(delete(table).where(table.learner_id == learner_id))
    _drop_handed_in_codes(connection, learner_id)
    cleared = {column.name: None for column in Learner.__table__.columns if column.name not in ("id", "version")}
    connection.execute(update(Learner).where(Learner.id == learner_id).values(cleared | {"forgotten_at": now}))


def _drop_handed_in_codes(connection: Connection, learner_id: str) -> None:
    of_learner = HandedInLearner.learner_id == learner_id
    connection.execute(update(HandedInLearner).where(of_learner).values(code_digest=None))


def _anonymize_seats(connection: Connection, learner_id: str, now: datetime) -> None:
    """Keep the seats that classes have counted, without the learner, the answers and the position in the practice."""
    of_learner = SeatRow.learner_id == learner_id
    lock_seats(connection, of_learner | (SeatRow.claimed_by == learner_id))
    for seat in connection.execute(select(SeatRow.class_id, SeatRow.number).where(of_learner)).all():
        for answer in (ClassAnswer, ClassLessonAnswer):
            connection.execute(delete(answer).where(answer.class_id == seat.class_id, answer.seat == seat.number))
        connection.execute(
            update(ClassLessonSeat.__table__)
            .where(ClassLessonSeat.class_id == seat.class_id, ClassLessonSeat.number == seat.number)
            .values(attempt_id=None, screen=None, screen_since=None, answered="", been={})
        )
    anonymous: dict[str, Any] = dict.fromkeys(("learner_id", "name", "attempt_id", "screen", "screen_since"))
    anonymous["idle_removed_at"] = None  # no phone can rejoin at this seat
    anonymous |= {"hand_raised_at": None, "helper_name": None, "lost_at_step": None, "answered": "", "been": {}}
    changed = {"version": SeatRow.version + 1, "changed_at": epoch_milliseconds(now)}
    connection.execute(update(SeatRow.__table__).where(of_learner).values(anonymous | changed))
    unclaimed = {"claimed_by": None, "claimed_at": None}
    connection.execute(update(SeatRow.__table__).where(SeatRow.claimed_by == learner_id).values(unclaimed))


def _update(session: Session, learner: Learner, **values: object) -> None:
    result = session.execute(
        update(Learner)
        .where(Learner.id == learner.id, Learner.forgotten_at.is_(None))
        .values(version=Learner.version + 1, **values)
        .returning(Learner.id)
        .execution_options(synchronize_session=False)
    )
    if result.first() is None:
        raise LearnerForgotten(learner.id)
    session.refresh(learner)


def _is_visible(char: str) -> bool:
    """Letters, marks and symbols; not controls, surrogates or bidirectional overrides."""
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")

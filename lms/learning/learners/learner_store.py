"""Learners: beginning, going on with another phone, a name, and being forgotten."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, delete, event, insert, select, update
from sqlalchemy.orm import Session

from lms.learning.errors import InvalidName, LearnerForgotten
from lms.learning.learning_codes import code_of, new_seed, seed_of
from lms.learning.store.database import empty_log
from lms.learning.store.locks import touch
from lms.learning.store.models import (
    Badge,
    ClassAnswer,
    ClassSeat,
    EventBatch,
    ForgottenBadge,
    Learner,
    Mark,
    PracticeAttempt,
    Response,
    Tick,
)
from lms.learning.store.models.classes import stamp
from lms.learning.store.seat_locks import hold_seats

NAME_LENGTH = 60


def new_learner_id() -> str:
    """A random id, 32 hex digits. Nothing is kept yet: the row comes with the first thing worth keeping."""
    return secrets.token_hex(16)


def create_learner(session: Session, *, now: datetime, id: str | None = None) -> Learner:
    """The learner with this id, made now if there is none.

    Raises:
        LearnerForgotten: the id belongs to somebody who asked to be forgotten.
    """
    learner_id = id or new_learner_id()
    touch(session.connection(), learner_id, now=now)
    return session.scalars(
        select(Learner).where(Learner.id == learner_id).execution_options(populate_existing=True)
    ).one()


def find_learner(session: Session, learner_id: str) -> Learner | None:
    """The learner, or None when nothing is kept under this id or she was forgotten."""
    # Writes go past the session's memory of her row, so it is always read afresh.
    return session.scalar(
        select(Learner)
        .where(Learner.id == learner_id, Learner.forgotten_at.is_(None))
        .execution_options(populate_existing=True)
    )


def is_forgotten(session: Session, learner_id: str) -> bool:
    return session.scalar(select(Learner.forgotten_at).where(Learner.id == learner_id)) is not None


def names(session: Session, learner_ids: Sequence[str]) -> list[tuple[str, str | None]]:
    """(id, name or None) of those who are known and not forgotten, in the order given: who shares a phone."""
    rows = session.execute(
        select(Learner.id, Learner.name).where(Learner.id.in_(learner_ids), Learner.forgotten_at.is_(None))
    )
    found = {row.id: row.name for row in rows}
    return [(one, found[one]) for one in learner_ids if one in found]


def learning_code(learner: Learner, secret: str) -> str:
    """Her code as it is printed, in four groups of three. ``secret`` is ``settings.secret_key``."""
    if learner.code_seed is None:
        raise LearnerForgotten(learner.id)
    return code_of(learner.code_seed, secret)


def by_code(session: Session, text: str, *, secret: str) -> Learner | None:
    """The learner whose code this is, however it was typed; None when it is nobody's."""
    seed = seed_of(text, secret)
    return None if seed is None else session.scalar(select(Learner).where(Learner.code_seed == seed))


def replace_code(session: Session, learner: Learner) -> None:
    """Give her another code; the old one opens nothing from now on."""
    _change(session, learner, code_seed=new_seed())


def rename(session: Session, learner: Learner, name: str) -> None:
    """Keep her name; an empty one takes it away. Badges already signed keep the name they were signed with.

    Raises:
        InvalidName: more than 60 characters.
    """
    _change(session, learner, name=clean_name(name))


def clean_name(name: str) -> str | None:
    """The name in NFC with single spaces, without invisible or control characters; None when nothing is left.

    Raises:
        InvalidName: more than 60 characters.
    """
    cleaned = visible_line(name)
    if len(cleaned) > NAME_LENGTH:
        raise InvalidName
    return cleaned or None


def visible_line(text: str) -> str:
    """One line in NFC with single spaces, without invisible or control characters; any length."""
    visible = (" " if char.isspace() else char for char in text if char.isspace() or _is_visible(char))
    return unicodedata.normalize("NFC", " ".join("".join(visible).split()))


def forget(session: Session, learner: Learner, *, now: datetime) -> None:
    """Delete all there is of her. What stays is her random id, and her badges' ids, so that old ones can be refused."""
    forget_id(session, learner.id, now=now)


def forget_id(session: Session, learner_id: str, *, now: datetime) -> None:
    """The same for an id that may have no row yet: it can never get one afterwards."""
    connection = session.connection()
    try:
        touch(connection, learner_id, now=now)  # holds her row, so that no other write slips in between
    except LearnerForgotten:
        return
    with wiping(connection):
        _delete_all(connection, learner_id, now)
    session.expire_all()
    event.listen(session, "after_commit", lambda committed: empty_log(committed.get_bind()), once=True)


def _delete_all(connection: Connection, learner_id: str, now: datetime) -> None:
    attempts = select(PracticeAttempt.id).where(PracticeAttempt.learner_id == learner_id)
    connection.execute(delete(EventBatch).where(EventBatch.attempt_id.in_(attempts)))
    badges = connection.scalars(delete(Badge).where(Badge.learner_id == learner_id).returning(Badge.id)).all()
    if badges:
        connection.execute(insert(ForgottenBadge), [{"id": badge, "forgotten_at": now} for badge in badges])
    _leave_seats(connection, learner_id, now)
    for table in (PracticeAttempt, Response, Tick, Mark):
        connection.execute(delete(table).where(table.learner_id == learner_id))
    kept = ("id", "version")
    nothing = {column.name: None for column in Learner.__table__.columns if column.name not in kept}
    connection.execute(update(Learner).where(Learner.id == learner_id).values(nothing | {"forgotten_at": now}))


def _leave_seats(connection: Connection, learner_id: str, now: datetime) -> None:
    """What a class counted stays, of a seat that is nobody's; what she answered and where she was goes."""
    hers = ClassSeat.learner_id == learner_id
    hold_seats(connection, hers | (ClassSeat.claimed_by == learner_id))
    for seat in connection.execute(select(ClassSeat.class_id, ClassSeat.number).where(hers)).all():
        connection.execute(
            delete(ClassAnswer).where(ClassAnswer.class_id == seat.class_id, ClassAnswer.seat == seat.number)
        )
    nobodys = {"learner_id": None, "name": None, "attempt_id": None, "screen": None, "screen_since": None, "been": {}}
    nobodys["swept_at"] = None  # nobody comes back to it
    changed = {"version": ClassSeat.version + 1, "changed_at": stamp(now), "hand_at": None, "answered": ""}
    connection.execute(update(ClassSeat.__table__).where(hers).values(nobodys | changed))
    unclaimed = {"claimed_by": None, "claimed_at": None}
    connection.execute(update(ClassSeat.__table__).where(ClassSeat.claimed_by == learner_id).values(unclaimed))


@contextmanager
def wiping(connection: Connection) -> Iterator[None]:
    """SQLite overwrites what it deletes meanwhile, pages that become empty among it."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    yield
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = FAST")


def _change(session: Session, learner: Learner, **values: object) -> None:
    done = session.execute(
        update(Learner)
        .where(Learner.id == learner.id, Learner.forgotten_at.is_(None))
        .values(version=Learner.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:
        raise LearnerForgotten(learner.id)
    session.refresh(learner)


def _is_visible(char: str) -> bool:
    """Letters, marks, signs; not controls, surrogates, or the overrides that turn a line of text around."""
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")

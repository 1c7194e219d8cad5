"""The class's practice on a phone: beginning it, or going on with it, a whole hall at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library, Mode
from lms.learning.classroom.lifecycle.opening import read_open_classes
from lms.learning.classroom.practice.seat_progress import BEGUN, beginning
from lms.learning.classroom.session.queries import Class
from lms.learning.classroom.session.seat_store import COMING_BACK
from lms.learning.errors import LearnerForgotten, LearningError, NotFound, NotSeated, PutOut, TooOften
from lms.learning.practice.attempts import NewAttempt, keep_attempts, new_attempt
from lms.learning.store.bulk import ManyRows
from lms.learning.store.locks import forgotten_among, touch_known
from lms.learning.store.models import ClassSeat, PracticeAttempt
from lms.learning.store.models.classes import stamp

MOST_ATTEMPTS = 40  # of one learner at one seat


def practise_in(session: Session, *, learner_id: str, code: str, library: Library, now: datetime) -> str:
    """The id of her attempt at the class's practice in the class's mode: the one she is in, or a new one.

    Made for the writer. A swept seat comes back with it.

    Raises:
        UnknownCode, ClassClosed.
        NotFound: its lesson has no practice.
        NotSeated, PutOut, LearnerForgotten.
        TooOften: 40 attempts in one class.
    """
    [begun] = practise_all(session, [{"learner_id": learner_id, "code": code, "library": library, "now": now}])
    if isinstance(begun, LearningError):
        raise begun
    return begun


def practise_all(session: Session, posts: Sequence[Mapping[str, Any]]) -> list[str | LearningError]:
    """``practise_in`` for many at once, each as its keyword arguments; a refusal stands where the id would.

    A handful of statements however many begin.
    """
    connection = session.connection()
    classes = read_open_classes(connection, {post["code"] for post in posts})
    return _begin(connection, [classes[post["code"]] for post in posts], posts)


def _begin(
    connection: Connection, classes: Sequence[Class | LearningError], posts: Sequence[Mapping[str, Any]]
) -> list[str | LearningError]:
    """Each post in the class that stands in its place, or the refusal that does."""
    taps = list(zip(classes, posts, strict=True))
    coming = [(klass, post) for klass, post in taps if isinstance(klass, Class)]
    # Their rows are held from here on: of two taps at once the second one goes on with what the first one began.
    touch_known(connection, [_touch(klass, post["learner_id"]) for klass, post in coming])
    seats = _seats_of(connection, coming)
    strangers = [post["learner_id"] for klass, post in coming if (klass.id, post["learner_id"]) not in seats]
    gone = forgotten_among(connection, strangers)
    results: list[str | LearningError] = []
    for klass, post in taps:
        learner_id = post["learner_id"]
        if isinstance(klass, LearningError):
            results.append(klass)
        elif (seat := seats.get((klass.id, learner_id))) is not None:
            results.append(seat.begin(klass, post["library"], post["now"]))
        else:
            results.append(LearnerForgotten(learner_id) if learner_id in gone else NotSeated(klass.id))
    _keep(connection, seats.values())
    return results


class _Seat:
    """One seat while taps of its phone are taken; ``_keep`` writes what came of them."""

    def __init__(self, row: Row[Any]) -> None:
        self.row = row
        self.attempts: int = row.attempts
        self.attempt_id: str | None = row.attempt_id
        self.doing: tuple[Mode, str] | None = (row.mode, row.content_digest) if row.attempt_id else None
        self.begun: list[NewAttempt] = []

    def begin(self, klass: Class, library: Library, now: datetime) -> str | LearningError:
        if self.row.out and self.row.swept_at is None:
            return PutOut(klass.id)
        lesson = library.lesson(klass.course, klass.lesson)
        practice = lesson and lesson.practice
        if practice is None:
            return NotFound(f"{klass.course}/{klass.lesson}")
        mode = klass.state.mode
        if self.attempt_id is not None and self.doing == (mode, practice.digest):
            return self.attempt_id
        if self.attempts >= MOST_ATTEMPTS:
            return TooOften(klass.id)
        attempt = new_attempt(
            self.row.learner_id, klass.course, klass.lesson, practice, mode,
            class_id=klass.id, seat=self.row.number, now=now,
        )  # fmt: skip
        self.attempts += 1
        self.attempt_id, self.doing = attempt.id, (mode, practice.digest)
        self.begun.append(attempt)
        return attempt.id

    def moved(self) -> dict[str, Any]:
        """Where the last attempt begun has put it."""
        attempt = self.begun[-1]
        now = attempt.row["started_at"]
        place = {f"to_{name}": value for name, value in beginning(attempt.prepared.model, now).items()}
        where = {"of_class": self.row.class_id, "of_seat": self.row.number, "of_learner": self.row.learner_id}
        return place | where | {"to_attempt": attempt.id, "at": stamp(now)}


def _touch(klass: Class, learner_id: str) -> dict[str, str]:
    return {"learner_id": learner_id, "course": klass.course, "lesson": klass.lesson, "stage": "lam"}


def _seats_of(
    connection: Connection, coming: Iterable[tuple[Class, Mapping[str, Any]]]
) -> dict[tuple[str, str], _Seat]:
    keys = {(klass.id, post["learner_id"]) for klass, post in coming}
    asked = {"class_ids": sorted({key[0] for key in keys}), "learner_ids": sorted({key[1] for key in keys})}
    rows = connection.execute(_SEATS, asked) if keys else ()
    return {(row.class_id, row.learner_id): _Seat(row) for row in rows}


def _keep(connection: Connection, seats: Iterable[_Seat]) -> None:
    moved = [seat for seat in seats if seat.begun]
    if not moved:
        return
    # In one order for everybody, as whoever holds several rows.
    moved.sort(key=lambda seat: (seat.row.class_id, seat.row.number))
    keep_attempts(connection, [attempt for seat in moved for attempt in seat.begun])
    _MOVE.execute(connection, [seat.moved() for seat in moved])


_ATTEMPT = PracticeAttempt.__table__.alias("attempt")  # the one her seat is at, unless it has ended
_HERS = PracticeAttempt.__table__.alias("hers")
# By the learner, of whom there is an index: by the class each tap would read the attempts of the whole hall.
_ATTEMPTS = (
    select(func.count())
    .where(
        _HERS.c.learner_id == ClassSeat.learner_id,
        _HERS.c.class_id == ClassSeat.class_id,
        _HERS.c.seat == ClassSeat.number,
    )
    .scalar_subquery()
)
_SEATS = (
    select(
        ClassSeat.class_id,
        ClassSeat.number,
        ClassSeat.learner_id,
        ClassSeat.out,
        ClassSeat.swept_at,
        _ATTEMPT.c.id.label("attempt_id"),
        _ATTEMPT.c.mode,
        _ATTEMPT.c.content_digest,
        _ATTEMPTS.label("attempts"),
    )
    .outerjoin(
        _ATTEMPT,
        (_ATTEMPT.c.id == ClassSeat.attempt_id)
        & (_ATTEMPT.c.learner_id == ClassSeat.learner_id)
        & _ATTEMPT.c.completed_at.is_(None),
    )
    .where(
        ClassSeat.class_id.in_(bindparam("class_ids", expanding=True)),
        ClassSeat.learner_id.in_(bindparam("learner_ids", expanding=True)),
    )
)
# A facilitator may have given the seat to another phone at this moment.
_MOVE = ManyRows(
    update(ClassSeat.__table__)
    .where(
        ClassSeat.class_id == bindparam("of_class"),
        ClassSeat.number == bindparam("of_seat"),
        ClassSeat.learner_id == bindparam("of_learner"),
    )
    .values(
        {name: bindparam(f"to_{name}") for name in BEGUN}
        | {"attempt_id": bindparam("to_attempt"), "changed_at": bindparam("at"), "version": ClassSeat.version + 1}
        | COMING_BACK
    ),
    ("of_class", "of_seat", "of_learner", *(f"to_{name}" for name in BEGUN), "to_attempt", "at"),
)

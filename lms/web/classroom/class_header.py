"""The top line of every page of a class: its code, how many phones are in it, and how long it has been going on."""

from __future__ import annotations

from dataclasses import dataclass

from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import find_seats
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.database import session
from lms.web.language import translate

ELAPSED, TIME_LEFT, TIME_OVER = (
    mark_for_translation("đã {} phút"),
    mark_for_translation("còn {} phút"),
    mark_for_translation("quá {} phút"),
)


@dataclass(frozen=True, slots=True)
class ClassClock:
    """How long a class has been going on. Times are in seconds since 1970; class-duration.js lets the minutes go on."""

    started_at: int
    now: int
    plan_length: int | None  # minutes

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """The words, for the script."""
        return tuple(
            (name, translate(text)) for name, text in (("elapsed", ELAPSED), ("left", TIME_LEFT), ("over", TIME_OVER))
        )

    @property
    def words(self) -> str:
        """For instance "đã 32 phút, còn 13 phút"."""
        passed = max(0, self.now - self.started_at) // 60
        words = translate(ELAPSED).format(passed)
        if self.plan_length is None:
            return words
        left = self.plan_length - passed
        return f"{words}, {translate(TIME_LEFT if left >= 0 else TIME_OVER).format(abs(left))}"


@dataclass(frozen=True, slots=True)
class ClassHeader:
    """The top line of every page of a class."""

    code: str
    phones: int
    lesson_number: int  # forms say it, so that a late one does nothing to the next lesson
    clock: ClassClock | None
    is_rehearsal: bool


def class_header(class_session: ClassSession, phones: int) -> ClassHeader:
    return ClassHeader(
        class_session.code,
        phones,
        class_session.lesson_number,
        class_clock(class_session),
        class_session.is_rehearsal,
    )


def count_phones(class_id: str) -> int:
    """The phones in the class, as the desk's snapshot counts them; for pages that need nothing else of it."""
    return sum(not seat.added and not seat.removed for seat in find_seats(session(), class_id))


def class_clock(class_session: ClassSession) -> ClassClock | None:
    """The clock of a class; None while people are still joining, and after the class."""
    state = class_session.state
    if class_session.is_closed:
        return None
    if state.started_at is None:
        return None
    return ClassClock(state.started_at, int(clock.now().timestamp()), state.plan_length)

"""Count for the class report how far the phones got in the practice, and where mistakes were made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.model import Library, Mode, Practice
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.store.models import PracticeAttempt


@dataclass(frozen=True, slots=True)
class PracticeCounts:
    """All phones by their best result, each counted once. Stored as JSON in the class's counts.

    ``helped``: reached the goal with hints, but unguided. ``followed``: reached it in mode FOLLOW only, where the page
    shows the way.
    """

    alone: int
    helped: int
    unfinished: int
    not_begun: int
    followed: int

    @property
    def machines(self) -> int:
        return self.alone + self.helped + self.followed + self.unfinished + self.not_begun


@dataclass(frozen=True, slots=True)
class ScreenMistakes:
    """How many mistakes were made on one screen, and by how many phones. Stored as JSON in the class's counts."""

    screen: str
    title: str  # text
    times: int
    machines: int


class ClassAttempt(NamedTuple):
    """An attempt that was started in class."""

    seat: int | None
    mode: str
    state: dict[str, Any]
    wrong_taps: dict[str, int] | None


def has_practice(seats: Iterable[Seat]) -> bool:
    """Whether any seat was in the practice, even if the edited lesson no longer has one."""
    return any(seat.done or seat.attempt_id for seat in seats)


def find_class_attempts(session: Session, class_session: ClassSession, library: Library) -> Sequence[ClassAttempt]:
    """All attempts at the lesson that were started in this class."""
    columns = (
        PracticeAttempt.course,
        PracticeAttempt.lesson,
        PracticeAttempt.seat,
        PracticeAttempt.mode,
        PracticeAttempt.state,
        PracticeAttempt.wrong_taps,
    )
    rows = session.connection().execute(select(*columns).where(PracticeAttempt.class_id == class_session.id)).all()
    # By the lessons that they are now: an attempt keeps the name of a lesson that was merged into another.
    current = {(row.course, row.lesson): current_lesson_address(library, row.course, row.lesson) for row in rows}
    taught = current_lesson_address(library, class_session.course, class_session.lesson)
    return [
        ClassAttempt(row.seat, row.mode, row.state, row.wrong_taps)
        for row in rows
        if current[row.course, row.lesson] == taught
    ]


def current_lesson_address(library: Library, course: str, lesson: str) -> tuple[str, str]:
    """Course and slug of a lesson, or of the one into which it was merged."""
    found = library.lesson_or_merged_into(course, lesson)
    return (found.course, found.slug) if found else (course, lesson)


def guided_seats(seats: Iterable[Seat], attempts: Iterable[ClassAttempt], practice: Practice | None) -> frozenset[int]:
    """Numbers of the seats that reached the goal in mode FOLLOW only."""
    unguided = {
        attempt.seat
        for attempt in attempts
        if attempt.mode != Mode.FOLLOW
        and attempt.state["ended"]
        and (practice is None or attempt.state["screen"] == practice.goal)
    }
    return frozenset(seat.number for seat in seats if seat.done == "helped") - unguided


def count_practice(seats: Iterable[Seat], guided: frozenset[int]) -> PracticeCounts:
    """All phones by their best result. ``guided``: see ``guided_seats``."""
    results: Counter[str] = Counter()
    for seat in seats:
        if seat.added:
            continue
        done = "followed" if seat.number in guided else seat.done
        results[done or ("unfinished" if seat.last_at or seat.attempt_id else "not begun")] += 1
    return PracticeCounts(
        alone=results["alone"],
        helped=results["helped"],
        unfinished=results["unfinished"],
        not_begun=results["not begun"],
        followed=results["followed"],
    )


def count_mistakes(
    attempts: Iterable[ClassAttempt], numbers: set[int], practice: Practice | None
) -> tuple[ScreenMistakes, ...]:
    """Wrong fields and taps on wrong buttons by screen, most first, for the seats with these numbers."""
    times: Counter[str] = Counter()
    seats: defaultdict[str, set[int]] = defaultdict(set)
    for seat, _, state, wrong_taps in attempts:
        if seat not in numbers:
            continue
        taps: dict[str, int] = wrong_taps or {}
        for screen, wrong_fields, trapped in _mistakes(state):
            # Older attempts have no counts of wrong taps. Their states only say whether a trap was among them.
            mistakes = wrong_fields + max(taps.get(screen, 0), trapped)
            if mistakes:
                times[screen] += mistakes
                seats[screen].add(seat)
    screens = [
        ScreenMistakes(screen, _screen_title(practice, screen), times[screen], len(seats[screen])) for screen in times
    ]
    return tuple(sorted(screens, key=lambda screen: (-screen.times, -screen.machines, screen.screen)))


def _mistakes(state: Mapping[str, Any]) -> Iterator[tuple[str, int, bool]]:
    """Screen, number of wrong fields and whether trapped, from an attempt's stored state in either of its formats."""
    for screen, values in state.get("screens", {}).items():
        yield screen, values["wrong"], values["trapped"]
    for screen, (wrong, _, _, trapped, _) in state.get("been", {}).items():
        yield screen, wrong, trapped


def _screen_title(practice: Practice | None, screen_id: str) -> str:
    screen = practice.screen(screen_id) if practice else None
    return screen.title if screen else "Một màn nay không còn trong bài"

"""How far the phones of a class came in its practice, and where they slipped: what the report counts of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from lms.content.model import Practice
from lms.learning.classroom.session.queries import Seat
from lms.learning.store.models import PracticeAttempt


@dataclass(frozen=True, slots=True)
class Practised:
    """All phones by how far they came, each counted once, by the best that it did.

    ``helped``: by itself with hints. ``followed``: only in *làm theo*, where the page shows the way, so that nobody
    knows who could have done it alone. It is None in counts that were kept before the two were told apart: then both
    are in ``helped``.
    """

    alone: int
    helped: int
    unfinished: int
    not_begun: int
    followed: int | None = None

    @property
    def machines(self) -> int:
        return self.alone + self.helped + (self.followed or 0) + self.unfinished + self.not_begun


@dataclass(frozen=True, slots=True)
class Slips:
    """One screen of the practice: how often something wrong was done there, and by how many phones."""

    screen: str
    title: str  # text
    times: int
    machines: int


def any_practised(present: Iterable[Seat]) -> bool:
    """Whether anybody did, whatever the lesson says today."""
    return any(seat.done or seat.attempt_id for seat in present)


def attempts_of(connection: Connection, class_id: str) -> Sequence[Row[Any]]:
    """All attempts begun in this class."""
    columns = (PracticeAttempt.seat, PracticeAttempt.mode, PracticeAttempt.state, PracticeAttempt.wrong_taps)
    return connection.execute(select(*columns).where(PracticeAttempt.class_id == class_id)).all()


def followed_in(present: Iterable[Seat], attempts: Iterable[Row[Any]], practice: Practice | None) -> frozenset[int]:
    """Seats that came to the goal, and never by themselves."""
    by_themselves = {
        attempt.seat
        for attempt in attempts
        if attempt.mode != "lam-theo"
        and attempt.state["ended"]
        and (practice is None or attempt.state["screen"] == practice.goal)
    }
    return frozenset(seat.number for seat in present if seat.done == "helped") - by_themselves


def practised_in(present: Iterable[Seat], followed: frozenset[int]) -> Practised:
    """All phones by how far they came; ``followed`` as ``followed_in`` gives it."""
    ways: Counter[str] = Counter()
    for seat in present:
        if not seat.added:
            done = "followed" if seat.number in followed else seat.done
            ways[done or ("begun" if seat.last_at or seat.attempt_id else "")] += 1
    return Practised(
        alone=ways["alone"],
        helped=ways["helped"],
        unfinished=ways["begun"],
        not_begun=ways[""],
        followed=ways["followed"],
    )


def slips_in(attempts: Iterable[Row[Any]], numbers: set[int], practice: Practice | None) -> tuple[Slips, ...]:
    """Fields that did not hold, as the attempts' states have them, and taps on wrong buttons."""
    times: Counter[str] = Counter()
    machines: defaultdict[str, set[int]] = defaultdict(set)
    for seat, _, state, wrong_taps in attempts:
        if seat not in numbers:
            continue
        for screen, wrong, trapped in _mistakes(state):
            # An attempt that was kept before such taps were counted knows only whether there was a trap among them.
            wrong += max((wrong_taps or {}).get(screen, 0), trapped)
            if wrong:
                times[screen] += wrong
                machines[screen].add(seat)
    found = [Slips(screen, _title(practice, screen), count, len(machines[screen])) for screen, count in times.items()]
    return tuple(sorted(found, key=lambda one: (-one.times, -one.machines, one.screen)))


def _mistakes(kept: Mapping[str, Any]) -> Iterator[tuple[str, int, bool]]:
    """Of an attempt's state as kept, in either form (``State.as_kept``): screen, fields that did not hold, a trap."""
    for screen, stood in kept.get("screens", {}).items():
        yield screen, stood["wrong"], stood["trapped"]
    for screen, (wrong, _, _, trapped, _) in kept.get("been", {}).items():
        yield screen, wrong, trapped


def _title(practice: Practice | None, screen_id: str) -> str:
    screen = practice.screen(screen_id) if practice else None
    return screen.title if screen else "Một màn nay không còn trong bài"

"""Where people hesitate in a practice: counts for each screen, and never one that would point at a person.

Every kept event of every attempt at the practice as it is compiled now is looked at once, in the order of learners,
so that memory holds one number for each learner and screen and nothing else of anybody. How long somebody stood on a
screen is told by the first attempt that came there: later ones are practice.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from statistics import median
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.orm import Session

from lms.content.model import Mode, Practice
from lms.content.practice import engine
from lms.content.practice.compiling import compile_model
from lms.learning.practice.compiled_practices import digest_of, load_model
from lms.learning.store.models import EventBatch, PracticeAttempt

FEWEST = 3  # people; of fewer nothing is told
FEWEST_FOR_HALF = 8  # people; of fewer, the quarters would be single persons' times
LONGEST_PAUSE = 5 * 60 * 1000  # milliseconds between two events; whoever was away longer had laid the phone down
GIVEN_UP_AFTER = timedelta(days=1)
_AT_ONCE = 200  # rows

Slip = Literal["wrong", "aside", "trap", "idle", "miss"]


@dataclass(frozen=True, slots=True)
class Slipped:
    """Something other than the right way, done by ``people``. ``place`` is the widget's; −1 for a tap on nothing.

    "wrong" is a field that did not hold at a tap on the way on, "aside" and "trap" are arrows off the path, "idle" a
    button that leads nowhere.
    """

    kind: Slip
    place: int
    people: int


@dataclass(frozen=True, slots=True)
class ScreenCounts:
    """One screen. Counts of fewer than three people are None, and what fewer did is not in ``slips``.

    ``middle``: the median of how long people stood there, in seconds; ``half``: between which two times every second
    one did, None for fewer than eight.
    """

    people: int
    middle: float
    half: tuple[float, float] | None
    slips: tuple[Slipped, ...]  # most people first
    hinted: int | None  # asked for any help
    left: int | None  # stopped here a day ago or longer and did not come back


@dataclass(frozen=True, slots=True)
class HesitationMap:
    """``people`` is None where there are fewer than three; then ``screens`` is empty.

    ``older``: attempts at earlier versions of this practice, which have other screens and are not counted. Rehearsals
    of single screens are not counted either.
    """

    people: int | None
    screens: dict[str, ScreenCounts]
    older: int | None


def hesitation_map(
    session: Session, course: str, lesson: str, practice: Practice, *, now: datetime, mode: Mode | None = None
) -> HesitationMap:
    """The map of one practice, of all modes or of one."""
    connection = session.connection()
    digest = digest_of(compile_model(practice))
    attempts = _attempts(course, lesson, practice.name, mode)
    others = attempts.where(PracticeAttempt.model_digest != digest, PracticeAttempt.content_digest != practice.digest)
    older = connection.scalar(select(func.count()).select_from(others.subquery()))
    counting = _Counting()
    present = attempts.where(PracticeAttempt.model_digest == digest)
    for of_one in _by_learner(connection, present):
        counting.learner(load_model(connection, digest), of_one, now)
    people = _told(counting.people)
    screens = {name: found for name in counting.seconds if (found := counting.screen(name))} if people else {}
    return HesitationMap(people, screens, _told(older or 0))


def _told(count: int) -> int | None:
    return count if count >= FEWEST else None


# --- reading, a few rows at a time ---------------------------------------------------------------------------------


def _attempts(course: str, lesson: str, practice: str, mode: Mode | None) -> Select:
    query = select(PracticeAttempt.__table__.c.id).where(
        PracticeAttempt.course == course,
        PracticeAttempt.lesson == lesson,
        PracticeAttempt.practice == practice,
        PracticeAttempt.kept > 0,
    )
    return query.where(PracticeAttempt.mode == mode) if mode else query


def _by_learner(connection: Connection, attempts: Select) -> Iterator[Iterator[Row]]:
    """The batches of each learner's attempts in the order in which they were begun."""
    rows = connection.execute(
        attempts.join(EventBatch, EventBatch.attempt_id == PracticeAttempt.id)
        .add_columns(
            PracticeAttempt.learner_id,
            PracticeAttempt.mode,
            PracticeAttempt.data,
            PracticeAttempt.last_at,
            EventBatch.events,
        )
        .order_by(
            PracticeAttempt.learner_id, PracticeAttempt.started_at, PracticeAttempt.id, EventBatch.first_q
        ),
        execution_options={"yield_per": _AT_ONCE},
    )  # fmt: skip
    return (of_one for _, of_one in groupby(rows, key=attrgetter("learner_id")))


# --- counting ------------------------------------------------------------------------------------------------------


class _Counting:
    def __init__(self) -> None:
        self.people = 0
        self.seconds: dict[str, array[float]] = {}
        self.slips: dict[str, Counter[tuple[Slip, int]]] = defaultdict(Counter)
        self.hinted: Counter[str] = Counter()
        self.left: Counter[str] = Counter()

    def learner(self, model: dict, rows: Iterator[Row], now: datetime) -> None:
        """Add one learner: each thing that she did counts once, however often she did it."""
        self.people += 1
        met: dict[str, float] = {}
        slipped: set[tuple[str, Slip, int]] = set()
        hinted: set[str] = set()
        left = ""
        for _, batches in groupby(rows, key=attrgetter("id")):
            stood: dict[str, float] = {}
            left = self._attempt(model, batches, now, stood, slipped, hinted)
            for screen, milliseconds in stood.items():
                met.setdefault(screen, milliseconds / 1000)
        for screen, seconds in met.items():
            self.seconds.setdefault(screen, array("d")).append(seconds)
        for screen, kind, place in slipped:
            self.slips[screen][kind, place] += 1
        self.hinted.update(hinted)
        if left:
            self.left[left] += 1

    def _attempt(
        self,
        model: dict,
        batches: Iterator[Row],
        now: datetime,
        stood: dict[str, float],
        slipped: set[tuple[str, Slip, int]],
        hinted: set[str],
    ) -> str:
        """Count one attempt; the screen at which it was given up, "" for none."""
        first = next(batches)
        t, last = 0.0, None
        for event, state in engine.follow(model, first.data, _events(first, batches), first.mode):
            screen = event[2]
            stood[screen] = stood.get(screen, 0.0) + min(state.t - t, LONGEST_PAUSE)
            t, last = state.t, state
            slip = _slip(model, event, state)
            if slip:
                slipped.add((screen, *slip))
            elif event[4] in ("hint", "point", "do"):
                hinted.add(screen)
        is_given_up = last is not None and not last.ended and now - first.last_at > GIVEN_UP_AFTER
        return last.screen if is_given_up else ""

    def screen(self, name: str) -> ScreenCounts | None:
        """What may be told of a screen; None where too few have been."""
        seconds = sorted(self.seconds[name])
        if len(seconds) < FEWEST:
            return None
        half = len(seconds) // 2
        slips = (Slipped(*slip, people) for slip, people in self.slips[name].most_common() if people >= FEWEST)
        return ScreenCounts(
            people=len(seconds),
            middle=median(seconds),
            half=(median(seconds[:half]), median(seconds[-half:])) if len(seconds) >= FEWEST_FOR_HALF else None,
            slips=tuple(slips),
            hinted=_told(self.hinted[name]),
            left=_told(self.left[name]),
        )


def _events(first: Row, others: Iterable[Row]) -> Iterator[list[Any]]:
    yield from first.events
    for row in others:
        yield from row.events


def _slip(model: dict, event: list[Any], state: engine.State) -> tuple[Slip, int] | None:
    said = state.said
    if said and said[0] in ("wrong", "idle"):
        return said[0], said[1]
    place, action = event[3], event[4]
    if action == "miss":
        return "miss", -1
    if place < 0 or action not in ("tap", "hold"):
        return None
    arrow = model["screens"][event[2]]["widgets"][place].get("arrow")
    if arrow == "x>":
        return "trap", place
    # Off the path every way leads back, and none of them is a slip.
    return ("aside", place) if arrow == "->" and event[2] in model["path"] else None

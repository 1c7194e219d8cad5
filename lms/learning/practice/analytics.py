"""Where learners hesitate in a practice: counts for each screen, none of which points at a person.

Reads all saved events of the attempts at the present version of the practice once, ordered by learner, so that memory
holds one number for each learner and screen and nothing else of a learner. The time spent on a screen comes from the
first attempt that reached it; later ones are repetition.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from statistics import median
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.orm import Session

from lms.content.model import TAP_ACTIONS, CompiledModel, Mode, Practice
from lms.content.practice import engine
from lms.content.practice.compiling import compile_model
from lms.learning.practice.compiled_practices import load_model, model_digest
from lms.learning.store.models import EventBatch, PracticeAttempt

MIN_PEOPLE = 3  # counts of fewer people are not shown
MIN_PEOPLE_FOR_QUARTILES = 8  # with fewer, a quartile would be one person's time
MAX_PAUSE_MS = 5 * 60 * 1000  # a longer time between two events means that the phone was put down
GIVEN_UP_AFTER = timedelta(days=1)
_ROWS_PER_FETCH = 200

MistakeKind = Literal["wrong", "aside", "trap", "idle", "miss"]


@dataclass(frozen=True, slots=True)
class ScreenMistake:
    """A mistake that ``people`` made. ``widget`` is the index of the widget, or -1 for a tap beside every widget.

    "wrong": a field was wrong when it was submitted; "aside" and "trap": an arrow off the path; "idle": a button that
    leads nowhere; "miss": a tap beside every widget.
    """

    kind: MistakeKind
    widget: int
    people: int


@dataclass(frozen=True, slots=True)
class ScreenCounts:
    """One screen. Counts of fewer than three people are None, and their mistakes are left out.

    ``median_seconds``: the median time spent there. ``middle_half_seconds``: the quartiles between which half of the
    people are; None for fewer than eight people.
    """

    people: int
    median_seconds: float
    middle_half_seconds: tuple[float, float] | None
    mistakes: tuple[ScreenMistake, ...]  # most people first
    hinted: int | None  # asked for any help
    gave_up: int | None  # stopped here at least a day ago


@dataclass(frozen=True, slots=True)
class PracticeAnalytics:
    """``people`` is None for fewer than three; then ``screens`` is empty.

    ``older_attempts``: attempts at earlier versions of the practice, which have other screens and are not counted.
    Rehearsals of single screens are not counted either.
    """

    people: int | None
    screens: dict[str, ScreenCounts]
    older_attempts: int | None


def practice_analytics(
    session: Session, course: str, lesson: str, practice: Practice, *, now: datetime, mode: Mode | None = None
) -> PracticeAnalytics:
    """The counts for one practice, for all modes or for one."""
    connection = session.connection()
    digest = model_digest(compile_model(practice))
    attempts = _attempt_ids_statement(course, lesson, practice.name, mode)
    older = attempts.where(PracticeAttempt.model_digest != digest, PracticeAttempt.content_digest != practice.digest)
    older_count = connection.scalar(select(func.count()).select_from(older.subquery()))
    counter = _AttemptCounter()
    present = attempts.where(PracticeAttempt.model_digest == digest)
    for rows in _batches_by_learner(connection, present):
        counter.add_learner(load_model(connection, digest), rows, now)
    people = count_or_none(counter.people)
    screens: dict[str, ScreenCounts] = {}
    if people:
        for name in counter.seconds:
            counts = counter.screen_counts(name)
            if counts is not None:
                screens[name] = counts
    return PracticeAnalytics(people, screens, count_or_none(older_count or 0))


def count_or_none(count: int) -> int | None:
    """A count of people, or None if it could point at one of them."""
    return count if count >= MIN_PEOPLE else None


# --- reading, a few rows at a time ---------------------------------------------------------------------------------


def _attempt_ids_statement(course: str, lesson: str, practice: str, mode: Mode | None) -> Select[Any]:
    statement = select(PracticeAttempt.__table__.c.id).where(
        PracticeAttempt.course == course,
        PracticeAttempt.lesson == lesson,
        PracticeAttempt.practice == practice,
        PracticeAttempt.last_q > 0,
    )
    return statement.where(PracticeAttempt.mode == mode) if mode else statement


def _batches_by_learner(connection: Connection, attempts: Select[Any]) -> Iterator[Iterator[Row[Any]]]:
    """For each learner the event batches of all attempts, in the order in which these were started."""
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
        execution_options={"yield_per": _ROWS_PER_FETCH},
    )  # fmt: skip
    return (batches for _, batches in groupby(rows, key=attrgetter("learner_id")))


# --- counting ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _LearnerCounts:
    """What one learner did, so that everything counts once for each learner."""

    milliseconds: dict[str, float]  # by screen, in the first attempt that reached it
    mistakes: set[tuple[str, MistakeKind, int]]  # screen, kind, widget
    hinted: set[str]  # screens


class _AttemptCounter:
    def __init__(self) -> None:
        self.people = 0
        self.seconds: dict[str, array[float]] = {}
        self.mistakes: dict[str, Counter[tuple[MistakeKind, int]]] = defaultdict(Counter)
        self.hinted: Counter[str] = Counter()
        self.gave_up: Counter[str] = Counter()

    def add_learner(self, model: CompiledModel, rows: Iterator[Row[Any]], now: datetime) -> None:
        """Add all attempts of one learner, given as their event batches."""
        self.people += 1
        learner = _LearnerCounts({}, set(), set())
        gave_up_at = ""
        for _, batches in groupby(rows, key=attrgetter("id")):
            gave_up_at = _count_attempt(model, batches, now, learner)
        for screen, milliseconds in learner.milliseconds.items():
            self.seconds.setdefault(screen, array("d")).append(milliseconds / 1000)
        for screen, kind, widget in learner.mistakes:
            self.mistakes[screen][kind, widget] += 1
        self.hinted.update(learner.hinted)
        if gave_up_at:
            self.gave_up[gave_up_at] += 1

    def screen_counts(self, name: str) -> ScreenCounts | None:
        """The counts of one screen; None when too few people have been there."""
        seconds = sorted(self.seconds[name])
        if len(seconds) < MIN_PEOPLE:
            return None
        half = len(seconds) // 2
        has_quartiles = len(seconds) >= MIN_PEOPLE_FOR_QUARTILES
        mistakes = self.mistakes[name].most_common()
        return ScreenCounts(
            people=len(seconds),
            median_seconds=median(seconds),
            middle_half_seconds=(median(seconds[:half]), median(seconds[-half:])) if has_quartiles else None,
            mistakes=tuple(ScreenMistake(*mistake, people) for mistake, people in mistakes if people >= MIN_PEOPLE),
            hinted=count_or_none(self.hinted[name]),
            gave_up=count_or_none(self.gave_up[name]),
        )


def _count_attempt(model: CompiledModel, batches: Iterator[Row[Any]], now: datetime, learner: _LearnerCounts) -> str:
    """Count one attempt; returns the screen at which it was given up, "" if it was not."""
    first = next(batches)
    milliseconds: dict[str, float] = {}
    t, last = 0.0, None
    for event, state in engine.replay_states(model, first.data, _events_of_attempt(first, batches), first.mode):
        screen = event[2]
        milliseconds[screen] = milliseconds.get(screen, 0.0) + min(state.t - t, MAX_PAUSE_MS)
        t, last = state.t, state
        mistake = _find_mistake(model, event, state)
        if mistake:
            learner.mistakes.add((screen, *mistake))
        elif event[4] in ("hint", "point", "do"):
            learner.hinted.add(screen)
    for screen, time in milliseconds.items():
        learner.milliseconds.setdefault(screen, time)
    is_given_up = last is not None and not last.ended and now - first.last_at > GIVEN_UP_AFTER
    return last.screen if last is not None and is_given_up else ""


def _events_of_attempt(first: Row[Any], others: Iterable[Row[Any]]) -> Iterator[list[Any]]:
    yield from first.events
    for row in others:
        yield from row.events


def _find_mistake(model: CompiledModel, event: Sequence[Any], state: engine.State) -> tuple[MistakeKind, int] | None:
    feedback = state.said
    if feedback and feedback[0] in ("wrong", "idle"):
        return feedback[0], feedback[1]
    widget, action = event[3], event[4]
    if action == "miss":
        return "miss", -1
    if widget < 0 or action not in TAP_ACTIONS:
        return None
    arrow = model["screens"][event[2]]["widgets"][widget].get("arrow")
    if arrow == "x>":
        return "trap", widget
    # Off the path every arrow leads back, and none of them is a mistake.
    return ("aside", widget) if arrow == "->" and event[2] in model["path"] else None

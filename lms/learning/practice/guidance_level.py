"""How much guidance *làm theo* still gives on each screen: less after a clean pass, more where it was hard.

Guidance levels are derived from the learner's ended attempts at the present version of the practice, and never
stored. They change only what a page shows: engine, events and marks do not depend on them (ADR 13).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lms.content.model import CompiledModel, Mode, Practice
from lms.content.practice import engine
from lms.content.practice.compiling import scored_screens
from lms.content.practice.engine_state import ScreenState, State
from lms.learning.practice.attempts import IN_CLASS_REHEARSAL, Attempt
from lms.learning.practice.compiled_practices import load_model
from lms.learning.store.models import PracticeAttempt

# 2: pointed at in words and with a ring. 1: a hint in words. 0: the task alone, and hints on request.
Level = Literal[0, 1, 2]
FULL_GUIDANCE: Level = 2
_LOWER: dict[Level, Level] = {2: 1, 1: 0, 0: 0}
_HIGHER: dict[Level, Level] = {0: 1, 1: 2, 2: 2}
# Six clean runs at most lead from full guidance to none, so older runs than these have no lasting effect.
_MAX_RUNS = 50
_MANY = 2  # wrong submits, or hints, on one screen that make it a hard one


@dataclass(frozen=True, slots=True)
class EndedAttempt:
    """One ended attempt. ``model``: its own; a drill of a few screens counts for these only."""

    model: CompiledModel
    state: State


def compute_levels(practice: Practice, runs: Iterable[EndedAttempt]) -> dict[str, Level]:
    """The level of each scored screen after ``runs``, oldest first. All begin with 2.

    Each run lowers by one the levels of screens that were passed clean, but only of those nearest to the goal, at most
    a third of the practice's (rounded up). It raises by one the levels of screens with two wrong submits, two hints,
    or a stronger help.
    """
    levels: dict[str, Level] = dict.fromkeys(scored_screens(practice), FULL_GUIDANCE)
    most = ceil(len(levels) / 3)
    for run in runs:
        screens = {name: run.state.screens[name] for name in run.model["scored"] if name in levels}
        passed = _passed_screens(run)
        clean = [name for name in levels if name in passed and levels[name] and _is_clean(screens[name])]
        for name in clean[-most:] if most else ():
            levels[name] = _LOWER[levels[name]]
        for name, screen in screens.items():
            if _was_hard(screen):
                levels[name] = _HIGHER[levels[name]]
    return levels


def current_levels(
    session: Session, learner_id: str | None, course: str, lesson: str, practice: Practice
) -> dict[str, Level]:
    """The levels that the learner's next attempt would start with."""
    return compute_levels(practice, _find_runs(session, learner_id, course, lesson, practice) if learner_id else ())


def attempt_levels(
    session: Session, attempt: Attempt, practice: Practice, *, override: Level | None = None
) -> dict[str, Level]:
    """The levels of an attempt, as they were when it started; {} in the modes without guidance.

    ``override``: the level that a facilitator has set for the whole class.
    """
    if attempt.mode != Mode.FOLLOW:
        return {}
    if override is not None:
        return dict.fromkeys(scored_screens(practice), override)
    runs = _find_runs(session, attempt.learner_id, attempt.course, attempt.lesson, practice, before=attempt.started_at)
    return compute_levels(practice, runs)


def is_ready_for_test(levels: Mapping[str, Level]) -> bool:
    """Whether no screen needs guidance any more."""
    return bool(levels) and not any(levels.values())


def _passed_screens(run: EndedAttempt) -> set[str]:
    """The scored screens that the learner got past: not the last visited one, unless the run reached the goal."""
    scored = run.model["scored"]
    if run.state.screen == run.model["goal"]:
        return set(scored)
    last = max((index for index, name in enumerate(scored) if run.state.screens[name].visited), default=0)
    return set(scored[:last])


def _is_clean(screen: ScreenState) -> bool:
    return screen.visited and not (screen.wrong or screen.help or screen.trapped)


def _was_hard(screen: ScreenState) -> bool:
    return screen.wrong >= _MANY or screen.hints >= _MANY or screen.help >= engine.POINT_COST


def _find_runs(
    session: Session,
    learner_id: str,
    course: str,
    lesson: str,
    practice: Practice,
    *,
    before: datetime | None = None,
) -> list[EndedAttempt]:
    """The learner's ended attempts, oldest first. ``before``: only those that ended by then."""
    parameters: dict[str, str | datetime] = {
        "learner_id": learner_id,
        "course": course,
        "lesson": lesson,
        "practice": practice.name,
        "content_digest": practice.digest,
    }
    statement = _ENDED
    if before is not None:
        statement, parameters["before"] = _ENDED_BEFORE, before
    connection = session.connection()
    runs: list[EndedAttempt] = []
    for row in reversed(connection.execute(statement, parameters).all()):
        model = load_model(connection, row.model_digest)
        try:
            runs.append(EndedAttempt(model, State.from_stored(row.state, engine.initial_state(model))))
        except ValueError:
            continue  # stored by an older version of the program: not worth a replay for each page
    return runs


_COLUMNS = PracticeAttempt.__table__.c
_LATEST = (
    select(_COLUMNS.model_digest, _COLUMNS.state)
    .where(
        *(
            _COLUMNS[name] == bindparam(name)
            for name in ("learner_id", "course", "lesson", "practice", "content_digest")
        ),
        ~IN_CLASS_REHEARSAL,
    )
    .order_by(_COLUMNS.completed_at.desc(), _COLUMNS.id.desc())
    .limit(_MAX_RUNS)
)
_ENDED = _LATEST.where(_COLUMNS.completed_at.is_not(None))
_ENDED_BEFORE = _LATEST.where(_COLUMNS.completed_at <= bindparam("before"))

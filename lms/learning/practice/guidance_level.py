"""How much *làm theo* still points at each screen: less where its learner has passed clean, more where it was hard.

Nothing of it is stored. Levels follow from her ended attempts at the practice as it is now, and change only what is
shown: the engine, the log and the marks know nothing of them (ADR 13).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lms.content.model import Practice
from lms.content.practice import engine
from lms.content.practice.compiling import scored_screens
from lms.content.practice.state import ScreenState, State
from lms.learning.practice.attempts import Attempt
from lms.learning.practice.compiled_practices import load_model
from lms.learning.store.models import PracticeAttempt

# 2: pointed at in words and with a ring. 1: a hint in words. 0: the task alone, and help for whoever asks.
Level = Literal[0, 1, 2]
FULL: Level = 2
# From full to none takes six clean runs at most, so older ones than these decide nothing that lasts.
_LATEST_RUNS = 50
_MANY = 2  # wrong submits, or hints, on one screen: it went too fast for her


@dataclass(frozen=True, slots=True)
class Run:
    """One ended attempt. ``model`` is the one it was made with: one that repeated a few screens counts for these."""

    model: Mapping[str, Any]
    state: State


def levels(practice: Practice, runs: Iterable[Run]) -> dict[str, Level]:
    """Each scored screen's level after ``runs``, oldest first; all begin with 2.

    A screen passed clean drops one, but of a run's clean screens only those nearest the goal, at most a third of the
    practice's (rounded up). A screen with two wrong submits, two hints, or a stronger help rises one.
    """
    found: dict[str, Level] = dict.fromkeys(scored_screens(practice), FULL)
    most = ceil(len(found) / 3)
    for run in runs:
        screens = {name: run.state.screens[name] for name in run.model["scored"] if name in found}
        passed = _passed(run)
        clean = [name for name in found if name in passed and found[name] and _is_clean(screens[name])]
        for name in clean[-most:] if most else ():
            found[name] -= 1
        for name, at in screens.items():
            if _was_hard(at):
                found[name] = min(FULL, found[name] + 1)
    return found


def levels_now(
    session: Session, learner_id: str | None, course: str, lesson: str, practice: Practice
) -> dict[str, Level]:
    """What her next attempt would begin with."""
    return levels(practice, _runs(session, learner_id, course, lesson, practice) if learner_id else ())


def levels_of(
    session: Session, attempt: Attempt, practice: Practice, *, override: Level | None = None
) -> dict[str, Level]:
    """The levels of one attempt, fixed when it begins: what ends later does not count. {} where nothing is pointed at.

    ``override``: a facilitator's level for a whole class.
    """
    if attempt.mode != "lam-theo":
        return {}
    if override is not None:
        return dict.fromkeys(scored_screens(practice), override)
    before = attempt.started_at
    return levels(practice, _runs(session, attempt.learner_id, attempt.course, attempt.lesson, practice, before=before))


def is_ready_for_test(found: Mapping[str, Level]) -> bool:
    """No screen needs pointing any more."""
    return bool(found) and not any(found.values())


def _passed(run: Run) -> set[str]:
    """The scored screens behind her. From the last one she met, another end than the goal may have taken her away."""
    scored = run.model["scored"]
    if run.state.screen == run.model["goal"]:
        return set(scored)
    last = max((place for place, name in enumerate(scored) if run.state.screens[name].visited), default=0)
    return set(scored[:last])


def _is_clean(at: ScreenState) -> bool:
    return at.visited and not (at.wrong or at.help or at.trapped)


def _was_hard(at: ScreenState) -> bool:
    return at.wrong >= _MANY or at.hints >= _MANY or at.help >= engine.POINT_COST


def _runs(
    session: Session,
    learner_id: str,
    course: str,
    lesson: str,
    practice: Practice,
    *,
    before: datetime | None = None,
) -> list[Run]:
    hers = {
        "learner_id": learner_id,
        "course": course,
        "lesson": lesson,
        "practice": practice.name,
        "content_digest": practice.digest,
    }
    latest, asked = (_ENDED, hers) if before is None else (_ENDED_BEFORE, hers | {"before": before})
    connection = session.connection()
    found = []
    for row in reversed(connection.execute(latest, asked).all()):
        try:
            model = load_model(connection, row.model_digest)
            found.append(Run(model, State.from_kept(row.state, engine.begin(model))))
        except ValueError:
            continue  # an older program's; what it meant to say is not worth a replay for each page
    return found


_ATTEMPTS = PracticeAttempt.__table__.c
_HERS = [
    _ATTEMPTS[name] == bindparam(name) for name in ("learner_id", "course", "lesson", "practice", "content_digest")
]
_LATEST = (
    select(_ATTEMPTS.model_digest, _ATTEMPTS.state)
    .where(*_HERS)
    .order_by(_ATTEMPTS.completed_at.desc(), _ATTEMPTS.id.desc())
    .limit(_LATEST_RUNS)
)
_ENDED = _LATEST.where(_ATTEMPTS.completed_at.is_not(None))
_ENDED_BEFORE = _LATEST.where(_ATTEMPTS.completed_at <= bindparam("before"))

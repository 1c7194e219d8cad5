"""Drills: short attempts at the screens of an ended attempt that went wrong."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from lms.content.model import TAP_ACTIONS, Mode, Practice
from lms.content.practice import engine
from lms.content.practice.compiling import scored_screens
from lms.content.practice.screen_drill import make_drill
from lms.learning.practice.attempts import Attempt, find_attempt, read_event_log, start_attempt


def trapped_screens(session: Session, attempt: Attempt) -> frozenset[str]:
    """The screens on which the learner tapped a trap.

    In guided mode a trap is refused and costs nothing, so only the event log has it.
    """
    trapped = {name for name, state in attempt.state["screens"].items() if state["trapped"]}
    if attempt.mode == Mode.FOLLOW:
        screens = attempt.model["screens"]
        trapped |= {
            screen
            for _, _, screen, index, action, *_ in read_event_log(session, attempt)
            if action in TAP_ACTIONS and screens[screen]["widgets"][index].get("arrow") == "x>"
        }
    return frozenset(trapped)


def screens_to_drill(attempt: Attempt, trapped: Collection[str]) -> tuple[str, ...]:
    """The scored screens of an ended attempt that are worth repeating.

    First those with a tapped trap, then those that were not right at once and without help; each in order.
    """
    report = engine.score_report(attempt.model, engine.State.from_json(attempt.state), attempt.mode)
    names = (name for name, outcome in report["screens"].items() if outcome["score"] < 100 or name in trapped)
    return tuple(sorted(names, key=lambda name: name not in trapped))


def can_drill(practice: Practice, names: tuple[str, ...]) -> bool:
    """Whether a drill makes sense: of all screens it would be the whole practice, which earns the mark."""
    return 0 < len(names) < len(scored_screens(practice))


def start_drill(
    session: Session, *, learner_id: str, attempt_id: str, course: str, lesson: str, practice: Practice, now: datetime
) -> Attempt | None:
    """Start a drill of an ended attempt; None when there is nothing to drill or the practice was edited.

    Raises:
        NotFound: the learner has no such attempt.
        LearnerForgotten: the learner's data was deleted.
    """
    repeated = find_attempt(session, learner_id, attempt_id)
    names = screens_to_drill(repeated, trapped_screens(session, repeated))
    if not repeated.ended or repeated.content_digest != practice.digest or not can_drill(practice, names):
        return None
    return start_attempt(session, learner_id, course, lesson, make_drill(practice, names), Mode.ALONE, now=now)

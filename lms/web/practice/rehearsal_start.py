"""Which screens of an ended attempt are worth repeating, and the short run that goes through exactly these."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from lms.content.model import Practice
from lms.content.practice import engine
from lms.content.practice.compiling import scored_screens
from lms.content.practice.rehearsal import rehearsal
from lms.learning.practice.attempts import Attempt, find_attempt, read_log, start_practice

# A rehearsal is gone through alone, with help for whoever asks.
MODE = "tu-lam"
TAPS = frozenset({"tap", "hold"})


def trapped_on(session: Session, attempt: Attempt) -> frozenset[str]:
    """The screens on which she tapped a trap. In *làm theo* it holds her back and costs nothing, so that the state
    knows nothing of it: the log does."""
    trapped = {name for name, at in attempt.state["screens"].items() if at["trapped"]}
    if attempt.mode == "lam-theo":
        screens = attempt.model["screens"]
        trapped |= {
            screen
            for _, _, screen, place, action, *_ in read_log(session, attempt)
            if action in TAPS and screens[screen]["widgets"][place].get("arrow") == "x>"
        }
    return frozenset(trapped)


def to_repeat(attempt: Attempt, trapped: Collection[str]) -> tuple[str, ...]:
    """The scored screens of an ended attempt that are worth repeating: first those with a trap that she tapped, the
    mistake that would have cost her most, then those that were not right at once and without help; both in order."""
    report = engine.report(attempt.model, engine.State.from_json(attempt.state), attempt.mode)
    names = (name for name, outcome in report["screens"].items() if outcome["score"] < 100 or name in trapped)
    return tuple(sorted(names, key=lambda name: name not in trapped))


def can_rehearse(practice: Practice, names: tuple[str, ...]) -> bool:
    """Some screens, but not all: who has to repeat all takes the whole way, which earns the mark."""
    return 0 < len(names) < len(scored_screens(practice))


def start_again(
    session: Session, *, learner_id: str, attempt_id: str, course: str, lesson: str, practice: Practice, now: datetime
) -> Attempt | None:
    """Begin what repeats exactly the screens of her ended attempt at this very practice; None when there is nothing to.

    Raises:
        NotFound: there is no such attempt, or it is somebody else's.
        LearnerForgotten: she asked to be forgotten.
    """
    repeated = find_attempt(session, learner_id, attempt_id)
    names = to_repeat(repeated, trapped_on(session, repeated))
    if not repeated.ended or repeated.content_digest != practice.digest or not can_rehearse(practice, names):
        return None
    return start_practice(session, learner_id, course, lesson, rehearsal(practice, names), MODE, now=now)

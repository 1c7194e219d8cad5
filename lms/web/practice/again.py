"""Which screens of an ended attempt are worth repeating, and the short run that goes through exactly these."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lms.content.model import Practice
from lms.content.practice import engine
from lms.content.practice.compiling import scored_screens
from lms.content.practice.rehearsal import rehearsal
from lms.learning.attempts import Attempt, find_attempt

# A rehearsal is gone through alone, with help for whoever asks.
MODE = "tu-lam"


def to_repeat(attempt: Attempt) -> tuple[str, ...]:
    """The scored screens of an ended attempt that were not right at once and without help, in order."""
    report = engine.report(attempt.model, engine.State.from_json(attempt.state), attempt.mode)
    return tuple(name for name, outcome in report["screens"].items() if outcome["score"] < 100)


def can_rehearse(practice: Practice, names: tuple[str, ...]) -> bool:
    """Some screens, but not all: who has to repeat all takes the whole way, which earns the mark."""
    return 0 < len(names) < len(scored_screens(practice))


def rehearsal_of(session: Session, learner_id: str | None, attempt_id: str, practice: Practice) -> Practice | None:
    """What repeats exactly the screens of her ended attempt at this very practice; None when there is nothing to.

    Raises:
        NotFound: there is no such attempt, or it is somebody else's.
    """
    attempt = find_attempt(session, learner_id or "", attempt_id)
    if not attempt.ended or attempt.content_digest != practice.digest or attempt.practice != practice.name:
        return None
    names = to_repeat(attempt)
    return rehearsal(practice, names) if can_rehearse(practice, names) else None

"""Goes at a practice: beginning one, and keeping what the phone says happened in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from lms.content.model import Mode, Practice
from lms.content.practice import engine
from lms.content.practice.compiling import compile_model, draw
from lms.learning.errors import InvalidEvents, NotFound, TooLarge
from lms.learning.learners import touch
from lms.learning.models import EventBatch, PracticeAttempt
from lms.learning.practice_models import keep_model, load_model
from lms.learning.stages import award_mark

MOST_EVENTS_A_BATCH = 500
MOST_EVENTS = 5000  # in one attempt; a careful hour is some 600


@dataclass(frozen=True, slots=True)
class Attempt:
    """One go at one practice, as it stands. ``state`` is the engine's State as JSON after event number ``kept``."""

    id: str
    learner_id: str
    course: str
    lesson: str
    practice: str  # "" is the one that earns the mark
    mode: Mode
    content_digest: str  # of the Practice it began with; another one on the shelf now has newer texts
    model: dict[str, Any]  # what both engines run
    data: dict[str, str]  # the drawn values
    state: dict[str, Any]
    kept: int
    score: int  # 0 to 100
    passed: bool
    ended: bool
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is kept of an attempt now. ``report`` is the engine's, screen by screen; ``mark_earned`` stays true."""

    kept: int  # the last q; events up to it need not be sent again
    screen: str
    ended: bool
    passed: bool
    score: int  # 0 to 100
    mark_earned: bool  # the lesson's mark "lam" is there, from this attempt or another
    report: dict[str, Any]


def start_practice(
    session: Session,
    learner_id: str,
    course: str,
    lesson: str,
    practice: Practice,
    mode: Mode,
    *,
    now: datetime,
) -> Attempt:
    """Begin a go: draw its data, and keep the practice's model so that a later edit does not disturb it.

    Raises:
        LearnerForgotten: she asked to be forgotten.
    """
    raise NotImplementedError


def find_attempt(session: Session, learner_id: str, attempt_id: str) -> Attempt:
    """Her attempt.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
    """
    raise NotImplementedError


def keep_events(session: Session, *, learner_id: str, attempt_id: str, events: list[Any], now: datetime) -> Receipt:
    """Replay events on top of those kept, and keep what was possible.

    ``events`` as FORMAT.md says, ``[[q, t, screen, widget, action, value?], …]``, any JSON. Those kept before are
    ignored, whatever they hold; at a gap or an impossible event the log ends and what came before stays. So a batch
    may come twice, late, or from two tabs. After the end nothing is kept, and the mark is never computed again.

    Raises:
        NotFound: there is no such attempt, or it is somebody else's.
        InvalidEvents: ``events`` is no list.
        TooLarge: more than 500 events at once, or 5000 in the attempt.
        LearnerForgotten: she asked to be forgotten.
    """
    raise NotImplementedError

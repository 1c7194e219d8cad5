"""Every table, imported in one place so that ``Base.metadata`` is whole."""

from __future__ import annotations

from lms.learning.store.models.accounts import AccountRole, AccountRow, JournalRow, SignIn, SlipRow, WrongTries
from lms.learning.store.models.attempts import EventBatch, PracticeAttempt, PracticeModel
from lms.learning.store.models.badges import Badge, ForgottenBadge
from lms.learning.store.models.base import Base
from lms.learning.store.models.classes import (
    ClassAnswer,
    ClassFacilitator,
    ClassHands,
    ClassHelper,
    ClassProjector,
    ClassRow,
    ClassSeat,
)
from lms.learning.store.models.learners import Learner
from lms.learning.store.models.stages import Mark, Response, Tick
from lms.learning.store.models.trials import TrialPhone, TrialRow

__all__ = [
    "AccountRole", "AccountRow", "Badge", "Base", "ClassAnswer", "ClassFacilitator", "ClassHands", "ClassHelper",
    "ClassProjector", "ClassRow", "ClassSeat", "EventBatch", "ForgottenBadge", "JournalRow", "Learner", "Mark",
    "PracticeAttempt", "PracticeModel", "Response", "SignIn", "SlipRow", "Tick", "TrialPhone",
    "TrialRow", "WrongTries",
]  # fmt: skip

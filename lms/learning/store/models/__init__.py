"""All models, imported here so that ``Base.metadata`` is complete."""

from __future__ import annotations

from lms.learning.store.models.accounts import AccountRole, AccountRow, AuditLogRow, FailedTries, SignIn, SlipRow
from lms.learning.store.models.attempts import EventBatch, PracticeAttempt, PracticeModel
from lms.learning.store.models.badges import Badge, ForgottenBadge
from lms.learning.store.models.base import Base
from lms.learning.store.models.calendar import PlannedClassRow, ReservationRow
from lms.learning.store.models.classes import (
    ClassAnswer,
    ClassFacilitator,
    ClassLessonAnswer,
    ClassLessonHandCount,
    ClassLessonRow,
    ClassLessonSeat,
    ClassSessionRow,
    HandCount,
    HelperRow,
    ProjectorRow,
    SeatRow,
)
from lms.learning.store.models.crypto_keys import PublishedKey, WrappedCodeKey
from lms.learning.store.models.figures import (
    CountedClass,
    DailyFigure,
    FigureRelease,
    ReleasedFigure,
    ReleasedHandCountedFigure,
    UnitFigure,
)
from lms.learning.store.models.hand_ins import ClassExport, HandedInClass, HandedInLearner
from lms.learning.store.models.label_checks import LabelCheckRow
from lms.learning.store.models.learners import Learner
from lms.learning.store.models.ledger import LedgerEntry
from lms.learning.store.models.mismatch_reports import MismatchReport
from lms.learning.store.models.network_checks import NetworkCheckPhone, NetworkCheckRow
from lms.learning.store.models.stages import CARD_LENGTH, Mark, Response, ReviewAnswer, TaskTick
from lms.learning.store.models.units import OrgUnitMember, OrgUnitRow
from lms.learning.store.models.workshop import (
    FileContent,
    FileRevision,
    HiddenPart,
    Publication,
    PublishedFile,
    RevisionReview,
    WorkshopCourse,
    WorkshopFile,
)

__all__ = [
    "CARD_LENGTH",
    "AccountRole",
    "AccountRow",
    "AuditLogRow",
    "Badge",
    "Base",
    "ClassAnswer",
    "ClassExport",
    "ClassFacilitator",
    "ClassLessonAnswer",
    "ClassLessonHandCount",
    "ClassLessonRow",
    "ClassLessonSeat",
    "ClassSessionRow",
    "CountedClass",
    "DailyFigure",
    "EventBatch",
    "FailedTries",
    "FigureRelease",
    "FileContent",
    "FileRevision",
    "ForgottenBadge",
    "HandCount",
    "HandedInClass",
    "HandedInLearner",
    "HelperRow",
    "HiddenPart",
    "LabelCheckRow",
    "Learner",
    "LedgerEntry",
    "Mark",
    "MismatchReport",
    "NetworkCheckPhone",
    "NetworkCheckRow",
    "OrgUnitMember",
    "OrgUnitRow",
    "PlannedClassRow",
    "PracticeAttempt",
    "PracticeModel",
    "ProjectorRow",
    "Publication",
    "PublishedFile",
    "PublishedKey",
    "ReleasedFigure",
    "ReleasedHandCountedFigure",
    "ReservationRow",
    "Response",
    "ReviewAnswer",
    "RevisionReview",
    "SeatRow",
    "SignIn",
    "SlipRow",
    "TaskTick",
    "UnitFigure",
    "WorkshopCourse",
    "WorkshopFile",
    "WrappedCodeKey",
]

"""Errors of the learning services. ``web`` and ``live`` map each to a status and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lms.content.problems import Problem


class LearningError(Exception):
    """Base class. The transaction that raised one has written nothing."""


class ErrorWithReason(LearningError):
    """Base class of errors with one reason. ``why``: a key, which a page puts into words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class InvalidFields(LearningError):
    """Base class of errors in what was typed. ``problems``: a key by field, which a page puts into words."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = dict(problems)


class NotFound(LearningError):
    """The object does not exist or belongs to another person."""


class LessonMerged(NotFound):
    """The lesson was merged into another one, which does not have what the request is about."""


class LearnerForgotten(LearningError):
    """The learner asked to be forgotten; nothing is stored under this id again."""


class TooLarge(LearningError):
    """More data than one request, or one attempt, may hold."""


class InvalidEvents(LearningError):
    """The posted practice events are not a list."""


class BadgeNotEarned(LearningError):
    """Marks are missing for this badge."""


class BadgeWithdrawn(LearningError):
    """The issuer withdrew this badge; it is not awarded again."""


class InvalidName(LearningError):
    """The name is too long to be shown."""


class NumberInName(InvalidName):
    """The name has as many digits as a telephone or identity number, which would be shown to everybody."""


class BadgeForgotten(NotFound):
    """The badge existed, but its holder asked to be forgotten."""


class NotAllowed(LearningError):
    """The account lacks the permission, or has lost it."""


class ClassClosed(LearningError):
    """The class is over."""


class UnknownClassCode(NotFound):
    """No class has this code, or its check digit is wrong."""


class ClassNotAdmitting(LearningError):
    """The facilitator has stopped new learners from joining for now."""


class ClassFull(LearningError):
    """The class has reached the maximum number of seats."""


class NoSeatInClass(NotFound):
    """This learner has no seat in the class."""


class UnknownSeat(NoSeatInClass):
    """The class has no seat of this number."""


class RemovedFromClass(LearningError):
    """The facilitator removed this seat from the class."""


class EmptyAnswer(LearningError):
    """The answer is empty or incomplete. It is asked for again, not graded."""


class OptionSubmittedTwice(LearningError):
    """An ordering or matching answer uses one item twice. It is asked for again, not graded."""


class AnswersLocked(LearningError):
    """The question, or this round of it, does not take answers in class now.

    ``given``: the answer that the class has from this seat; () for none.
    """

    given: tuple[str, ...] = ()


class ClassMovedToOtherLesson(LearningError):
    """The class has gone on to another lesson."""


class InvalidCommand(LearningError):
    """The class does not know this command, or cannot apply it now."""


class SeatTaken(LearningError):
    """Another learner has claimed this seat, or it cannot be claimed."""


class UnknownPairingCode(NotFound):
    """No projector shows this pairing code now."""


class RateLimited(LearningError):
    """This client sends more requests than a person can."""


class NotSignedIn(LearningError):
    """No account is signed in, or its session has ended."""


class WrongNameOrPassword(LearningError):
    """Wrong name or password, or a disabled account; callers must not tell which."""


class TooManySignInTries(LearningError):
    """Too many failed sign-ins for one account or slip. ``until``: when the next one counts."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class ServiceBusy(LearningError):
    """Too many concurrent uses of a limited resource; retry later."""


class WeakPassword(ErrorWithReason):
    """The password cannot be used. ``why``: "short", "long", "common" or "own"."""


class InvalidSignInSlip(ErrorWithReason):
    """The sign-in slip cannot be used. ``why``: "unknown", "used", "expired" or "disabled".

    For a handoff "handoff_used", "handoff_expired", or "handoff_ended" when its browser has signed out.
    For a start slip "start_used" or "start_expired".
    """


class InvalidAccount(ErrorWithReason):
    """An account's data is invalid. ``why``: "name", "roles", "ward" or "city"."""


class LastAdministrator(LearningError):
    """The change would leave the site without an administrator."""


class CannotForgetLaptopAccount(LearningError):
    """The account of a classroom's laptop is no person's: it cannot be forgotten."""


class OnlyFacilitatorOfOpenClass(LearningError):
    """Classes are open that nobody else steers; ``codes`` by class id."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class WardHasOpenClass(LearningError):
    """Classes of the ward are open; ``codes`` are theirs."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class CannotDisableOwnAccount(LearningError):
    """Administrators cannot remove their own permissions or disable their own account."""


class InvalidHandIn(ErrorWithReason):
    """The file of a laptop cannot be imported. ``why``: a key of hand_in/wording.REFUSALS."""


class BadgeAlreadyAwarded(LearningError):
    """The mark cannot be taken back, because a badge was awarded for it."""


class InvalidWifiSettings(ErrorWithReason):
    """The Wi-Fi data is invalid. ``why``: "name" or "password"."""


class InvalidPlannedClass(InvalidFields):
    """A planned class cannot be announced like this. ``problems``: by field; see calendar/class_plan.py."""


class PlannedClassChanged(LearningError):
    """Somebody else changed the planned class meanwhile."""


class PlannedClassCancelled(LearningError):
    """The planned class was cancelled."""


class PlannedClassOver(LearningError):
    """The planned class was held, or its time has passed."""


class PlannedClassFull(LearningError):
    """All seats of the planned class are held."""


class InvalidOrgUnitList(LearningError):
    """Lines of a list cannot be added, so none was. ``problems``, ``similar``: see org_units/unit_list.py."""

    def __init__(self, problems: Sequence[object], similar: Sequence[object]) -> None:
        super().__init__(f"{len(problems)} wrong lines, {len(similar)} similar ones")
        self.problems = problems
        self.similar = similar


class InvalidOrgUnit(ErrorWithReason):
    """The name of a unit cannot be changed like this. ``why``: a problem of org_units/unit_list.py, or "exists"."""


class OrgUnitChanged(LearningError):
    """Somebody else changed the unit meanwhile."""


class InvalidLedgerEntry(LearningError):
    """Entries of the ledger cannot be saved like this. ``problems``: by cell, what is wrong."""

    def __init__(self, problems: Mapping[Any, str]) -> None:
        super().__init__(str(problems))
        self.problems = problems


class InvalidLabelCheck(InvalidFields):
    """What was seen on a real phone cannot be saved like this. ``problems``: by field or item, what is wrong."""


class LedgerChanged(LearningError):
    """Somebody else wrote into the ledger meanwhile, or its period closed."""


class OrgUnitClosed(LearningError):
    """The unit, or the one above it, was closed."""


class InvalidCourseFile(LearningError):
    """A file of a course cannot have this name or this content; the message is a Vietnamese sentence.

    ``sentence``: the message, with places as ``str.format`` fills them; ``values``: what stands there.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.values = values


class ReviewerIsAuthor(LearningError):
    """Whoever wrote something of what is to be approved cannot approve it."""


class ReturnReasonMissing(LearningError):
    """A revision is given back to its author without a word about what to mend."""


class RevisionNotReviewed(LearningError):
    """Files are to be published that no second person has approved as they are now. ``paths``: which."""

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


class NothingToPublish(LearningError):
    """All chosen files are published already as they are."""


class CourseFilesFaulty(LearningError):
    """The checker finds errors in the course as it would be. ``problems``: what it says of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} errors")
        self.problems = problems


class CourseFileChanged(LearningError):
    """Somebody saved another revision of the file meanwhile."""

"""What learning refuses, as exceptions; ``web`` and ``live`` decide what a person reads."""

from __future__ import annotations

from datetime import datetime


class LearningError(Exception):
    """The parent of every refusal; nothing has been kept when one is raised."""


class NotFound(LearningError):
    """There is no such thing, or it is somebody else's."""


class LearnerForgotten(LearningError):
    """The learner asked to be forgotten; nothing is kept for that id again."""


class TooLarge(LearningError):
    """More than one request, or one attempt, may hold."""


class InvalidEvents(LearningError):
    """What should be a list of events is something else."""


class NotEarned(LearningError):
    """Marks are missing for this badge."""


class BadgeWithdrawn(LearningError):
    """This badge was taken back by the issuer and is not given again."""


class InvalidName(LearningError):
    """A name that cannot be shown: too long."""


class DatabaseUnreachable(LearningError):
    """The database does not answer; the message says which one, without its password."""


class MigrationFailed(LearningError):
    """The database could not be brought up to date and is as it was; the message says why."""


class InvalidSigningKey(LearningError):
    """The signing key cannot be read; the message says where it came from."""


class BadgeForgotten(NotFound):
    """The badge's holder asked to be forgotten; that it once existed is all that is known."""


class NotAllowed(LearningError):
    """This account has no right to do that, or has it no longer."""


class ClassClosed(LearningError):
    """The class is over."""


class UnknownCode(NotFound):
    """No class has this code, or it cannot be one: its last digit does not fit."""


class DoorShut(LearningError):
    """The class lets nobody new in for now; the facilitator opens its door again with one tap."""


class ClassFull(LearningError):
    """More machines than any hall holds: somebody is playing with the code."""


class NotSeated(NotFound):
    """This phone has no seat in the class."""


class NoSuchSeat(NotSeated):
    """The class has no seat of this number."""


class PutOut(LearningError):
    """The facilitator put this seat out of the class."""


class NothingGiven(LearningError):
    """No answer at all, or one with a place left empty: it is asked for, not counted as wrong."""


class ChosenTwice(LearningError):
    """An order, or pairs, with something in two places: it is asked for again, not counted as wrong."""


class AnswersLocked(LearningError):
    """The question is not open in class: not yet, no more, or another round of it is.

    ``given``: what the class has from this seat all the same; () for nothing.
    """

    given: tuple[str, ...] = ()


class InvalidCommand(LearningError):
    """A command to a class that says nothing it could do."""


class SeatTaken(LearningError):
    """Somebody else has just said that this seat is hers, or it is not one to be claimed."""


class UnknownPairing(NotFound):
    """No projector shows these four digits, or no more."""


class TooOften(LearningError):
    """One phone sends faster than a person can."""


class NotSignedIn(LearningError):
    """Nobody is signed in here, or no longer."""


class WrongSignIn(LearningError):
    """Name and password do not belong together, or the account is disabled; which of these is not said."""


class TooManyTries(LearningError):
    """Too many wrong tries for one account or slip; ``until`` is when the next counts."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class Busy(LearningError):
    """Too many want the same costly thing at this moment."""


class WeakPassword(LearningError):
    """A password that would be guessed, or cannot be kept: ``why`` is "short", "long", "common" or "own"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class SlipRefused(LearningError):
    """A sign-in slip that lets nobody in: ``why`` is "unknown", "used", "expired" or "disabled"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class InvalidAccount(LearningError):
    """What an account shall be cannot be: ``why`` is "name", "roles", "ward" or "city"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class LastAdministrator(LearningError):
    """Nobody would be left who may do everything."""


class NotYourself(LearningError):
    """Nobody takes the right to manage, or the account, away from herself."""


class AlreadyAwarded(LearningError):
    """A badge stands on this mark, so it cannot be undone any more."""


class InvalidNetwork(LearningError):
    """No Wi-Fi network is called so, or has such a password: ``why`` is "name" or "password"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

"""What learning refuses, as exceptions; ``web`` and ``live`` decide what a person reads."""

from __future__ import annotations


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

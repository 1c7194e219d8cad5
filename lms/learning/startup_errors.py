"""Errors that end a start of the site or a command: of the database, its tables and the keys. No page shows them."""

from __future__ import annotations

from lms.learning.errors import LearningError


class DatabaseUnreachable(LearningError):
    """The database does not answer. The message has its URL without the password."""


class SecretKeyMismatch(LearningError):
    """The store was used with another LMS_SECRET_KEY: codes, slips and cookies would stop working."""


class SigningKeyLost(LearningError):
    """The store has the public halves of signing keys, and this host has no private one."""


class MigrationFailed(LearningError):
    """A migration failed and was rolled back; the message says why."""


class UnknownRevision(MigrationFailed):
    """The database was made by a newer release, or by a commit before release 1.0. The message is its revision."""


class MigrationTablesBusy(MigrationFailed):
    """On PostgreSQL, somebody used a table for too long; the migration that needs it was not made."""


class SchemaOutdated(LearningError):
    """The tables are of an older release, and only ``lms db upgrade`` may change them.

    ``current`` is None if there are no tables.
    """

    def __init__(self, current: str | None, needed: str) -> None:
        super().__init__(f"the database is at revision {current}, needed is {needed}")
        self.current = current
        self.needed = needed


class InvalidSigningKey(LearningError):
    """The signing key cannot be read; the message names its source."""

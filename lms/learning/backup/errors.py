"""Errors of backups: reading an encrypted file, and restoring it over what is there."""

from __future__ import annotations

from lms.learning.errors import LearningError


class WrongPassphrase(LearningError):
    """An encrypted backup cannot be read: another passphrase, or the file was cut or changed."""


class InvalidBackup(LearningError):
    """The file is no backup, or it was cut or changed; nothing was restored."""


class BackupTooNew(LearningError):
    """The backup was made by a newer release; the message is its revision or format, in Vietnamese."""


class RestoreWouldOverwrite(LearningError):
    """The store has people, and nobody agreed to replace them. ``people``: how many learners and accounts."""

    def __init__(self, people: int) -> None:
        super().__init__(f"{people} people")
        self.people = people

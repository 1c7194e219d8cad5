"""Why courses were not delivered. Each message is a Vietnamese sentence; nothing has changed on the disk."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.problems import Problem


class DeliveryError(Exception):
    """Base class."""


class CannotFetch(DeliveryError):
    """The source does not answer, cannot be found or read, or takes too long."""


class UnsafeArchive(DeliveryError):
    """An archive holds what no courses need: names that lead out, links, more than the limits."""


class NoCourses(DeliveryError):
    """What was fetched is no folder of courses."""


class FaultyCourses(DeliveryError):
    """The checker finds errors; paths in ``problems`` are relative to the folder of courses."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("Khóa học lấy về còn lỗi.")
        self.problems = problems


class LocalEdits(DeliveryError):
    """The courses folder holds what no pull has put there."""

    def __init__(self, message: str, edits: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.edits = edits


class PullAlreadyRunning(DeliveryError):
    """Another process is pulling into the same folder."""


class CannotInstall(DeliveryError):
    """The new version cannot be put in its place on this machine."""

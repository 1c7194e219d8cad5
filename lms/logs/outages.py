"""Outages of what the site depends on: one outage that causes a thousand errors."""

from __future__ import annotations

import errno
from enum import StrEnum


class Outage(StrEnum):
    DATABASE = "database unreachable"
    DISK = "disk full"
    FILES = "too many open files"


_BY_ERRNO = {
    errno.ENOSPC: Outage.DISK,
    errno.EDQUOT: Outage.DISK,
    errno.EMFILE: Outage.FILES,
    errno.ENFILE: Outage.FILES,
}
_MAX_CAUSES = 5


def find_outage(error: BaseException | None) -> Outage | None:
    """The outage that an error, or what caused it, is a sign of."""
    for _ in range(_MAX_CAUSES):
        if error is None:
            return None
        if outage := _outage_of(error):
            return outage
        error = error.__cause__ or error.__context__
    return None


def _outage_of(error: BaseException) -> Outage | None:
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0)
    from lms.learning.store import db_errors  # not at the top: a start of the site would wait for SQLAlchemy

    if db_errors.is_disk_full(error):
        return Outage.DISK
    return Outage.DATABASE if db_errors.is_unreachable(error) else None


def describe_error(error: BaseException) -> str:
    """An error for the log: its type, and of its text only what cannot be what somebody typed."""
    name = type(error).__name__
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name}: {errno.errorcode.get(error.errno, error.errno)}"
    driver = getattr(error, "orig", None) or error
    state = getattr(driver, "sqlstate", None) or getattr(driver, "sqlite_errorname", None)
    if driver is not error or state:
        return f"{name}: {type(driver).__name__}{f' {state}' if state else ''}"
    # These speak of the program; the text of a ValueError or KeyError quotes the value.
    return f"{name}: {error}" if isinstance(error, AttributeError | NameError | ImportError) else name

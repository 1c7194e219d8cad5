"""Which release this is, and where its files lie: in a clone beside ``lms``, in an installed package within it."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path

VERSION = "0.1.0"  # pyproject.toml reads it from here
UNKNOWN = "unknown"

_PACKAGE = Path(__file__).resolve().parent
_CLONE = _PACKAGE.parent
_RECORD = _PACKAGE / "release.json"  # written by setup.py


@dataclass(frozen=True, slots=True)
class Release:
    """``commit`` and ``date`` (of the commit, ISO 8601) are UNKNOWN if the source was no clone and not made in one."""

    version: str
    commit: str
    date: str
    digest: str  # of the files of the package; in a clone the commit

    def __str__(self) -> str:
        return f"{self.version}, commit {self.commit[:12]}, {self.date}"


@functools.cache
def this_release() -> Release:
    """Return the release that is running. In a clone it asks git, which takes some milliseconds, once."""
    record = read_commit()
    return Release(VERSION, record["commit"], record["date"], record.get("digest") or record["commit"][:12])


def read_commit() -> dict[str, str]:
    """Return commit and date, and the digest if setup.py has recorded it."""
    unknown = {"commit": UNKNOWN, "date": UNKNOWN}
    try:
        return unknown | json.loads(_RECORD.read_text("ascii"))
    except (OSError, ValueError):
        pass
    # Without this check git would name the commit of any clone around the folder of an installed package.
    if not (_CLONE / ".git").exists():
        return unknown
    import subprocess  # not at the top: a package has no need of it

    command = ["git", "-C", str(_CLONE), "log", "-1", "--format=%H %cI"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)  # noqa: S603
        commit, date = done.stdout.split()
    except (OSError, ValueError, subprocess.SubprocessError):
        return unknown
    return {"commit": commit, "date": date}


def packaged_folder(name: str) -> Path | None:
    """Return a folder that is in the package, or None: in a clone it lies beside the package."""
    folder = _PACKAGE / name
    return folder if folder.is_dir() else None

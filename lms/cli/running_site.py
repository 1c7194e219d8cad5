"""Find the site that is running on a data directory, so that other commands can print its URL.

Each site also records itself for its user (``XDG_STATE_HOME``), so that a command with other settings can say that the
site is running on another store.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lms.config import Settings

FILE_NAME = "open-at.json"
CONNECT_TIMEOUT_SECONDS = 1.0  # for the port of the recorded site
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (compared, never bound)


@dataclass(frozen=True, slots=True)
class RunningSiteInfo:
    """What a running site recorded about itself."""

    public_url: str
    port: int
    courses_dir: Path
    is_watching: bool  # it was started with --watch


@dataclass(frozen=True, slots=True)
class OtherSite:
    """A site of this user that is running on another store."""

    public_url: str
    store: str


def store_name(data_dir: Path, database_url: str) -> str:
    """What to call a store: its file, or the database without user and password."""
    if database_url.startswith("sqlite:///"):
        path = Path(database_url.removeprefix("sqlite:///"))
        return str(data_dir) if path.parent == data_dir else str(path)
    # Up to the first "@", as SQLAlchemy reads it; the query may have a password, too.
    return re.sub(r"^[^:/]*(:[^@]*)?@", "", database_url.partition("://")[2]).partition("?")[0]


@contextmanager
def record_running_site(settings: Settings, *, watch: bool) -> Iterator[Callable[[Settings], None]]:
    """Record the running site in a file in the data directory within the block, which may record it again, changed.

    The file may be stale after a kill, so ``find_running_site`` also connects to the port. If it cannot be written,
    the site just is not found.
    """
    records = [settings.data_dir / FILE_NAME]
    if user_records := _user_records_dir():
        records.append(user_records / f"{hashlib.sha256(str(settings.data_dir).encode()).hexdigest()[:16]}.json")
    text = ""

    def write(settings: Settings) -> None:
        nonlocal text
        text = json.dumps(
            {
                "public_url": settings.public_url,
                "host": settings.host,
                "port": settings.port,
                "courses": str(settings.courses_dir),
                "watch": watch,
                "store": store_name(settings.data_dir, settings.database_url),
            }
        )
        for path in records:
            with suppress(OSError):
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.write_text(text, "utf-8")

    write(settings)
    try:
        yield write
    finally:
        for path in records:
            with suppress(OSError):
                if path.read_text("utf-8") == text:  # otherwise another site on the same data has replaced it
                    path.unlink()


def find_running_site(data_dir: Path) -> RunningSiteInfo | None:
    """Return the site that is running on ``data_dir``, or None."""
    try:
        recorded = json.loads((data_dir / FILE_NAME).read_text("utf-8"))
        host = str(recorded["host"])
        site = RunningSiteInfo(
            str(recorded["public_url"]), int(recorded["port"]), Path(recorded["courses"]), bool(recorded["watch"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return site if _is_listening(host, site.port) else None


def find_other_sites(store: str) -> tuple[OtherSite, ...]:
    """Return the sites of this user that are running on another store than this one."""
    found: list[OtherSite] = []
    user_records = _user_records_dir()
    for path in sorted(user_records.glob("*.json")) if user_records else ():
        with suppress(OSError, ValueError, KeyError, TypeError):
            recorded = json.loads(path.read_text("utf-8"))
            if recorded["store"] != store and _is_listening(str(recorded["host"]), int(recorded["port"])):
                found.append(OtherSite(str(recorded["public_url"]), str(recorded["store"])))
    return tuple(found)


def _is_listening(host: str, port: int) -> bool:
    with (
        suppress(OSError),
        socket.create_connection((LOOPBACK.get(host, host), port), timeout=CONNECT_TIMEOUT_SECONDS),
    ):
        return True
    return False


def _user_records_dir() -> Path | None:
    """Where the sites of this user record themselves; None for a user without a home folder, as in a container."""
    state = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")  # the latter on Windows
    with suppress(RuntimeError):
        return (Path(state) if state else Path("~/.local/state").expanduser()) / "lms" / "open-sites"
    return None


def running_site_url(data_dir: Path, port: int | None = None) -> str | None:
    """Return the public URL of the site that is running on ``data_dir``, and on ``port`` if given, or None."""
    site = find_running_site(data_dir)
    return site.public_url if site and port in (None, site.port) else None

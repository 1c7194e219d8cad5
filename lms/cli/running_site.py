"""Find the site that is running on a data directory, so that other commands can print its URL."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
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


@contextmanager
def record_running_site(settings: Settings, *, watch: bool) -> Iterator[None]:
    """Record the running site in a file in the data directory within the block.

    The file may be stale after a kill, so ``find_running_site`` also connects to the port. If it cannot be written,
    the site just is not found.
    """
    record = settings.data_dir / FILE_NAME
    text = json.dumps(
        {
            "public_url": settings.public_url,
            "host": settings.host,
            "port": settings.port,
            "courses": str(settings.courses_dir),
            "watch": watch,
        }
    )
    with suppress(OSError):
        record.write_text(text, "utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            if record.read_text("utf-8") == text:  # otherwise another site on the same data has replaced it
                record.unlink()


def find_running_site(data_dir: Path) -> RunningSiteInfo | None:
    """Return the site that is running on ``data_dir``, or None."""
    try:
        # A site started by an earlier version has recorded neither "courses" nor "watch".
        recorded = {"courses": "", "watch": False} | json.loads((data_dir / FILE_NAME).read_text("utf-8"))
        host = str(recorded["host"])
        site = RunningSiteInfo(
            str(recorded["public_url"]), int(recorded["port"]), Path(recorded["courses"]), bool(recorded["watch"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    with (
        suppress(OSError),
        socket.create_connection((LOOPBACK.get(host, host), site.port), timeout=CONNECT_TIMEOUT_SECONDS),
    ):
        return site
    return None


def running_site_url(data_dir: Path, port: int | None = None) -> str | None:
    """Return the public URL of the site that is running on ``data_dir``, and on ``port`` if given, or None."""
    site = find_running_site(data_dir)
    return site.public_url if site and port in (None, site.port) else None

"""Which site is open on this data directory just now, for a chore that prints its address."""

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

NOTE = "open-at.json"
LOOK_SECONDS = 1.0  # that a port of this machine has to answer in
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (compared, never bound)


@dataclass(frozen=True, slots=True)
class OpenSite:
    public_url: str
    port: int
    courses_dir: Path
    is_watching: bool  # what is saved there goes on the air at once


@contextmanager
def noted_as_open(settings: Settings, *, watch: bool) -> Iterator[None]:
    """Leave a note of the site in the data directory, as long as it is open.

    A kill leaves it behind, and so does a folder that may not be written to leave none: whoever reads it asks the port.
    """
    note = settings.data_dir / NOTE
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
        note.write_text(text, "utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            if note.read_text("utf-8") == text:  # a second site on the same data may have written its own
                note.unlink()


def open_site(data_dir: Path) -> OpenSite | None:
    """The site that is open on ``data_dir``; None when none is."""
    try:
        # A site that was opened before an upgrade has noted neither its courses nor whether it watches them.
        noted = {"courses": "", "watch": False} | json.loads((data_dir / NOTE).read_text("utf-8"))
        host = str(noted["host"])
        site = OpenSite(str(noted["public_url"]), int(noted["port"]), Path(noted["courses"]), bool(noted["watch"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    with suppress(OSError), socket.create_connection((ANYWHERE.get(host, host), site.port), timeout=LOOK_SECONDS):
        return site
    return None


def open_address(data_dir: Path, port: int | None = None) -> str | None:
    """The public address of the site that is open on ``data_dir``; None when none is, or only at another ``port``."""
    site = open_site(data_dir)
    return site.public_url if site and port in (None, site.port) else None

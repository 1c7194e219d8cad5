"""When this machine last wrote a backup: a line in the data folder, for the site to show."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)

FILE_NAME = "last-backup"


def record_backup(data_dir: Path, now: datetime) -> None:
    """Remember a backup that was read back. That it cannot be remembered is no reason to call it a failure."""
    draft = data_dir / f"{FILE_NAME}.{os.getpid()}"
    try:
        draft.write_text(now.isoformat(timespec="seconds") + "\n", "ascii")
        draft.replace(data_dir / FILE_NAME)
    except OSError as error:
        log.warning("the time of the backup was not recorded: %s", error)


def read_last_backup(data_dir: Path) -> datetime | None:
    """None if there was none, or if the line cannot be read."""
    try:
        moment = datetime.fromisoformat((data_dir / FILE_NAME).read_text("ascii").strip())
    except (OSError, ValueError):
        return None
    return moment if moment.tzinfo else None

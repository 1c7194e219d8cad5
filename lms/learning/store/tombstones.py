"""Digests of the ids of forgotten learners and accounts, beside the store: an older backup must not bring them back."""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path

from sqlalchemy import Engine

log = logging.getLogger(__name__)

FILE_NAME = "forgotten"
_FILE_OPTION = "lms_tombstone_file"  # an execution option of the engine


def keep_tombstones(engine: Engine, data_dir: Path) -> None:
    engine.update_execution_options(**{_FILE_OPTION: data_dir / FILE_NAME})


def id_digest(forgotten_id: str) -> str:
    """Ids are 128 random bits: nobody finds one by its digest."""
    return hashlib.sha256(f"forgotten {forgotten_id}".encode()).hexdigest()


def append_digest(engine: Engine, forgotten_id: str) -> None:
    """After the commit: one who was not forgotten after all must not lose anything. The row remembers as well."""
    path = engine.get_execution_options().get(_FILE_OPTION)
    if path is None:
        return
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="ascii") as file:
            file.write(f"{id_digest(forgotten_id)}\n")
    except OSError as error:
        log.warning("somebody forgotten is remembered in the database only", exc_info=error)


def read_digests(path: Path) -> set[str]:
    return set(path.read_text("ascii").split()) if path.is_file() else set()

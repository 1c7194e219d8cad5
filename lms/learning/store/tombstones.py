"""Digests of the ids of forgotten learners and accounts, beside the store: an older backup must not bring them back."""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

FILE_NAME = "forgotten"
_FILE_OPTION = "lms_tombstone_file"  # an execution option of the engine


def keep_tombstones(engine: Engine, data_dir: Path) -> None:
    engine.update_execution_options(**{_FILE_OPTION: data_dir / FILE_NAME})


def id_digest(forgotten_id: str) -> str:
    """Ids are 128 random bits: nobody finds one by its digest."""
    return hashlib.sha256(f"forgotten {forgotten_id}".encode()).hexdigest()


def append_digest_after_commit(session: Session, forgotten_id: str) -> None:
    """Write the id's digest down when the session commits: a rollback forgets nobody. The row remembers as well."""

    def append(committed: Session) -> None:
        _append_digest(committed.get_bind().engine, forgotten_id)

    event.listen(session, "after_commit", append, once=True)


def _append_digest(engine: Engine, forgotten_id: str) -> None:
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

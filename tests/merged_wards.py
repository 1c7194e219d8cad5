"""Merging wards in tests, as the command does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from lms.learning.store.database import write_sessions
from lms.learning.store.ward_changes import load_ward_changes
from lms.learning.ward_changes.merging import Merger, merge_ward
from lms.learning.ward_changes.renaming import rename_ward


def merge(engine: Engine, former: str, successor: str, *, now: datetime) -> Merger:
    with write_sessions(engine).begin() as session:
        merger = merge_ward(session, former, successor, now=now)
    load_ward_changes(engine)
    return merger


def rename(engine: Engine, code: str, new_name: str, *, now: datetime) -> None:
    with write_sessions(engine).begin() as session:
        rename_ward(session, code, new_name, now=now)
    load_ward_changes(engine)

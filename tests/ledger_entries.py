"""Entries of the ledger of organisers, for tests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lms.learning.accounts.account import Account
from lms.learning.ledger import entries
from lms.learning.ledger.entries import Cell, Value
from lms.learning.ledger.periods import Period, parse_period
from lms.learning.org_units.unit_store import find_unit
from lms.learning.store.database import write_sessions

ALL_SEEN = 10**9


def period(key: str) -> Period:
    found = parse_period(key)
    assert found, key
    return found


def write_cell(
    session: Session, unit_id: str, key: str, kind: str, indicator: str, number: int | None = None, text: str = "",
    *, by: Account, now: datetime, signs: bool = False, seen: int = ALL_SEEN,
) -> None:  # fmt: skip
    values = {Cell(kind, indicator): Value(number, text)}
    unit = find_unit(session, unit_id)
    entries.write_ledger(session, unit, period(key), values, seen=seen, signs=signs, by=by, now=now)


def store_cell(
    engine: Engine, unit_id: str, key: str, kind: str, indicator: str, number: int | None = None, text: str = "",
    *, by: Account, now: datetime, signs: bool = False,
) -> None:  # fmt: skip
    """``write_cell`` in a transaction of its own."""
    with write_sessions(engine).begin() as session:
        write_cell(session, unit_id, key, kind, indicator, number, text, by=by, now=now, signs=signs)

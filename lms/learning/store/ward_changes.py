"""Read what became of wards, and let this process know it."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, func, select

from lms.learning import wards
from lms.learning.store.models import WardChangeRow
from lms.learning.store.raw_query import RawQuery

READ_SECONDS = 1.0  # after which a process asks again


def read_ward_changes(connection: Connection) -> list[wards.WardChange]:
    """All changes, the earliest first."""
    rows = connection.execute(select(*WardChangeRow.__table__.c).order_by(WardChangeRow.id)).mappings()
    return [wards.WardChange(**row) for row in rows]


def load_ward_changes(engine: Engine) -> None:
    """Let this process know the changes of a store."""
    with engine.connect() as connection:
        wards.set_ward_changes(read_ward_changes(connection))


_LATEST_CHANGE = select(func.coalesce(func.max(WardChangeRow.id), 0))


class WardChangesReader:
    """Keeps this process up to date with what another one changed, at the price of one small query a second."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock = engine, clock
        self._query = RawQuery(engine, _LATEST_CHANGE)
        self._asked_at = float("-inf")

    def refresh(self) -> None:
        """Read the changes if there are others than this process knows, and it has not asked for a while."""
        now = self._clock()
        if now - self._asked_at < READ_SECONDS:
            return
        self._asked_at = now
        [(latest,)] = self._query.read()
        if latest != wards.latest_change():
            load_ward_changes(self._engine)

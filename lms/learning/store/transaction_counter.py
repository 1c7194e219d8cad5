"""Count the transactions of this process that changed certain tables, so that what was read of them is read again."""

from __future__ import annotations

import re
import threading
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry


class TransactionCounter:
    """Counts the transactions of an engine, and so of this process, in which a statement matched ``pattern``.

    ``pattern`` is matched with the beginning of the SQL. The count grows just before the commit, and again as soon as
    the connection is back in its pool: what a reader in another thread found meanwhile may be the old rows.
    """

    def __init__(self, engine: Engine, pattern: str) -> None:
        self._matches = re.compile(pattern).match
        self.count = 0
        self._matched, self._committing = (self, "matched"), (self, "committing")  # keys of a connection's info
        self._lock = threading.Lock()
        event.listen(engine, "before_cursor_execute", self._look_at)
        event.listen(engine, "commit", self._count_transaction)
        event.listen(engine, "rollback", self._forget_transaction)
        event.listen(engine, "checkin", self._count_again)

    def _look_at(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if self._matches(statement):
            connection.info[self._matched] = True

    def _count_transaction(self, connection: Connection) -> None:
        if connection.info.pop(self._matched, False):
            connection.info[self._committing] = True
            self._increment()

    def _forget_transaction(self, connection: Connection) -> None:
        connection.info.pop(self._matched, None)

    def _count_again(self, _driver_connection: Any, record: ConnectionPoolEntry) -> None:
        if record.info.pop(self._committing, False):
            self._increment()

    def _increment(self) -> None:
        with self._lock:  # two at once would be counted as one
            self.count += 1

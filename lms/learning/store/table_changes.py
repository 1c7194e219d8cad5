"""Notice that this process changed certain tables."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, Engine, event

_FLAG = "lms_table_changes"


class TableChanges:
    """Counts the transactions of an engine, and so of this process, in which a statement matched ``pattern``.

    ``pattern`` is matched with the beginning of the SQL. The count grows just before the commit, so that a reader in
    another thread may see the new count with the old rows: what is cached by the count must also grow old.
    """

    def __init__(self, engine: Engine, pattern: str) -> None:
        self._matches = re.compile(pattern).match
        self.count = 0
        event.listen(engine, "before_cursor_execute", self._look_at)
        event.listen(engine, "commit", self._count_transaction)
        event.listen(engine, "rollback", self._forget_transaction)

    def _look_at(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if self._matches(statement):
            connection.info[_FLAG] = True

    def _count_transaction(self, connection: Connection) -> None:
        if connection.info.pop(_FLAG, False):
            self.count += 1

    def _forget_transaction(self, connection: Connection) -> None:
        connection.info.pop(_FLAG, None)

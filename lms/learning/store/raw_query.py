"""A SELECT of a page that is asked for all the time, as cheaply as the database allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, Select


class RawQuery:
    """Reads over a raw connection of the pool: a session and a SQLAlchemy statement cost ten times as much.

    Values are given and returned as the driver has them. On PostgreSQL no transaction is begun and rolled back around
    the one statement: each way to the server and back is a turn of the interpreter that another thread takes meanwhile.
    """

    def __init__(self, engine: Engine, statement: Select[*tuple[Any, ...]]) -> None:
        compiled = statement.compile(dialect=engine.dialect)
        self._engine = engine
        self._statement = str(compiled)
        self._order = list(compiled.positiontup or ()) if engine.dialect.positional else None
        self._begins_transactions = engine.dialect.name == "postgresql"
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}

    def read(self, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """All rows, with these values of the statement's parameters."""
        given = self._constants | dict(values or {})
        connection = self._engine.raw_connection()
        driver: Any = connection.driver_connection
        try:
            if self._begins_transactions:
                driver.autocommit = True
            cursor = connection.cursor()
            cursor.execute(self._statement, given if self._order is None else [given[name] for name in self._order])
            rows = cursor.fetchall()
            cursor.close()
        finally:
            if self._begins_transactions and not driver.closed:
                driver.autocommit = False
            connection.close()
        return rows

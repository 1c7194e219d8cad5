"""One statement for many rows, without what SQLAlchemy does for each row again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Update

from lms.learning.store.models.base import Instant

_Values = Callable[[Mapping[str, Any]], Any]


class ManyRows:
    """An INSERT or UPDATE that is executed for one row after another, each a dict of the parameters ``names``.

    ``Connection.execute`` looks at each parameter of each row anew; with what the writer keeps this took more time
    than the store took to keep it. Here a statement is compiled once for each store, and a row costs what its types
    cost: JSON, and instants.
    """

    def __init__(self, statement: Insert | Update | Mapping[str, Insert], names: Sequence[str]) -> None:
        """``statement``: one for all stores, or one for each by the dialect's name."""
        self._statement = statement
        self._names = tuple(names)
        self._prepared: dict[str, tuple[str, _Values]] = {}

    def execute(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """``rows`` must not be empty.

        Raises:
            KeyError: a row lacks one of the names.
        """
        store = connection.dialect.name
        if store not in self._prepared:
            self._prepared[store] = self._prepare(connection.dialect)
        sql, values = self._prepared[store]
        connection.exec_driver_sql(sql, [values(row) for row in rows])

    def _prepare(self, dialect: Dialect) -> tuple[str, _Values]:
        statement = self._statement[dialect.name] if isinstance(self._statement, Mapping) else self._statement
        compiled: Any = statement.compile(dialect=dialect, column_keys=self._names, for_executemany=True)
        order = compiled.positiontup if compiled.positional else list(compiled.binds)
        takes = [_taking(name, compiled.binds[name], dialect, given=name in self._names) for name in order]
        if compiled.positional:
            return str(compiled), lambda row: tuple([take(row) for take in takes])
        named = list(zip(order, takes, strict=True))
        return str(compiled), lambda row: {name: take(row) for name, take in named}


def _taking(name: str, bind: Any, dialect: Dialect, *, given: bool) -> _Values:
    """How a parameter's value comes out of a row. What the statement itself says is the same for all rows."""
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if not given:
        fixed = process(bind.value) if process else bind.value
        return lambda _row: fixed
    if process is None:
        return lambda row: row[name]
    if isinstance(bind.type, Instant):  # the same one stands in several columns of several tables
        process = lru_cache(maxsize=1024)(process)
    return lambda row: process(row[name])

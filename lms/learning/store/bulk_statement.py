"""An INSERT or UPDATE of many rows at the least cost that SQLAlchemy's dialects allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Insert, Update

_BindProcessor = Callable[[Any], Any]


class BulkStatement:
    """A statement that is compiled once, and executed for several rows.

    ``Connection.execute`` looks at each parameter of each row anew: a fifteenth of the processor time of a script's
    answer (docs/adr/0005). Here a row costs what the types of its columns cost. Defaults that Python computes are not
    applied.
    """

    def __init__(self, statement: Insert | Update) -> None:
        self._statement = statement
        self._compile = lru_cache(maxsize=8)(_CompiledStatement)

    def execute(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
        """``rows``: not none, each a dict by parameter with the keys of the first.

        Raises:
            KeyError: a row lacks one of them.
        """
        compiled = self._compile(self._statement, connection.dialect, tuple(rows[0]))
        return connection.exec_driver_sql(compiled.sql, [compiled.to_parameters(row) for row in rows])


class BulkInsertAndUpdate:
    """An INSERT and an UPDATE for each of several rows; on PostgreSQL both are one statement and one round trip."""

    def __init__(self, insert: Insert, update: Update) -> None:
        self._both = BulkStatement(update.add_cte(insert.cte("inserted")))
        self._one_by_one = BulkStatement(insert), BulkStatement(update)

    def execute(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """``rows``: not none, each a dict by parameter of both statements."""
        statements = self._one_by_one if connection.dialect.name == "sqlite" else (self._both,)
        for statement in statements:
            statement.execute(connection, rows)


class _CompiledStatement:
    """The SQL for one dialect, and how a row becomes the driver's parameters: a tuple, or a dict by name."""

    def __init__(self, statement: Insert | Update, dialect: Dialect, names: tuple[str, ...]) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=names, for_executemany=True)
        self.sql = str(compiled)
        order: list[str] = compiled.positiontup if compiled.positional else list(compiled.binds)
        processors = [_bind_processor(compiled.binds[name], dialect) for name in order]
        constants = [
            None if name in names else _process(compiled.binds[name].value, processor)
            for name, processor in zip(order, processors, strict=True)
        ]
        self._is_named = not compiled.positional
        keys = order if self._is_named else range(len(order))
        self._template: Any = dict(zip(order, constants, strict=True)) if self._is_named else constants
        self._slots: list[tuple[Any, str, _BindProcessor | None]] = [
            (key, name, processor)
            for key, name, processor in zip(keys, order, processors, strict=True)
            if name in names
        ]

    def to_parameters(self, row: Mapping[str, Any]) -> Any:
        parameters = self._template.copy()
        for key, name, processor in self._slots:
            parameters[key] = row[name] if processor is None else processor(row[name])
        return parameters if self._is_named else tuple(parameters)


def _bind_processor(bind: Any, dialect: Dialect) -> _BindProcessor | None:
    return bind.type.dialect_impl(dialect).bind_processor(dialect)


def _process(value: Any, processor: _BindProcessor | None) -> Any:
    return value if processor is None else processor(value)

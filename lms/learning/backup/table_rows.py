"""Rows of a table as JSON lines that are the same for SQLite and PostgreSQL, read and inserted as a stream.

A line is a list of values in the order of the columns. Moments are ISO 8601 in UTC, days ISO 8601, bytes base64. JSON
columns are the stored text itself, so that SQL's NULL and JSON's null stay apart.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Connection, Date, DateTime, LargeBinary, MetaData, Table, Text, cast, func, select

_ROWS_AT_ONCE = 2_000
_ROWS_OF_BYTES_AT_ONCE = 20  # each may be a picture


def reflect_tables(connection: Connection) -> list[Table]:
    """The tables that the database really has, parents before children, without Alembic's."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def read_lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows in the order of their keys, each with a newline."""
    columns = [cast(column, Text) if isinstance(column.type, JSON) else column for column in table.columns]
    rows = connection.execute(
        select(*columns).order_by(*table.primary_key), execution_options={"yield_per": _rows_at_once(table)}
    )
    written = [(number, _WRITTEN[kind]) for number, column in enumerate(columns) if (kind := _kind(column.type))]
    for row in rows:
        values = list(row)
        for number, write in written:
            if values[number] is not None:
                values[number] = write(values[number])
        yield _ENCODER.encode(values).encode() + b"\n"


def insert_lines(connection: Connection, table: Table, columns: list[str], lines: Iterable[bytes]) -> None:
    """Insert rows that ``read_lines`` gave.

    Raises:
        ValueError, TypeError, KeyError: they do not fit the table.
    """
    chosen = [table.columns[name] for name in columns]
    if connection.dialect.name == "postgresql":
        _copy_into_postgresql(connection, table, chosen, lines)
        return
    for column in chosen:
        if isinstance(column.type, JSON):
            column.type = Text()
    remaining = iter(lines)
    while some := list(islice(remaining, _rows_at_once(table))):
        rows = [[_for_sqlite(column.type, value) for column, value in _pairs(chosen, line)] for line in some]
        connection.execute(table.insert(), [dict(zip(columns, row, strict=True)) for row in rows])


def restart_sequences(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL's sequences go on after the greatest number that was inserted; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if sequence:
                greatest = select(func.max(column)).scalar_subquery()
                connection.execute(select(func.setval(sequence, func.coalesce(greatest, 1), greatest.is_not(None))))


def _copy_into_postgresql(connection: Connection, table: Table, columns: list[Any], lines: Iterable[bytes]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in columns)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
        decode = _has_bytes(table)
        for line in lines:
            pairs = _pairs(columns, line)
            copy.write_row([_decoded(column.type, value) if decode else value for column, value in pairs])


def _pairs(columns: list[Any], line: bytes) -> list[tuple[Any, Any]]:
    return list(zip(columns, json.loads(line), strict=True))


def _rows_at_once(table: Table) -> int:
    return _ROWS_OF_BYTES_AT_ONCE if _has_bytes(table) else _ROWS_AT_ONCE


def _has_bytes(table: Table) -> bool:
    return any(isinstance(column.type, LargeBinary) for column in table.columns)


def _kind(kind: Any) -> type[DateTime | Date | LargeBinary] | None:
    return next((known for known in (DateTime, Date, LargeBinary) if isinstance(kind, known)), None)


def _decoded(kind: Any, value: Any) -> Any:
    """The value of a backup for PostgreSQL, which reads moments and days from text itself: only bytes are decoded."""
    return base64.b64decode(value) if value is not None and isinstance(kind, LargeBinary) else value


def _write_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _write_moment(value: datetime) -> str:
    return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()


# Chosen once for a column instead of once for a value: a third of the time that a backup takes.
_WRITTEN: dict[Any, Callable[[Any], str]] = {DateTime: _write_moment, Date: date.isoformat, LargeBinary: _write_bytes}
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _for_sqlite(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
    return date.fromisoformat(value) if isinstance(kind, Date) else _decoded(kind, value)

"""A database with rows in every table, from ``filled_database.json``."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Date, DateTime, Engine, LargeBinary, MetaData, func, inspect, select, table

FILLED = Path(__file__).parent / "filled_database.json"
SECRET = "a secret that only this site knows"  # of the filled database
LAN, HOA, FORGOTTEN = "1a" * 16, "2b" * 16, "3c" * 16


def fill(engine: Engine) -> dict[str, Any]:
    """Store a busy learner, one in the middle of a practice, one forgotten, a class and its accounts."""
    filled = json.loads(FILLED.read_text("utf-8"))
    tables = MetaData()
    with engine.begin() as connection:
        tables.reflect(connection)
        for each in tables.sorted_tables:
            rows = filled["tables"].get(each.name)
            if rows:
                connection.execute(each.insert(), [_row(engine, each, row) for row in rows])
    return filled


def _row(engine: Engine, table: Any, row: dict[str, Any]) -> dict[str, Any]:
    moments = {column.name for column in table.columns if isinstance(column.type, DateTime)}
    days = {column.name for column in table.columns if isinstance(column.type, Date)}
    in_bytes = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
    naive = engine.dialect.name == "sqlite"
    return {
        name: datetime.fromisoformat(value).replace(**({"tzinfo": None} if naive else {}))
        if name in moments and value
        else date.fromisoformat(value)
        if name in days and value
        else base64.b64decode(value)
        if name in in_bytes
        else value
        for name, value in row.items()
    }


def counts(engine: Engine) -> dict[str, int]:
    """The number of rows of each table."""
    with engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table(name)))
            for name in inspect(connection).get_table_names()
            if name != "alembic_version"
        }

"""INSERT … ON CONFLICT: the same SQL on SQLite and PostgreSQL, which SQLAlchemy has in two dialects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from lms.learning.store.models.base import Base


class Upsert:
    """An INSERT whose rows may exist already: it skips them, or updates them.

    ``update``: from the columns of the new row (SQL's ``excluded``) to the values to set. Without it existing rows
    are skipped.
    ``where``: only existing rows that match are updated.
    ``returning``: columns of the inserted or updated row; a skipped row returns nothing.
    """

    def __init__(
        self,
        model: type[Base],
        *,
        update: Callable[[Any], Mapping[str, Any]] | None = None,
        where: ColumnElement[bool] | None = None,
        returning: Sequence[InstrumentedAttribute[Any]] = (),
    ) -> None:
        self.statements: dict[str, Executable] = {}
        for dialect in (sqlite, postgresql):
            insert = dialect.insert(model.__table__)
            if update is None:
                insert = insert.on_conflict_do_nothing()
            else:
                key = list(model.__table__.primary_key)
                insert = insert.on_conflict_do_update(index_elements=key, set_=update(insert.excluded), where=where)
            self.statements[dialect.__name__.rpartition(".")[2]] = insert.returning(*returning) if returning else insert

    def execute(
        self, connection: Connection, rows: Mapping[str, Any] | Sequence[Mapping[str, Any]]
    ) -> CursorResult[Any]:
        """``rows``: one row, or several (not none), each a dict by column."""
        return connection.execute(self.statements[connection.dialect.name], rows)

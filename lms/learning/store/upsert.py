"""INSERT … ON CONFLICT: the same SQL on SQLite and PostgreSQL, which SQLAlchemy has in two dialects."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Insert
from sqlalchemy.orm import InstrumentedAttribute

from lms.learning.store.bulk_statement import BulkStatement
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
        self._model, self._update, self._where, self._returning = model, update, where, returning
        self._statement = lru_cache(maxsize=2)(self._build)
        self._bulk_statement = lru_cache(maxsize=2)(self._build_bulk_statement)

    def _build(self, dialect: str) -> Insert:
        """Only the dialect that the database speaks is imported: a laptop's start need not wait for PostgreSQL's."""
        insert = importlib.import_module(f"sqlalchemy.dialects.{dialect}").insert(self._model.__table__)
        if self._update is None:
            insert = insert.on_conflict_do_nothing()
        else:
            key = list(self._model.__table__.primary_key)
            values = self._update(insert.excluded)
            insert = insert.on_conflict_do_update(index_elements=key, set_=values, where=self._where)
        return insert.returning(*self._returning) if self._returning else insert

    def _build_bulk_statement(self, dialect: str) -> BulkStatement:
        return BulkStatement(self._statement(dialect))

    def execute(
        self, connection: Connection, rows: Mapping[str, Any] | Sequence[Mapping[str, Any]]
    ) -> CursorResult[Any]:
        """``rows``: one row, or several (not none), each a dict by column."""
        dialect = connection.dialect.name
        if isinstance(rows, Mapping) or self._returning:
            return connection.execute(self._statement(dialect), rows)
        return self._bulk_statement(dialect).execute(connection, rows)

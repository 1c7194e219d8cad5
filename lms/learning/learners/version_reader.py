"""Read a learner's version, which every page with an ETag asks for, as cheaply as the database allows."""

from __future__ import annotations

from sqlalchemy import Engine, bindparam, select

from lms.learning.store.models import Learner


class LearnerVersionReader:
    """Reads over a raw connection of the pool: a session and a SQLAlchemy statement cost ten times as much."""

    def __init__(self, engine: Engine) -> None:
        compiled = select(Learner.version).where(Learner.id == bindparam("id")).compile(dialect=engine.dialect)
        self._engine = engine
        self._statement = str(compiled)
        self._positional = engine.dialect.positional

    def get(self, learner_id: str) -> int:
        """The version: every write for the learner, forgetting included, increments it. 0 when nothing is stored."""
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(self._statement, (learner_id,) if self._positional else {"id": learner_id})
            row = cursor.fetchone()
            cursor.close()
        finally:
            connection.close()
        return row[0] if row else 0

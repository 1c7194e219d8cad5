"""Read a learner's version, which every page with an ETag asks for."""

from __future__ import annotations

from sqlalchemy import Engine, bindparam, select

from lms.learning.store.models import Learner
from lms.learning.store.raw_query import RawQuery

_VERSION = select(Learner.version).where(Learner.id == bindparam("id"))


class LearnerVersionReader:
    """Reads versions for each request of a cached page."""

    def __init__(self, engine: Engine) -> None:
        self._query = RawQuery(engine, _VERSION)

    def get(self, learner_id: str) -> int:
        """The version: every write for the learner, forgetting included, increments it. 0 when nothing is stored."""
        rows = self._query.read({"id": learner_id})
        return rows[0][0] if rows else 0

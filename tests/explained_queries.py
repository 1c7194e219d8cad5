"""``pytest --explain``: after the tests, ask both databases how they would find the rows of every query made in them.

``make test`` does so once for all its workers. The run fails if a query would read a whole table that grows with
people.
"""

from __future__ import annotations

import pickle
import tempfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from lms.learning.store.database import make_engine
from lms.learning.store.migrate import upgrade
from tests.databases import new_database
from tests.generated_store import StoreSize, fill_store
from tests.postgres import running_postgres
from tests.query_plans import CapturedQuery, QueryCapture, whole_table_reads

# Enough rows for PostgreSQL to prefer an index wherever one helps; SQLite decides without counting.
SIZE = StoreSize(learners=6_000, class_size=3, learners_of_account=4)


class ExplainedQueries:
    """The plugin of ``--explain``, on each worker and on the process that distributes the tests."""

    def __init__(self) -> None:
        self._capture = QueryCapture()
        self._capture.listen()
        self._found: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._capture.test = item.nodeid

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        for key, query in _queries_of(node).items():
            self._capture.queries.setdefault(key, query)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["queries"] = pickle.dumps(self._capture.queries)
            return
        self._found = explain([*self._capture.queries.values()])
        if self._found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.write_sep("-", f"{len(self._capture.queries)} queries explained")
        for found in self._found:
            terminalreporter.write_line(f"FAILED {found}", red=True)


def _queries_of(node: Any) -> dict[str, CapturedQuery]:
    output = getattr(node, "workeroutput", {})  # a worker that crashed has left none
    return pickle.loads(output["queries"]) if "queries" in output else {}


def explain(queries: list[CapturedQuery]) -> list[str]:
    """What is wrong with these queries, on the databases where they were made."""
    found = []
    if on_sqlite := [query for query in queries if query.dialect == "sqlite"]:
        with tempfile.TemporaryDirectory() as folder:
            found += _explain_in(f"sqlite:///{Path(folder) / 'big.sqlite3'}", on_sqlite)
    if on_postgresql := [query for query in queries if query.dialect == "postgresql"]:
        with running_postgres() as server, new_database(server) as url:
            found += _explain_in(url, on_postgresql)
    return found


def _explain_in(url: str, queries: list[CapturedQuery]) -> list[str]:
    engine = make_engine(url)
    try:
        upgrade(engine)
        if engine.dialect.name == "postgresql":
            with engine.begin() as connection:
                fill_store(connection, SIZE)
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        with engine.connect() as connection, connection.begin():
            return [line for query in queries for line in _lines(connection, query)]
    finally:
        engine.dispose()


def _lines(connection: Connection, query: CapturedQuery) -> list[str]:
    return [
        f"{query.caller}: {read} on {query.dialect}, in {query.test}\n       {' '.join(query.statement.split())}"
        for read in whole_table_reads(connection, query)
    ]

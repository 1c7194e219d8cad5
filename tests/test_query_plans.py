"""What ``pytest --explain`` finds: queries that would read a whole table, and no others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from lms.learning.learners.learner_store import is_forgotten
from lms.learning.store.database import make_engine
from lms.learning.store.models import Base
from tests.generated_store import StoreSize, fill_store
from tests.query_plans import (
    CITY_REPORTS,
    EXCUSED,
    ROOT,
    SMALL_TABLES,
    CapturedQuery,
    QueryCapture,
    query_key,
    whole_table_reads,
)

SIZE = StoreSize(learners=1_500, class_size=3, learners_of_account=4)


@pytest.fixture(scope="module")
def filled(lasting_database_url: str) -> Iterator[tuple[Connection, dict[str, int]]]:
    """A connection to a generated store, and the number of rows of each table. Tests only read."""
    engine = make_engine(lasting_database_url)
    with engine.connect() as connection, connection.begin():
        rows = fill_store(connection, SIZE)
        connection.execute(text("ANALYZE"))
        yield connection, rows
    engine.dispose()


def test_every_table_that_grows_is_generated(filled: tuple[Connection, dict[str, int]]):
    """A new table needs rows in tests/generated_store.py, or a place among SMALL_TABLES."""
    assert {name for name, rows in filled[1].items() if rows} >= Base.metadata.tables.keys() - SMALL_TABLES


MANY_IDS = ", ".join(f"'{number}'" for number in range(120))
QUERIES = (
    ("SELECT name FROM learners WHERE id = :a", None),
    ("SELECT name FROM learners WHERE name = :a", "learners"),
    ("UPDATE learners SET version = version + 1 WHERE name = :a", "learners"),
    ("DELETE FROM review_answers WHERE card = :a", "review_answers"),
    ("SELECT l.name FROM learners l JOIN marks m ON m.learner_id = l.id WHERE l.id = :a", None),
    ("SELECT l.name FROM learners l JOIN marks m ON m.learner_id = l.id WHERE m.course = :a", "marks"),
    ("SELECT id FROM learners WHERE id > :a ORDER BY id LIMIT 5", None),
    ("SELECT id FROM learners WHERE :a <> '' ORDER BY id LIMIT 5", None),
    ("SELECT id FROM learners WHERE :a <> '' ORDER BY name LIMIT 5", "learners"),
    ("SELECT name FROM learners WHERE id BETWEEN '' AND :a", None),
    ("SELECT name FROM learners WHERE name BETWEEN '' AND :a", "learners"),
    (f"SELECT name FROM learners WHERE id IN (:a, {MANY_IDS})", None),
    ("SELECT name FROM learners WHERE name IN (:a, 'x')", "learners"),
    ("SELECT digest FROM practice_models WHERE digest <> :a", None),
)


def test_a_query_that_reads_a_whole_table_is_found_whatever_a_test_asks_for(
    filled: tuple[Connection, dict[str, int]],
):
    connection = filled[0]
    dialect = connection.dialect.name
    for statement, table in QUERIES:
        given = ("x",) if dialect == "sqlite" else {"a": "x"}
        asked = statement.replace(":a", "?" if dialect == "sqlite" else "%(a)s")
        reads = whole_table_reads(connection, CapturedQuery(dialect, asked, given, "", ""))
        assert bool(reads) == bool(table), (statement, reads)
        assert table is None or any(table in read for read in reads), (statement, reads)


def test_who_is_excused_is_in_the_program():
    for caller in EXCUSED:
        file, function = caller.split(" ")
        assert f"def {function}(" in (ROOT / file).read_text(encoding="utf-8"), caller
    assert (ROOT / CITY_REPORTS).is_file()


def test_queries_of_the_program_are_captured_and_those_of_tests_are_not(session: Session):
    capture, connection = QueryCapture(test="this one"), session.connection()
    capture.listen(connection)
    is_forgotten(session, "1a" * 16)
    session.execute(text("SELECT 1"))
    capture.ignore(connection)
    [query] = capture.queries.values()
    assert (query.caller, query.test) == ("lms/learning/learners/learner_store.py is_forgotten", "this one")


def test_lists_of_any_length_are_one_query():
    for dialect, one, three in (
        ("sqlite", "IN (?)", "IN (?, ?, ?)"),
        ("postgresql", "IN (%(id_1)s::VARCHAR)", "IN (%(id_1)s::VARCHAR, %(id_2)s::VARCHAR, %(id_3)s::VARCHAR)"),
    ):
        assert query_key(dialect, f"SELECT {one}") == query_key(dialect, f"SELECT {three}")
        assert query_key(dialect, f"SELECT {one}") != query_key(dialect, f"SELECT {one} AND x")

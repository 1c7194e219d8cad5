"""Queries that the program makes while tests run, and how the databases would find their rows in a big store.

Every statement that a test makes the program execute is captured, so that a new query needs no entry in a list. A plan
that reads a whole table is told with the function that made the query.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect, text

from lms.learning.store.models import Base

ROOT = Path(__file__).parents[1]
PROGRAM, TESTS = str(ROOT / "lms"), str(ROOT / "tests")
# What reads whole tables because that is its work, and what an operator does by hand.
WHOLE_STORE = (
    "lms/learning/backup/",
    "lms/learning/personal_data/",
    "lms/learning/store/migrate.py",
    "lms/learning/store/people_count.py",
    "lms/migrations/",
)
# Tables that do not grow with people: by practices, volunteers, keys, wards, units or days, or of the last ones.
SMALL_TABLES = frozenset(
    {
        "alembic_version",
        "practice_models",
        "workshop_courses",
        "workshop_files",
        "hidden_parts",
        "published_keys",
        "wrapped_code_keys",
        "accounts",
        "account_roles",
        "slips",
        "wrong_tries",
        "trials",
        "trial_phones",
        "figure_releases",
        "released_figures",
        "released_hand_figures",
        "label_checks",
    }
)
# Who may read a whole table, and why.
EXCUSED = {
    "lms/learning/practice/analytics.py practice_analytics": "an author's map counts all attempts at a practice",
    "lms/learning/progress/lesson_analytics.py __init__": "an author's page counts all learners of a lesson",
    "lms/learning/progress/lesson_analytics.py count_understand": "an author's page counts all learners of a lesson",
    "lms/learning/progress/lesson_analytics.py count_practice": "an author's page counts all learners of a lesson",
    "lms/learning/progress/lesson_analytics.py count_use": "an author's page counts all learners of a lesson",
    "lms/learning/classroom/lifecycle/rehearsals.py delete_old_rehearsals": "housekeeping, once a day",
    "lms/learning/classroom/report/data_retention.py _for_each_class": "housekeeping, once a day",
    "lms/learning/practice/mismatch_reports.py anonymize_old_mismatch_reports": "housekeeping, once a day",
    "lms/learning/ward_changes.py merge_ward": "an operator merges a ward, while the site stands still",
    "lms/learning/calendar/reservations.py delete_old_reservations": "housekeeping, once a day",
    "lms/learning/movement_statistics/counting.py find_uncounted_classes": "once a day",
    "lms/learning/movement_statistics/counting.py _unit_classes_of": "once a day, for a thousand learners at a time",
    "lms/learning/movement_statistics/figure_releases.py _set_values": "once a day",
    "lms/learning/movement_statistics/figure_releases.py _city": "once a day",
    "lms/learning/movement_statistics/figure_releases.py _organisations": "once a day",
    "lms/learning/movement_statistics/figure_releases.py _signed_targets": "once a day",
    "lms/learning/movement_statistics/published_lists.py list_practised_lessons": "once a day",
    "lms/learning/classroom/lifecycle/former_lessons.py move_class_sessions": "at a start after lessons were merged",
    "lms/learning/classroom/access/projectors.py _delete_expired": "projectors of the last month, when one is paired",
    "lms/learning/classroom/access/projectors.py pair_projector": "projectors of the last month, when one is paired",
    "lms/learning/accounts/name_occurrences.py find_name_occurrences": "an operator forgets an account",
    "lms/learning/accounts/name_occurrences.py _find_in_revisions": "an operator forgets an account",
    "lms/learning/accounts/name_occurrences.py _find_in_ledger": "an operator forgets an account",
    "lms/learning/accounts/name_occurrences.py find_marks_witnessed_in_classes": "an account or a ward is forgotten",
    "lms/learning/accounts/name_occurrences.py _find_where_helped": "an operator forgets an account",
    "lms/learning/hand_in/exporting.py find_exportable_classes": "on a laptop",
    "lms/learning/hand_in/exporting.py export_classes": "on a laptop",
}

# A report of the whole city reads all of its year; those of a ward or a unit name it, and are explained.
CITY_REPORTS = "lms/learning/ledger/report_scope.py"

_EXPLAINED = re.compile(r"\s*(SELECT|UPDATE|DELETE|WITH|INSERT\b(?=[^;]*\bSELECT\b))", re.IGNORECASE)
_LISTS = (
    re.compile(r"\((?:%\(\w+\)s(?:::\w+(?: \w+)*)?(?:, )?)+\)"),  # IN (…) of PostgreSQL
    re.compile(r"\((?:\?(?:, )?)+\)"),  # and of SQLite
)
_SPAN_OR_LIST = re.compile(r"\bBETWEEN\b|\bIN \((?!SELECT)")
_PARAMETER = re.compile(r"%\(\w+\)s")


@dataclass(frozen=True, slots=True)
class CapturedQuery:
    """A statement that the program executed.

    ``caller``: the function of the program, as "lms/…/seats.py find_seats". ``test``: the first that ran it.
    """

    dialect: str
    statement: str
    parameters: Any
    caller: str
    test: str


@dataclass
class QueryCapture:
    """Listens to all engines of this process, or to one connection."""

    queries: dict[str, CapturedQuery] = field(default_factory=dict)
    test: str = ""
    # Most statements come again letter by letter, and need no look at their lists.
    _known: set[tuple[str, str]] = field(default_factory=set)

    def listen(self, target: type[Engine] | Connection = Engine) -> None:
        event.listen(target, "before_cursor_execute", self._capture)

    def ignore(self, target: Connection) -> None:
        event.remove(target, "before_cursor_execute", self._capture)

    def _capture(
        self, connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        if (connection.dialect.name, statement) in self._known:
            return
        key = query_key(connection.dialect.name, statement)
        if key in self.queries or not _EXPLAINED.match(statement):
            self._known.add((connection.dialect.name, statement))
            return
        caller = _caller()
        if caller and not caller.startswith(WHOLE_STORE):
            first = parameters[0] if many and isinstance(parameters, list) else parameters
            self.queries[key] = CapturedQuery(connection.dialect.name, statement, first, caller, self.test)


def query_key(dialect: str, statement: str) -> str:
    """The same for statements that differ only in the length of their lists and the names of their parameters."""
    for pattern in _LISTS:
        statement = pattern.sub("(…)", statement)
    return f"{dialect} {_PARAMETER.sub('?', statement)}"


def _caller() -> str | None:
    """The function of the program that executes a statement; None if a test does so itself."""
    frame = sys._getframe(2)
    while frame:
        file = frame.f_code.co_filename
        if file.startswith(PROGRAM):
            return f"{file.removeprefix(f'{ROOT}/')} {frame.f_code.co_name}"
        if file.startswith(TESTS) and file != __file__:
            return None
        frame = frame.f_back
    return None


def whole_table_reads(connection: Connection, query: CapturedQuery) -> list[str]:
    """The tables that grow with people, and that this query would read whole, each with the kind of reading."""
    if query.caller in EXCUSED or (query.caller.startswith(CITY_REPORTS) and not _names_a_place(query.statement)):
        return []
    if connection.dialect.name == "sqlite":
        return _sqlite_scans(connection, query)
    # A list or a span may hold most of the rows of one test, and is read whole then: the index is looked for alone.
    may_scan = "off" if _SPAN_OR_LIST.search(query.statement) else "on"
    connection.exec_driver_sql(f"SET LOCAL enable_seqscan = {may_scan}")
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {query.statement}", query.parameters).scalar_one()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    growing = Base.metadata.tables.keys() - SMALL_TABLES  # and not PostgreSQL's own
    indexes = {name: (table, column) for name, table, column in connection.execute(_INDEXES)}
    return [
        f"{node['Node Type']} of {table}"
        for node, limit in _nodes(plan[0]["Plan"])
        if (table := _table_of(node, indexes)) in growing and _reads_all(node, indexes, limit)
    ]


def _names_a_place(statement: str) -> bool:
    return bool(re.search(r"\b(ward|unit_id) IN \(", statement))


# Name, table and first column of each index.
_INDEXES = text("""
SELECT i.relname, t.relname, a.attname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
""")


def _nodes(plan: dict[str, Any], limit: float | None = None) -> Iterator[tuple[dict[str, Any], float | None]]:
    """The nodes, each with the cost of the limit above it if its first rows are enough."""
    if plan["Node Type"] == "Limit":
        limit = plan["Total Cost"]
    elif plan["Node Type"] in ("Sort", "Hash", "Aggregate"):  # they need all rows first
        limit = None
    yield plan, limit
    for child in plan.get("Plans", []):
        yield from _nodes(child, limit)


def _table_of(node: dict[str, Any], indexes: dict[str, tuple[str, str]]) -> str | None:
    return node.get("Relation Name") or indexes.get(node.get("Index Name", ""), (None,))[0]


def _reads_all(node: dict[str, Any], indexes: dict[str, tuple[str, str]], limit: float | None) -> bool:
    # A condition on later columns alone walks all of an index, too.
    column = indexes[node["Index Name"]][1] if "Index Name" in node else None
    if column and re.search(rf"\b{column}\b", node.get("Index Cond", "")):
        return False
    if limit is not None and limit < node["Total Cost"] / 5:
        return False
    return "Index Name" in node or node["Node Type"] == "Seq Scan"


_SCAN = re.compile(r"SCAN (\w+)(.*)")


def _sqlite_scans(connection: Connection, query: CapturedQuery) -> list[str]:
    details = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query.statement}", query.parameters)]
    tables = set(inspect(connection).get_table_names())
    # "USE TEMP B-TREE FOR LAST TERM OF ORDER BY" sorts rows that are equal so far.
    sorts_all = any("TEMP B-TREE" in detail and "LAST TERM" not in detail for detail in details)
    limited = re.search(r"\bLIMIT\b", query.statement) and not sorts_all
    scans = []
    for match in filter(None, map(_SCAN.fullmatch, details)):
        name, how = match.groups()
        table = name if name in tables else _table_of_alias(query.statement, name)
        if table in tables - SMALL_TABLES and not limited:
            scans.append(f"scan of {table}{how}")
    return scans


def _table_of_alias(statement: str, alias: str) -> str | None:
    """The plan of SQLite says the alias alone."""
    found = re.search(rf"(?:FROM|JOIN|,)\s+(\w+)\s+(?:AS\s+)?{alias}\b", statement, re.IGNORECASE)
    return found[1] if found else None

"""Migrations: what people did goes on after one, and a failed one loses nothing."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from lms.content.model import Library
from lms.learning.badges.awarding import check_badge, find_badge
from lms.learning.badges.data_integrity import decode_public_key
from lms.learning.badges.keys import KeyRing
from lms.learning.badges.openbadges import Issuer, Verdict
from lms.learning.classroom.display.snapshots import find_desk_snapshot
from lms.learning.classroom.seats.joining import join_class_session
from lms.learning.classroom.session.seat_store import find_seat
from lms.learning.errors import BadgeForgotten
from lms.learning.learners import learner_store
from lms.learning.practice.attempts import find_open_attempt
from lms.learning.practice.events import save_events
from lms.learning.progress.learner_progress import everything_of_learner
from lms.learning.progress.lesson_progress import lesson_progress
from lms.learning.startup_errors import MigrationFailed
from lms.learning.store import migrate
from lms.learning.store.database import make_engine, read_sessions, write_sessions
from lms.learning.store.models import Base
from tests.learning import sample_courses
from tests.learning.classroom.live_class import practise
from tests.learning.filled_database import FORGOTTEN, HOA, LAN, counts, fill

REBUILDS_LEARNERS = """
with op.batch_alter_table("learners", recreate="auto") as batch:
    batch.add_column(sa.Column("language", sa.String(8), nullable=True))
    batch.alter_column("name", type_=sa.String(80), existing_type=sa.String(60))
"""


@pytest.mark.slow
def test_what_people_did_goes_on_after_a_migration(up_to_date: Engine, add_migration: Callable[..., None]):
    filled = fill(up_to_date)
    before = counts(up_to_date)
    add_migration(REBUILDS_LEARNERS)
    migrate.upgrade(up_to_date)
    assert counts(up_to_date) == before
    issuer = Issuer(
        "https://bdhvs.example", KeyRing(None, {filled["signing_key"]: decode_public_key(filled["signing_key"])})
    )
    library = sample_courses.library()
    with read_sessions(up_to_date)() as session:
        assert learner_store.find_learner_by_code(session, filled["code"], secret=filled["secret"]).id == LAN
        page = everything_of_learner(session, LAN, library)
        assert page.courses[0].lessons_done == 1
        assert [badge.title for badge in page.badges] == ["Huy hiệu bài Ba loại mã"]
        document = json.dumps(find_badge(session, page.badges[0].id).document).encode()
        assert check_badge(session, document, issuer).verdict is Verdict.VALID
        assert learner_store.is_forgotten(session, FORGOTTEN)
        [forgotten] = filled["tables"]["forgotten_badges"]
        with pytest.raises(BadgeForgotten):
            find_badge(session, forgotten["id"])
        open_id = find_open_attempt(session, HOA, "vneid", "kich-hoat", sample_courses.practice()).id
    with write_sessions(up_to_date).begin() as session:
        attempt = next(one for one in filled["tables"]["practice_attempts"] if one["id"] == open_id)
        events = sample_courses.passing_events(attempt["data"])
        receipt = save_events(session, learner_id=HOA, attempt_id=open_id, events=events, now=sample_courses.LATER)
        assert receipt.mark_earned
    _continue_class(up_to_date, filled, library)


def _continue_class(engine: Engine, filled: dict[str, Any], library: Library) -> None:
    """The open class has kept its step and seats."""
    [row] = filled["tables"]["classes"]
    with write_sessions(engine).begin() as session:
        assert (
            join_class_session(session, learner_id=LAN, code=row["code"], people=2, now=sample_courses.LATER).number
            == 1
        )
        desk = find_desk_snapshot(session, row["id"], library, sample_courses.LATER)
        assert (desk["step"], desk["machines"], desk["people"], desk["hands"]) == ("tap", 2, 6, 1)
        attempt = practise(
            session, learner_id=LAN, code=row["code"], library=library, now=sample_courses.LATER,
            lesson_number=row.get("lesson_number", 1),
        )  # fmt: skip
        events = sample_courses.passing_events(attempt.data)
        assert save_events(
            session, learner_id=LAN, attempt_id=attempt.id, events=events, now=sample_courses.LATER
        ).ended
        assert find_seat(session, row["id"], 1).done == "alone"
        lesson = library.lesson(row["course"], row["lesson"])
        assert lesson_progress(session, LAN, lesson).ticked["mo-vneid"].witness == "Nguyễn Văn Minh"


@pytest.mark.slow
def test_migrations_and_models_agree(empty: Engine):
    migrate.upgrade(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_last_file_is_the_latest_revision():
    script = ScriptDirectory(str(migrate.MIGRATIONS))
    assert script.get_heads() == [migrate.latest_revision()]


def test_a_worker_of_the_release_before_can_go_on_after_every_migration():
    """docs/adr/0031: what it reads and writes is there, and its inserts leave out what is new."""
    for path in sorted((migrate.MIGRATIONS / "versions").glob("rev_*.py")):
        if path.name.split("_")[1] > "0100":
            assert contractions(path.read_text("utf-8")) == [], path.name


@pytest.mark.parametrize(
    "line",
    [
        "op.drop_table('marks')",
        "batch.drop_column('name')",
        "op.rename_table('marks', 'grades')",
        "batch.alter_column('name', new_column_name='called')",
        "batch.alter_column('name', nullable=False)",
        "op.add_column('marks', sa.Column('points', sa.Integer(), nullable=False))",
        "batch.create_unique_constraint('uq_marks_x', ['x'])",
        "op.create_index('ix', 'marks', ['x'], unique=True)",
    ],
)
def test_the_check_of_migrations_finds_what_would_stop_an_old_worker(line: str):
    assert contractions(line)
    assert not contractions("op.add_column('m', sa.Column('p', sa.Integer(), nullable=False, server_default='0'))")


def contractions(source: str) -> list[str]:
    """The calls of a migration after which a worker of the release before would fail."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [ast.unparse(call) for call in calls if _contracts(call)]


def _contracts(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    given = {word.arg: ast.unparse(word.value) for word in call.keywords}
    if name in ("drop_table", "drop_column", "rename_table", "create_unique_constraint"):
        return True
    if name == "alter_column":
        return "new_column_name" in given or given.get("nullable") == "False"
    if name == "create_index":
        return given.get("unique") == "True"
    if name == "add_column":
        column = next(word for word in call.args if isinstance(word, ast.Call))
        of_column = {word.arg: ast.unparse(word.value) for word in column.keywords}
        return of_column.get("nullable") == "False" and "server_default" not in of_column
    return False


def test_every_constraint_has_a_name(up_to_date: Engine):
    found = inspect(up_to_date)
    for table in Base.metadata.tables:
        named = [found.get_pk_constraint(table), *found.get_foreign_keys(table), *found.get_unique_constraints(table)]
        named += found.get_check_constraints(table)
        assert all(constraint["name"] for constraint in named), table


@pytest.mark.slow
def test_a_second_run_changes_nothing(up_to_date: Engine, tmp_path: Path):
    fill(up_to_date)
    before = counts(up_to_date)
    migrate.upgrade(up_to_date)
    assert counts(up_to_date) == before
    assert not list(tmp_path.glob("*.before-*"))


@pytest.mark.slow
def test_concurrent_starts_migrate_once(empty: Engine):
    url = empty.url.render_as_string(hide_password=False)

    def start(_number: int) -> None:
        engine = make_engine(url)
        migrate.upgrade(engine)
        engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(start, range(6)))
    assert set(counts(empty)) == set(Base.metadata.tables)


@pytest.mark.slow
def test_concurrent_processes_migrate_once(empty: Engine):
    program = (
        "import sys; from lms.learning.store import database; from lms.learning.store.migrate import upgrade;"
        "database.LOCK_TIMEOUT_SECONDS = 120;"  # as in tests/shared_fixtures.py
        "upgrade(database.make_engine(sys.argv[1]))"
    )
    url = empty.url.render_as_string(hide_password=False)
    starts = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    failures = [start.communicate()[1] for start in starts if start.wait()]
    assert not failures
    assert set(counts(empty)) == set(Base.metadata.tables)


@pytest.mark.slow
def test_rebuilding_a_parent_table_keeps_its_children(up_to_date: Engine, add_migration: Callable[..., None]):
    fill(up_to_date)
    before = counts(up_to_date)
    add_migration(REBUILDS_LEARNERS)
    migrate.upgrade(up_to_date)
    assert counts(up_to_date) == before
    assert "language" in {column["name"] for column in inspect(up_to_date).get_columns("learners")}
    if up_to_date.dialect.name == "sqlite":
        with up_to_date.connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        copy = make_engine(f"sqlite:///{up_to_date.url.database}.before-0101")
        assert counts(copy) == before
        assert "language" not in {column["name"] for column in inspect(copy).get_columns("learners")}
        copy.dispose()


@pytest.mark.slow
@pytest.mark.parametrize(
    "then",
    ["raise ValueError('a step that fails')", "op.execute(sa.text('SELECT * FROM nowhere'))"],
    ids=["in the program", "in the store"],
)
def test_a_failed_migration_is_rolled_back(up_to_date: Engine, add_migration: Callable[..., None], then: str):
    fill(up_to_date)
    before = counts(up_to_date)
    add_migration(REBUILDS_LEARNERS + then)
    with pytest.raises(MigrationFailed):
        migrate.upgrade(up_to_date)
    assert counts(up_to_date) == before
    assert "language" not in {column["name"] for column in inspect(up_to_date).get_columns("learners")}
    add_migration(REBUILDS_LEARNERS)
    migrate.upgrade(up_to_date)
    assert counts(up_to_date) == before


@pytest.mark.slow
def test_broken_foreign_keys_fail_a_migration(up_to_date: Engine, add_migration: Callable[..., None]):
    fill(up_to_date)
    before = counts(up_to_date)
    then = "op.execute(sa.text('DELETE FROM learners'))"
    add_migration(REBUILDS_LEARNERS + then)
    with pytest.raises(MigrationFailed):
        migrate.upgrade(up_to_date)
    assert counts(up_to_date) == before


def test_a_database_of_a_newer_version_is_refused(up_to_date: Engine):
    with up_to_date.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationFailed, match="9999"):
        migrate.upgrade(up_to_date)

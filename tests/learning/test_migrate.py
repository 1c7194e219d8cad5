"""Migrations: filled databases of every revision are migrated, and a failed migration loses nothing."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
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
from lms.learning.classroom.report.class_report import find_class_report
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
from tests.databases import new_database
from tests.learning import sample_courses
from tests.learning.classroom.live_class import practise
from tests.learning.filled_databases import FORGOTTEN, HOA, LAN, REVISIONS, counts, fill


@pytest.fixture
def later_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations folder with room for revisions that are not written yet."""
    copied = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, copied)
    monkeypatch.setattr(migrate, "MIGRATIONS", copied)
    return copied / "versions"


@pytest.fixture(scope="module")
def reused_database_url(
    store: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A database that begins without tables and is migrated from test to test."""
    if store == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('reused') / 'lms.sqlite3'}"
        return
    with new_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def at_revision(
    reused_database_url: str, store: str, revision: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Engine]:
    """A database of its own with the tables of ``revision``: a copy of the one that is migrated from test to test."""
    reused = make_engine(reused_database_url)
    with reused.connect() as connection:
        is_behind = (migrate.find_revision(connection) or "") <= revision
    if is_behind:  # else the tests run in another order, and this one migrates an empty database
        migrate.upgrade(reused, revision)
    reused.dispose()
    with ExitStack() as stack:
        if store == "postgresql":
            template = reused_database_url if is_behind else None
            url = stack.enter_context(new_database(request.getfixturevalue("postgres"), template=template))
        else:
            url = f"sqlite:///{tmp_path / 'lms.sqlite3'}"
            if is_behind:
                shutil.copy(reused.url.database, tmp_path)
        engine = make_engine(url)
        stack.callback(engine.dispose)
        migrate.upgrade(engine, revision)
        yield engine


def test_every_revision_has_a_filled_database():
    written = {path.name.split("_")[1] for path in (migrate.MIGRATIONS / "versions").glob("rev_*.py")}
    assert set(REVISIONS) == written


@pytest.mark.slow
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_filled_database_of_every_revision_is_migrated(at_revision: Engine, revision: str):
    filled = fill(at_revision, revision)
    before = counts(at_revision)
    migrate.upgrade(at_revision)
    after = counts(at_revision)
    assert {name: after[name] for name in before} == before
    issuer = Issuer(
        "https://bdhvs.example", KeyRing(None, {filled["signing_key"]: decode_public_key(filled["signing_key"])})
    )
    library = sample_courses.library()
    with read_sessions(at_revision)() as session:
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
    with write_sessions(at_revision).begin() as session:
        attempt = next(one for one in filled["tables"]["practice_attempts"] if one["id"] == open_id)
        events = sample_courses.passing_events(attempt["data"])
        receipt = save_events(session, learner_id=HOA, attempt_id=open_id, events=events, now=sample_courses.LATER)
        assert receipt.mark_earned
    if "classes" in filled["tables"]:
        _continue_class(at_revision, filled, library)


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
def test_counted_wrong_taps_stay_in_the_report(empty: Engine):
    """Up to 0006 they stood in a column that spoke of traps."""
    migrate.upgrade(empty, "0006")
    [row] = fill(empty, "0006")["tables"]["classes"]
    with empty.begin() as connection:
        said = {"taps": json.dumps({"nhap-ma": 3}), "class_id": row["id"]}
        connection.execute(text("UPDATE practice_attempts SET traps = :taps WHERE class_id = :class_id"), said)
    migrate.upgrade(empty)
    with read_sessions(empty)() as session:
        [slip] = find_class_report(session, row["id"], sample_courses.library()).counts.mistakes
        assert (slip.screen, slip.times, slip.machines) == ("nhap-ma", 3, 1)


@pytest.mark.slow
def test_names_of_removed_helpers_leave_the_audit_log_with_their_class(empty: Engine):
    """Up to 0020 they stayed there for ever. The class of the store still has its helpers."""
    migrate.upgrade(empty, "0020")
    [row] = fill(empty, "0020")["tables"]["classes"]
    entry = "INSERT INTO journal (id, at, deed, about, ward, said) VALUES (:id, :at, :deed, :about, '27316', :said)"
    entries = {90: ("helper_removed", row["id"]), 91: ("helper_removed", "e" * 32), 92: ("class_closed", "e" * 32)}
    with empty.begin() as connection:
        for number, (deed, about) in entries.items():
            said = {"deed": deed, "about": about, "said": '{"name": "Bình"}', "at": "2026-11-29 08:00:00.000000+00:00"}
            connection.execute(text(entry), said | {"id": number})
    migrate.upgrade(empty)
    with empty.connect() as connection:
        rows = connection.execute(text("SELECT id, CAST(said AS TEXT) FROM journal WHERE id >= 90")).all()
    assert {number: json.loads(said) for number, said in rows} == {90: {"name": "Bình"}, 91: {}, 92: {"name": "Bình"}}


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
        if path.name.split("_")[1] > "0008":
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
    fill(up_to_date, REVISIONS[-1])
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


REBUILDS_LEARNERS = """
import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("learners", recreate="auto") as batch:
        batch.add_column(sa.Column("language", sa.String(8), nullable=True))
        batch.alter_column("name", type_=sa.String(80), existing_type=sa.String(60))
    {then}
"""


@pytest.mark.slow
def test_rebuilding_a_parent_table_keeps_its_children(up_to_date: Engine, later_migrations: Path):
    fill(up_to_date, REVISIONS[-1])
    before = counts(up_to_date)
    revision = REBUILDS_LEARNERS.format(head=REVISIONS[-1], then="pass")
    (later_migrations / "rev_0099_later.py").write_text(revision)
    migrate.upgrade(up_to_date)
    assert counts(up_to_date) == before
    assert "language" in {column["name"] for column in inspect(up_to_date).get_columns("learners")}
    if up_to_date.dialect.name == "sqlite":
        with up_to_date.connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        copy = make_engine(f"sqlite:///{up_to_date.url.database}.before-0099")
        assert counts(copy) == before
        assert "language" not in {column["name"] for column in inspect(copy).get_columns("learners")}
        copy.dispose()


@pytest.mark.slow
@pytest.mark.parametrize(
    "then",
    ["raise ValueError('a step that fails')", "op.execute(sa.text('SELECT * FROM nowhere'))"],
    ids=["in the program", "in the store"],
)
def test_a_failed_migration_is_rolled_back(up_to_date: Engine, later_migrations: Path, then: str):
    fill(up_to_date, REVISIONS[-1])
    before = counts(up_to_date)
    revision = REBUILDS_LEARNERS.format(head=REVISIONS[-1], then=then)
    (later_migrations / "rev_0099_later.py").write_text(revision)
    with pytest.raises(MigrationFailed):
        migrate.upgrade(up_to_date)
    assert counts(up_to_date) == before
    assert "language" not in {column["name"] for column in inspect(up_to_date).get_columns("learners")}
    (later_migrations / "rev_0099_later.py").write_text(revision.replace(then, "pass"))
    migrate.upgrade(up_to_date)
    assert counts(up_to_date) == before


@pytest.mark.slow
def test_broken_foreign_keys_fail_a_migration(up_to_date: Engine, later_migrations: Path):
    fill(up_to_date, REVISIONS[-1])
    before = counts(up_to_date)
    then = "op.execute(sa.text('DELETE FROM learners'))"
    (later_migrations / "rev_0099_later.py").write_text(REBUILDS_LEARNERS.format(head=REVISIONS[-1], then=then))
    with pytest.raises(MigrationFailed):
        migrate.upgrade(up_to_date)
    assert counts(up_to_date) == before


def test_a_database_of_a_newer_version_is_refused(up_to_date: Engine):
    with up_to_date.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationFailed, match="9999"):
        migrate.upgrade(up_to_date)

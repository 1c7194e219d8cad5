"""Migrations: filled databases of every revision are migrated, and a failed migration loses nothing."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import Date, DateTime, Engine, MetaData, func, inspect, select, text

from lms.cli import main
from lms.content.model import Library
from lms.learning.backup.reading import check_backup
from lms.learning.badges.awarding import check_badge, find_badge
from lms.learning.badges.data_integrity import decode_public_key
from lms.learning.badges.keys import KeyRing
from lms.learning.badges.openbadges import Issuer, Verdict
from lms.learning.classroom.display.snapshots import find_desk_snapshot
from lms.learning.classroom.report.class_report import find_class_report
from lms.learning.classroom.seats.joining import join_class_session
from lms.learning.classroom.session.seat_store import find_seat
from lms.learning.errors import BadgeForgotten, DatabaseUnreachable, MigrationFailed, TablesBusy
from lms.learning.learners import learner_store
from lms.learning.practice.attempts import find_open_attempt
from lms.learning.practice.events import save_events
from lms.learning.progress.learner_progress import my_page
from lms.learning.progress.lesson_progress import lesson_progress
from lms.learning.store import migrate
from lms.learning.store.database import make_engine, read_sessions, write_sessions
from lms.learning.store.models import Base
from tests.databases import new_database
from tests.learning import sample_courses
from tests.learning.classroom.live_class import practise
from tests.lock_waits import run_in_thread, wait_until_blocked

FILLED = Path(__file__).parent / "filled"
REVISIONS = sorted(path.stem for path in FILLED.glob("*.json"))
SECRET = "a secret that only this site knows"  # of the filled databases
LAN, HOA, FORGOTTEN = "1a" * 16, "2b" * 16, "3c" * 16


@pytest.fixture
def empty(database_url: str):
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def later_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations folder with room for revisions that are not written yet."""
    copied = tmp_path / "migrations"
    copytree(migrate.MIGRATIONS, copied)
    monkeypatch.setattr(migrate, "MIGRATIONS", copied)
    return copied / "versions"


def fill(engine: Engine, revision: str) -> dict[str, Any]:
    """Rows as the program of that time left them: a busy learner, one in the middle of a practice, one forgotten."""
    filled = json.loads((FILLED / f"{revision}.json").read_text("utf-8"))
    tables = MetaData()
    with engine.begin() as connection:
        tables.reflect(connection)
        for table in tables.sorted_tables:
            rows = filled["tables"].get(table.name)
            if rows:
                connection.execute(table.insert(), [_row(engine, table, row) for row in rows])
    return filled


def _row(engine: Engine, table: Any, row: dict[str, Any]) -> dict[str, Any]:
    moments = {column.name for column in table.columns if isinstance(column.type, DateTime)}
    days = {column.name for column in table.columns if isinstance(column.type, Date)}
    naive = engine.dialect.name == "sqlite"
    return {
        name: datetime.fromisoformat(value).replace(**({"tzinfo": None} if naive else {}))
        if name in moments and value
        else date.fromisoformat(value)
        if name in days and value
        else value
        for name, value in row.items()
    }


def counts(engine: Engine) -> dict[str, int]:
    tables = MetaData()
    with engine.connect() as connection:
        tables.reflect(connection)
        return {
            name: connection.scalar(select(func.count()).select_from(table))
            for name, table in tables.tables.items()
            if name != "alembic_version"
        }


def test_every_revision_has_a_filled_database():
    written = {path.name.split("_")[1] for path in (migrate.MIGRATIONS / "versions").glob("rev_*.py")}
    assert set(REVISIONS) == written


@pytest.mark.slow
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_filled_database_of_every_revision_is_migrated(empty: Engine, revision: str):
    migrate.upgrade(empty, revision)
    filled = fill(empty, revision)
    before = counts(empty)
    migrate.upgrade(empty)
    after = counts(empty)
    assert {name: after[name] for name in before} == before
    issuer = Issuer(
        "https://bdhvs.example", KeyRing(None, {filled["signing_key"]: decode_public_key(filled["signing_key"])})
    )
    library = sample_courses.library()
    with read_sessions(empty)() as session:
        assert learner_store.find_learner_by_code(session, filled["code"], secret=filled["secret"]).id == LAN
        page = my_page(session, LAN, library)
        assert page.courses[0].lessons_done == 1
        assert [badge.title for badge in page.badges] == ["Huy hiệu bài Ba loại mã"]
        document = json.dumps(find_badge(session, page.badges[0].id).document).encode()
        assert check_badge(session, document, issuer).verdict is Verdict.VALID
        assert learner_store.is_forgotten(session, FORGOTTEN)
        [forgotten] = filled["tables"]["forgotten_badges"]
        with pytest.raises(BadgeForgotten):
            find_badge(session, forgotten["id"])
        open_id = find_open_attempt(session, HOA, "vneid", "kich-hoat", sample_courses.practice()).id
    with write_sessions(empty).begin() as session:
        attempt = next(one for one in filled["tables"]["practice_attempts"] if one["id"] == open_id)
        events = sample_courses.passing_events(attempt["data"])
        receipt = save_events(session, learner_id=HOA, attempt_id=open_id, events=events, now=sample_courses.LATER)
        assert receipt.mark_earned
    if "classes" in filled["tables"]:
        _continue_class(empty, filled, library)


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


def test_every_constraint_has_a_name(empty: Engine):
    migrate.upgrade(empty)
    found = inspect(empty)
    for table in Base.metadata.tables:
        named = [found.get_pk_constraint(table), *found.get_foreign_keys(table), *found.get_unique_constraints(table)]
        named += found.get_check_constraints(table)
        assert all(constraint["name"] for constraint in named), table


def test_a_second_run_changes_nothing(empty: Engine, tmp_path: Path):
    migrate.upgrade(empty)
    fill(empty, REVISIONS[-1])
    before = counts(empty)
    migrate.upgrade(empty)
    assert counts(empty) == before
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
        "database.LOCK_TIMEOUT_SECONDS = 120;"  # as in tests/conftest.py
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


def test_rebuilding_a_parent_table_keeps_its_children(empty: Engine, later_migrations: Path):
    migrate.upgrade(empty)
    fill(empty, REVISIONS[-1])
    before = counts(empty)
    revision = REBUILDS_LEARNERS.format(head=REVISIONS[-1], then="pass")
    (later_migrations / "rev_0099_later.py").write_text(revision)
    migrate.upgrade(empty)
    assert counts(empty) == before
    assert "language" in {column["name"] for column in inspect(empty).get_columns("learners")}
    if empty.dialect.name == "sqlite":
        with empty.connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        copy = make_engine(f"sqlite:///{empty.url.database}.before-0099")
        assert counts(copy) == before
        assert "language" not in {column["name"] for column in inspect(copy).get_columns("learners")}
        copy.dispose()


@pytest.mark.parametrize(
    "then",
    ["raise ValueError('a step that fails')", "op.execute(sa.text('SELECT * FROM nowhere'))"],
    ids=["in the program", "in the store"],
)
def test_a_failed_migration_is_rolled_back(empty: Engine, later_migrations: Path, then: str):
    migrate.upgrade(empty)
    fill(empty, REVISIONS[-1])
    before = counts(empty)
    revision = REBUILDS_LEARNERS.format(head=REVISIONS[-1], then=then)
    (later_migrations / "rev_0099_later.py").write_text(revision)
    with pytest.raises(MigrationFailed):
        migrate.upgrade(empty)
    assert counts(empty) == before
    assert "language" not in {column["name"] for column in inspect(empty).get_columns("learners")}
    (later_migrations / "rev_0099_later.py").write_text(revision.replace(then, "pass"))
    migrate.upgrade(empty)
    assert counts(empty) == before


def test_broken_foreign_keys_fail_a_migration(empty: Engine, later_migrations: Path):
    migrate.upgrade(empty)
    fill(empty, REVISIONS[-1])
    before = counts(empty)
    then = "op.execute(sa.text('DELETE FROM learners'))"
    (later_migrations / "rev_0099_later.py").write_text(REBUILDS_LEARNERS.format(head=REVISIONS[-1], then=then))
    with pytest.raises(MigrationFailed):
        migrate.upgrade(empty)
    assert counts(empty) == before


def test_a_database_of_a_newer_version_is_refused(empty: Engine):
    migrate.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationFailed, match="9999"):
        migrate.upgrade(empty)


# --- lms db upgrade ----------------------------------------------------------------------------------------------


def run(url: str, tmp_path: Path, *options: str):
    return CliRunner().invoke(
        main,
        ["db", "upgrade", *options],
        env={"LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(tmp_path / "data"), "LMS_SECRET_KEY": SECRET},
    )


def test_the_command_migrates_a_database(empty: Engine, tmp_path: Path):
    done = run(empty.url.render_as_string(hide_password=False), tmp_path)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "Cơ sở dữ liệu đã mới nhất.")
    assert re.match(rf"Đã tạo các bảng ở {REVISIONS[-1]}\. Mất \d+,\d giây\.\n", done.output)
    assert set(counts(empty)) == set(Base.metadata.tables)
    again = run(empty.url.render_as_string(hide_password=False), tmp_path)
    assert (again.exit_code, again.output) == (0, "Cơ sở dữ liệu đã mới nhất.\n")


def test_the_command_says_what_it_upgraded(empty: Engine, tmp_path: Path):
    migrate.upgrade(empty, REVISIONS[-2])
    fill(empty, REVISIONS[-2])
    done = run(empty.url.render_as_string(hide_password=False), tmp_path)
    assert done.exit_code == 0
    assert f"Đã nâng cấp cơ sở dữ liệu từ {REVISIONS[-2]} lên {REVISIONS[-1]}." in done.output
    assert re.search(rf"^Đã làm: {REVISIONS[-1]} [a-z_]+\.$", done.output, re.MULTILINE)
    assert ("phải đợi nhiều nhất" in done.output) == (empty.dialect.name == "postgresql")
    assert (f"Bản trước còn ở {empty.url.database}.before" in done.output) == (empty.dialect.name == "sqlite")


def test_the_command_backs_up_what_was_there_before(empty: Engine, tmp_path: Path):
    url, file = empty.url.render_as_string(hide_password=False), tmp_path / "before.bak"
    migrate.upgrade(empty, REVISIONS[-2])
    fill(empty, REVISIONS[-2])
    before = counts(empty)
    file.write_text("of last year")
    refused = run(url, tmp_path, "--backup", str(file))
    assert (refused.exit_code, file.read_text()) == (1, "of last year")
    unwritable = run(url, tmp_path, "--backup", str(tmp_path / "nowhere" / "before.bak"))
    assert (unwritable.exit_code, "Chưa có thư mục" in unwritable.output) == (2, True)
    with empty.connect() as connection:
        assert migrate.find_revision(connection) == REVISIONS[-2]
    file.unlink()
    done = run(url, tmp_path, "--backup", str(file))
    assert (done.exit_code, "đã đọc lại, đủ và đúng" in done.output) == (0, True), done.output
    manifest = check_backup(file, None)
    assert manifest["revision"] == REVISIONS[-2]
    assert {name: table["rows"] for name, table in manifest["tables"].items()} == before
    again = run(url, tmp_path, "--backup", str(tmp_path / "again.bak"))
    assert (again.exit_code, "không sao lưu" in again.output) == (0, True)
    assert not (tmp_path / "again.bak").exists()


def test_a_table_in_use_delays_the_upgrade_and_nobody_else(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(migrate, "BUSY_TABLE_SECONDS", 0)
    with new_database(postgres) as url:
        engine = make_engine(url)
        migrate.upgrade(engine, "0011")
        with engine.connect() as busy:  # as a backup does
            busy.execute(text("SELECT count(*) FROM class_seats"))
            refused = run(url, tmp_path)
            assert (refused.exit_code, "gọi lại: lms db upgrade" in refused.output) == (2, True), refused.output
            with engine.connect() as other:
                assert migrate.find_revision(other) == "0011"
                assert other.scalar(text("SELECT count(*) FROM class_seats")) == 0
        monkeypatch.setattr(migrate, "BUSY_TABLE_SECONDS", 120)
        monkeypatch.setattr(migrate, "_RETRY_SECONDS", 0)
        busy = engine.connect()
        busy.execute(text("SELECT count(*) FROM class_seats"))
        upgrading = run_in_thread(lambda: migrate.upgrade(engine))
        wait_until_blocked(engine)
        busy.close()
        assert upgrading.result(120).after == REVISIONS[-1]
        engine.dispose()


def test_an_index_that_was_interrupted_is_made_anew(postgres: str):
    with new_database(postgres) as url:
        engine = make_engine(url)
        migrate.upgrade(engine, "0014")
        with engine.begin() as connection:
            connection.execute(text("CREATE INDEX ix_badges_learner_id ON badges (course)"))  # what a try has left
            invalid = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_badges_learner_id'::regclass"
            connection.execute(text(invalid))
        migrate.upgrade(engine, "0015")
        [index] = [index for index in inspect(engine).get_indexes("badges") if index["name"] == "ix_badges_learner_id"]
        assert index["column_names"] == ["learner_id"]
        engine.dispose()


def test_an_index_waits_for_a_backup_with_an_end(postgres: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(migrate, "BUSY_TABLE_SECONDS", 0.2)
    with new_database(postgres) as url:
        engine = make_engine(url)
        migrate.upgrade(engine, "0014")
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as backup:
            backup.execute(text("SELECT count(*) FROM marks"))
            with pytest.raises(TablesBusy):
                migrate.upgrade(engine, "0015")
        assert migrate.upgrade(engine, "0015").after == "0015"
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM pg_index WHERE NOT indisvalid")) == 0
            assert connection.scalar(text("SHOW lock_timeout")) == "0"
        engine.dispose()


@pytest.mark.parametrize("revision", [None, REVISIONS[-2]], ids=["no tables", "of the release before"])
def test_other_commands_leave_the_tables_of_postgresql_alone(postgres: str, tmp_path: Path, revision: str | None):
    with new_database(postgres) as url:
        engine = make_engine(url)
        if revision:
            migrate.upgrade(engine, revision)
        before = counts(engine)
        env = {"LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(tmp_path / "data"), "LMS_COURSES": str(tmp_path)}
        env["LMS_SECRET_KEY"] = "k" * 32
        for words in (["user", "list"], ["db", "tidy"], ["serve", "--port", "0"]):
            done = CliRunner().invoke(main, words, env=env)
            assert (done.exit_code, "lms db upgrade" in done.output) == (2, True), done.output
            assert f"bản này cần {REVISIONS[-1]}" in done.output
            assert revision is None or f"đang ở {revision}" in done.output
        assert counts(engine) == before
        with engine.connect() as connection:
            assert migrate.find_revision(connection) == revision
        engine.dispose()


def test_a_laptop_is_upgraded_by_any_command_and_told_so(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'lms.sqlite3'}"
    engine = make_engine(url)
    migrate.upgrade(engine, REVISIONS[-2])
    env = {"LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(tmp_path), "LMS_SECRET_KEY": "k" * 32}
    done = CliRunner().invoke(main, ["user", "list"], env=env)
    assert done.exit_code == 0
    assert f"Đã nâng cấp cơ sở dữ liệu từ {REVISIONS[-2]} lên {REVISIONS[-1]}." in done.stderr
    assert "nâng cấp" not in CliRunner().invoke(main, ["user", "list"], env=env).output
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    ["postgresql+psycopg://lms:geheim@127.0.0.1:9/lms", "sqlite:////nowhere/at/all.sqlite3"],
)
def test_the_command_says_that_the_database_does_not_answer(url: str, tmp_path: Path):
    done = run(url, tmp_path)
    assert done.exit_code == 2
    assert "không trả lời" in done.output
    assert "Traceback" not in done.output
    assert "geheim" not in done.output
    with pytest.raises(DatabaseUnreachable):
        migrate.upgrade(make_engine(url))


def test_the_command_names_a_setting_that_it_cannot_read(tmp_path: Path):
    done = run("mysql-is-not-for-us", tmp_path)
    assert done.exit_code == 2
    assert "LMS_DATABASE_URL" in done.output

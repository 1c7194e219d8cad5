"""``lms db upgrade``: what it says and backs up, and that a table in use delays nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from lms.cli import main
from lms.learning.backup.reading import check_backup
from lms.learning.startup_errors import DatabaseUnreachable
from lms.learning.store import migrate
from lms.learning.store.database import make_engine
from lms.learning.store.models import Base
from tests.databases import new_database
from tests.learning.filled_database import SECRET, counts, fill
from tests.lock_waits import run_in_thread, wait_until_blocked

pytestmark = pytest.mark.slow

HEAD, LATER = migrate.latest_revision(), "0101"
ADDS_A_COLUMN = "op.add_column('class_seats', sa.Column('later', sa.Integer(), nullable=True))"


def run(url: str, tmp_path: Path, *options: str):
    return CliRunner().invoke(
        main,
        ["db", "upgrade", *options],
        env={"LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(tmp_path / "data"), "LMS_SECRET_KEY": SECRET},
    )


def test_the_command_migrates_a_database(empty: Engine, tmp_path: Path):
    done = run(empty.url.render_as_string(hide_password=False), tmp_path)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "Cơ sở dữ liệu đã mới nhất.")
    assert re.match(rf"Đã tạo các bảng ở {HEAD}\. Mất \d+,\d giây\.\n", done.output)
    assert set(counts(empty)) == set(Base.metadata.tables)
    again = run(empty.url.render_as_string(hide_password=False), tmp_path)
    assert (again.exit_code, again.output) == (0, "Cơ sở dữ liệu đã mới nhất.\n")


def test_the_command_says_what_it_upgraded(empty: Engine, tmp_path: Path, add_migration: Callable[..., None]):
    migrate.upgrade(empty)
    fill(empty)
    add_migration(ADDS_A_COLUMN)
    done = run(empty.url.render_as_string(hide_password=False), tmp_path)
    assert done.exit_code == 0
    assert f"Đã nâng cấp cơ sở dữ liệu từ {HEAD} lên {LATER}." in done.output
    assert re.search(rf"^Đã làm: {LATER} [a-z_]+\.$", done.output, re.MULTILINE)
    assert ("phải đợi nhiều nhất" in done.output) == (empty.dialect.name == "postgresql")
    assert (f"Bản trước còn ở {empty.url.database}.before" in done.output) == (empty.dialect.name == "sqlite")


def test_the_command_backs_up_what_was_there_before(empty: Engine, tmp_path: Path, add_migration: Callable[..., None]):
    url, file = empty.url.render_as_string(hide_password=False), tmp_path / "before.bak"
    migrate.upgrade(empty)
    fill(empty)
    add_migration(ADDS_A_COLUMN)
    before = counts(empty)
    file.write_text("of last year")
    refused = run(url, tmp_path, "--backup", str(file))
    assert (refused.exit_code, file.read_text()) == (1, "of last year")
    unwritable = run(url, tmp_path, "--backup", str(tmp_path / "nowhere" / "before.bak"))
    assert (unwritable.exit_code, "Chưa có thư mục" in unwritable.output) == (2, True)
    with empty.connect() as connection:
        assert migrate.find_revision(connection) == HEAD
    file.unlink()
    done = run(url, tmp_path, "--backup", str(file))
    assert (done.exit_code, "đã đọc lại, đủ và đúng" in done.output) == (0, True), done.output
    manifest = check_backup(file, None)
    assert manifest["revision"] == HEAD
    assert {name: table["rows"] for name, table in manifest["tables"].items()} == before
    again = run(url, tmp_path, "--backup", str(tmp_path / "again.bak"))
    assert (again.exit_code, "không sao lưu" in again.output) == (0, True)
    assert not (tmp_path / "again.bak").exists()


def test_a_table_in_use_delays_the_upgrade_and_nobody_else(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, add_migration: Callable[..., None]
):
    monkeypatch.setattr(migrate, "BUSY_TABLE_SECONDS", 0)
    with new_database(postgres) as url:
        engine = make_engine(url)
        migrate.upgrade(engine)
        add_migration(ADDS_A_COLUMN)
        with engine.connect() as busy:  # as a backup does
            busy.execute(text("SELECT count(*) FROM class_seats"))
            refused = run(url, tmp_path)
            assert (refused.exit_code, "gọi lại: lms db upgrade" in refused.output) == (2, True), refused.output
            with engine.connect() as other:
                assert migrate.find_revision(other) == HEAD
                assert other.scalar(text("SELECT count(*) FROM class_seats")) == 0
        monkeypatch.setattr(migrate, "BUSY_TABLE_SECONDS", 120)
        monkeypatch.setattr(migrate, "_RETRY_SECONDS", 0)
        busy = engine.connect()
        busy.execute(text("SELECT count(*) FROM class_seats"))
        upgrading = run_in_thread(lambda: migrate.upgrade(engine))
        wait_until_blocked(engine)
        busy.close()
        assert upgrading.result(120).after == LATER
        engine.dispose()


@pytest.mark.parametrize("revision", [None, HEAD], ids=["no tables", "of the release before"])
def test_other_commands_leave_the_tables_of_postgresql_alone(
    postgres: str, tmp_path: Path, revision: str | None, add_migration: Callable[..., None]
):
    with new_database(postgres) as url:
        engine = make_engine(url)
        if revision:
            migrate.upgrade(engine)
        add_migration(ADDS_A_COLUMN)
        before = counts(engine)
        env = {"LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(tmp_path / "data"), "LMS_COURSES": str(tmp_path)}
        env["LMS_SECRET_KEY"] = "k" * 32
        for words in (["user", "list"], ["db", "tidy"], ["serve", "--port", "0"]):
            done = CliRunner().invoke(main, words, env=env)
            assert (done.exit_code, "lms db upgrade" in done.output) == (2, True), done.output
            assert f"bản này cần {LATER}" in done.output
            assert revision is None or f"đang ở {revision}" in done.output
        assert counts(engine) == before
        with engine.connect() as connection:
            assert migrate.find_revision(connection) == revision
        engine.dispose()


def test_a_laptop_is_upgraded_by_any_command_and_told_so(tmp_path: Path, add_migration: Callable[..., None]):
    url = f"sqlite:///{tmp_path / 'lms.sqlite3'}"
    engine = make_engine(url)
    migrate.upgrade(engine)
    add_migration(ADDS_A_COLUMN)
    env = {"LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(tmp_path), "LMS_SECRET_KEY": "k" * 32}
    done = CliRunner().invoke(main, ["user", "list"], env=env)
    assert done.exit_code == 0
    assert f"Đã nâng cấp cơ sở dữ liệu từ {HEAD} lên {LATER}." in done.stderr
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


def test_a_database_that_was_made_before_release_1_is_a_sentence(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'lms.sqlite3'}"
    engine = make_engine(url)
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    env = {"LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(tmp_path), "LMS_SECRET_KEY": "k" * 32}
    for words in (["user", "list"], ["serve", "--port", "0"], ["db", "upgrade"]):
        done = CliRunner().invoke(main, words, env=env)
        assert (done.exit_code, "Kho làm trước bản 1.0: cất thư mục dữ liệu" in done.output) == (2, True), done.output

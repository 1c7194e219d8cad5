"""Each thing that a learner needs is checked by itself, and what is told of it is for anybody's eyes."""

from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text

from lms.learning.badges.keys import KEY_FILE
from lms.learning.store.database import read_sessions
from lms.learning.store.models import Learner
from lms.monitoring import disk, readiness
from lms.monitoring.readiness import Readiness, ReadinessCheck

NAMES = ["database", "schema", "disk", "courses", "keys", "page"]


@pytest.fixture
def check(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, ReadinessCheck]]:
    """Checks anew at each call, by name."""
    monkeypatch.setattr(readiness, "FRESH_SECONDS", 0.0)
    asked: Readiness = app.extensions["readiness"]
    return lambda: {check.name: check for check in asked.check()}


def failed(checks: dict[str, ReadinessCheck]) -> list[str]:
    assert list(checks) == NAMES
    assert all(check.reason for check in checks.values() if not check.ok)
    return [name for name, check in checks.items() if not check.ok]


@pytest.fixture
def execute(engine: Engine) -> Iterator[Callable[..., None]]:
    """Executes a statement, and another one after the test."""
    later: list[str] = []

    def run(statement: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(statement))

    def execute(statement: str, *, undo: str) -> None:
        later.append(undo)
        run(statement)

    yield execute
    for statement in later:
        run(statement)


def test_a_site_that_works_is_ready_and_nothing_was_written(check, engine):
    assert failed(check()) == []
    with read_sessions(engine)() as session:
        assert session.scalar(select(func.count()).select_from(Learner)) == 0


def test_a_store_that_takes_no_learner_is_not_ready(check, execute):
    execute("ALTER TABLE learners RENAME TO lost", undo="ALTER TABLE lost RENAME TO learners")
    checks = check()
    assert failed(checks) == ["database"]
    assert checks["database"].reason.startswith("the store refuses to write")


def test_tables_of_another_release_are_not_ready(check, execute):
    needed = readiness.latest_revision()
    execute(
        "UPDATE alembic_version SET version_num = '0001'", undo=f"UPDATE alembic_version SET version_num = '{needed}'"
    )
    checks = check()
    assert failed(checks) == ["schema"]
    assert checks["schema"].reason == f"the tables are at 0001, this release needs {needed}"


def test_a_writer_that_has_stopped_is_not_ready(check, writer):
    writer.close()
    assert failed(check()) == ["database", "schema"]


def test_a_full_disk_is_not_ready(check, monkeypatch):
    usage = namedtuple("usage", "total used free")
    for free, expected in ((disk.MIN_FREE_BYTES, []), (disk.MIN_FREE_BYTES - 1, ["disk"])):
        monkeypatch.setattr(disk.shutil, "disk_usage", lambda _folder, free=free: usage(2**40, 2**40 - free, free))
        assert failed(check()) == expected


def test_without_any_course_the_site_is_not_ready(check, courses, catalog):
    for folder in courses.iterdir():
        shutil.rmtree(folder)
    catalog.reload()
    assert failed(check()) == ["courses"]


def test_a_course_with_an_error_is_told_but_takes_no_worker_out_of_service(check, courses, catalog):
    path = next(courses.glob("*/course.md"))
    path.write_text(path.read_text("utf-8") + "\n::: hỏii\n", "utf-8")
    catalog.reload()
    checks = check()
    assert failed(checks) == []
    assert checks["courses"].reason == "1 with errors"


def test_a_key_file_that_is_gone_is_told_before_the_next_start(check, settings):
    (settings.data_dir / KEY_FILE).unlink()
    checks = check()
    assert failed(checks) == ["keys"]
    assert checks["keys"].reason == f"{KEY_FILE} no longer in the data folder"


def test_a_page_that_fails_is_not_ready(app, check):
    app.view_functions["home.show_home"] = lambda: {}["gone"]
    checks = check()
    assert failed(checks) == ["page"]
    assert checks["page"].reason == "status 500"


def test_no_reason_holds_a_secret_or_a_path(app, check, execute, writer, settings, catalog, monkeypatch):
    execute("ALTER TABLE learners RENAME TO lost", undo="ALTER TABLE lost RENAME TO learners")
    app.extensions["readiness"]._render_page = (settings.data_dir / "no template").read_text
    reasons = [one.reason for one in check().values()]
    shutil.rmtree(settings.data_dir)
    writer.close()
    reasons += [one.reason for one in check().values()]
    assert len([reason for reason in reasons if reason]) >= 6
    for secret in (str(settings.data_dir), settings.secret_key, "/", "INSERT", "learners"):
        assert secret not in " ".join(reasons), secret


def test_who_asks_all_the_time_causes_one_write_a_second(app, monkeypatch):
    asked: Readiness = app.extensions["readiness"]
    monkeypatch.setattr(readiness.time, "monotonic", lambda: 1000.0)
    assert asked.check() is asked.check()

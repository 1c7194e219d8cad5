"""DailyJobs in the running server and by ``lms db tidy``."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select

from lms.cli import main
from lms.learning.classroom.session.queries import find_class_session
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import SeatRow
from lms.live.daily_jobs import DailyJobs
from tests.learning import sample_courses
from tests.learning.classroom.live_class import LiveClass, account


class FakeCatalog:
    library = sample_courses.library()


@pytest.fixture
def closed(engine: Engine) -> str:
    """A class that was closed twenty days ago, with personal data."""
    then = datetime.now(UTC) - timedelta(days=20)
    with write_sessions(engine).begin() as session:
        live_class = LiveClass(session, FakeCatalog.library, account(session, "Minh"))
        live_class.join(name="Lan", now=then)
        live_class.command(close=True, now=then)
        return live_class.id


def seats(engine: Engine) -> int:
    with read_sessions(engine)() as session:
        return session.scalar(select(func.count()).select_from(SeatRow))


def run_in_thread(work: Coroutine[Any, Any, None]) -> None:
    """Run in another thread: the event loop of browser tests may run in the main thread."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def run(engine: Engine, keep: timedelta, within: float = 0) -> None:
    """Start housekeeping, let it run once, and stop it."""

    async def live() -> None:
        tidying = DailyJobs(engine, FakeCatalog(), retention=keep, first_run_after=within)
        tidying.start()
        while within == 0 and seats(engine):
            await asyncio.sleep(0.01)
        await tidying.stop()

    run_in_thread(live())


def test_a_running_server_deletes_expired_personal_data(engine, closed):
    run(engine, timedelta(days=7))
    assert seats(engine) == 0
    with read_sessions(engine)() as session:
        assert find_class_session(session, closed).is_closed


def test_a_server_that_stops_at_once_deletes_nothing_and_does_not_wait(engine, closed):
    run(engine, timedelta(days=7), within=3600)
    assert seats(engine) == 1


def test_a_failing_run_does_not_stop_the_server(engine, closed, monkeypatch, caplog):
    tries = []

    def fail(*_args, **_more) -> None:
        tries.append(1)
        raise OSError("the disk is full")

    monkeypatch.setattr("lms.live.daily_jobs.apply_retention", fail)

    async def live() -> None:
        tidying = DailyJobs(engine, FakeCatalog(), retention=timedelta(days=30), first_run_after=0, interval=0)
        tidying.start()
        while len(tries) < 2:
            await asyncio.sleep(0.01)
        await tidying.stop()

    run_in_thread(live())
    assert "housekeeping failed" in caplog.text
    assert seats(engine) == 1


def test_the_command_reports_what_it_did(engine, closed, tmp_path):
    env = {
        "LMS_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "LMS_DATA_DIR": str(tmp_path / "data"),
        "LMS_COURSES": str(tmp_path),
        "LMS_CLASS_DAYS": "30",
        "LMS_SECRET_KEY": "k" * 32,
    }
    kept = CliRunner().invoke(main, ["db", "tidy"], env=env)
    assert (kept.exit_code, kept.output) == (0, "Lớp đã đóng: 0, đã đếm: 1, đã quên người: 0.\n")
    assert seats(engine) == 1
    done = CliRunner().invoke(main, ["db", "tidy"], env=env | {"LMS_CLASS_DAYS": "7"})
    assert (done.exit_code, done.output) == (0, "Lớp đã đóng: 0, đã đếm: 0, đã quên người: 1.\n")
    assert seats(engine) == 0


def test_the_command_reports_an_unreachable_database(tmp_path):
    env = {"LMS_DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3", "LMS_DATA_DIR": str(tmp_path)}
    done = CliRunner().invoke(main, ["db", "tidy"], env=env)
    assert (done.exit_code, "LMS_DATABASE_URL" in done.output, "Traceback" in done.output) == (2, True, False)

"""The site's own housekeeping: by itself in the running server, and by hand."""

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
from lms.learning.classroom.session.queries import find_class
from lms.learning.store.database import reading, writing
from lms.learning.store.models import ClassSeat
from lms.live.housekeeping import Tidying
from tests.learning import school
from tests.learning.classroom.room import Room, account


class Shelf:
    library = school.library()


@pytest.fixture
def closed(engine: Engine) -> str:
    """A class that closed twenty days ago, and what it still remembers."""
    then = datetime.now(UTC) - timedelta(days=20)
    with writing(engine).begin() as session:
        room = Room(session, Shelf.library, account(session, "Minh"))
        room.join(name="Lan", now=then)
        room.say(close=True, now=then)
        return room.id


def seats(engine: Engine) -> int:
    with reading(engine)() as session:
        return session.scalar(select(func.count()).select_from(ClassSeat))


def in_a_thread(work: Coroutine[Any, Any, None]) -> None:
    """A loop of its own: in the main thread a browser's may be running."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def run(engine: Engine, keep: timedelta, within: float = 0) -> None:
    """A server's life: it begins, tidies once, and stops."""

    async def live() -> None:
        tidying = Tidying(engine, Shelf(), keep=keep, first=within)
        tidying.start()
        while within == 0 and seats(engine):
            await asyncio.sleep(0.01)
        await tidying.stop()

    in_a_thread(live())


def test_the_running_site_forgets_persons_by_itself(engine, closed):
    run(engine, timedelta(days=7))
    assert seats(engine) == 0
    with reading(engine)() as session:
        assert find_class(session, closed).closed


def test_a_server_that_stops_at_once_has_touched_nothing_and_does_not_wait(engine, closed):
    run(engine, timedelta(days=7), within=3600)
    assert seats(engine) == 1


def test_a_store_that_stumbles_does_not_end_the_site(engine, closed, monkeypatch, caplog):
    tries = []

    def stumbles(*_args, **_more) -> None:
        tries.append(1)
        raise OSError("the disk is full")

    monkeypatch.setattr("lms.live.housekeeping.tidy", stumbles)

    async def live() -> None:
        tidying = Tidying(engine, Shelf(), keep=timedelta(days=30), first=0, every=0)
        tidying.start()
        while len(tries) < 2:
            await asyncio.sleep(0.01)
        await tidying.stop()

    in_a_thread(live())
    assert "tidying failed" in caplog.text
    assert seats(engine) == 1


def test_by_hand_it_says_what_it_did(engine, closed, tmp_path):
    env = {
        "LMS_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "LMS_DATA_DIR": str(tmp_path / "data"),
        "LMS_COURSES": str(tmp_path),
        "LMS_CLASS_DAYS": "30",
    }
    kept = CliRunner().invoke(main, ["db", "tidy"], env=env)
    assert (kept.exit_code, kept.output) == (0, "Lớp đã đóng: 0, đã đếm: 1, đã quên người: 0.\n")
    assert seats(engine) == 1
    done = CliRunner().invoke(main, ["db", "tidy"], env=env | {"LMS_CLASS_DAYS": "7"})
    assert (done.exit_code, done.output) == (0, "Lớp đã đóng: 0, đã đếm: 0, đã quên người: 1.\n")
    assert seats(engine) == 0


def test_by_hand_it_says_what_is_wrong(tmp_path):
    env = {"LMS_DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3", "LMS_DATA_DIR": str(tmp_path)}
    done = CliRunner().invoke(main, ["db", "tidy"], env=env)
    assert (done.exit_code, "LMS_DATABASE_URL" in done.output, "Traceback" in done.output) == (2, True, False)

"""What tests of every room stand on: the two stores, a running site, a hall."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from lms.learning.store import database
from lms.learning.store.database import make_engine
from lms.learning.store.migrate import upgrade
from tests.browser.served import Site, served
from tests.databases import empty, new_database
from tests.halls import Hall, opened_hall
from tests.postgres import running_postgres

STORES = ("sqlite", "postgresql")

# How long an example takes, or takes to be made up, says nothing on a busy machine. And every run tries the same ones,
# so that one which fails speaks of a change and not of the draw: pytest --hypothesis-profile=wandering draws others.
settings.register_profile("wandering", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("busy machine", settings.get_profile("wandering"), derandomize=True, database=None)
settings.load_profile("busy machine")

# Nor does it say anything how long the commits of eight threads take, on a disk to which everybody writes just now.
database.BUSY_SECONDS = 120

# Files whose tests may be shared out among workers by their parameters: they take long and grow with the courses.
SHARED_OUT = ("tests/browser/test_screens.py",)
# Files of minutes come first, and last what is shared out in pieces of seconds: no worker ends long before another.
LONG = ("tests/browser/", "tests/live/")


class FilesAndPractices(LoadFileScheduling):
    """A file's tests stay on one worker, as its fixtures want; those of a long file do so practice by practice."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, rest = nodeid.partition("::")
        return f"{file}[{rest.partition('[')[2]}" if file in SHARED_OUT else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # the number of its tests tells nothing about how long a file takes
    return FilesAndPractices(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The order in which files are handed to the workers; a run without workers keeps pytest's."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _turn(item.nodeid.partition("::")[0]))


def _turn(file: str) -> tuple[int, str]:
    return 2 if file in SHARED_OUT else 0 if file.startswith(LONG) else 1, file


@pytest.fixture(autouse=True)
def leaves_the_process_as_it_was() -> Iterator[None]:
    """Whoever changed it for good would be met by the tests that come after on the same worker, in one order and not in
    another. ``monkeypatch`` takes back what it did before this looks."""
    umask, was = _umask(), _process()
    yield
    os.umask(umask)  # a command of ours that runs in here takes the whole process for its own
    assert _process() == was


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server's own database."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session", params=STORES)
def store(request: pytest.FixtureRequest) -> str:
    """Which store a test runs on: each test runs on both."""
    return request.param


@pytest.fixture
def database_url(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of the test's own, for migrations and whatever commits from several threads."""
    if store == "sqlite":
        yield f"sqlite:///{tmp_path / 'lms.sqlite3'}"
        return
    with new_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(scope="module")
def lasting_database_url(
    store: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """An empty database for all tests of a module, on each store: a server that is started once needs one."""
    if store == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('lasting') / 'lms.sqlite3'}"
        return
    with new_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres: str) -> Iterator[str]:
    """An empty database of the test's own on PostgreSQL, for what the city alone does."""
    with new_database(postgres) as url:
        yield url


@pytest.fixture
def engine(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated database of the test's own: a copy of one that was migrated once in the run; on PostgreSQL, where a
    copy takes its time, one that was emptied."""
    if store == "sqlite":
        url = f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_file'), tmp_path / 'lms.sqlite3')}"
    else:
        url = request.getfixturevalue("emptied_url")
    engine = make_engine(url)
    if store == "sqlite":
        event.listen(engine, "connect", _wait_for_no_disk)
    yield engine
    engine.dispose()
    if store == "postgresql":
        empty(url)


@pytest.fixture
def session(store: str, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session whose transaction is undone after the test, whatever the test commits."""
    with request.getfixturevalue(f"shared_{store}").connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()


# What follows lasts for the whole run whichever store a test is on, or each file would migrate anew.


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database that nobody writes to."""
    file = tmp_path_factory.mktemp("migrated") / "lms.sqlite3"
    _migrate(f"sqlite:///{file}")
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # everything into the one file that is copied
    connection.close()
    return file


@pytest.fixture(scope="session")
def migrated_url(postgres: str) -> Iterator[str]:
    """A migrated database that nobody writes to and nobody stays connected to."""
    with new_database(postgres) as url:
        _migrate(url)
        yield url


@pytest.fixture(scope="session")
def emptied_url(migrated_url: str, postgres: str) -> Iterator[str]:
    """One migrated database, for one test after the other."""
    with new_database(postgres, template=migrated_url) as url:
        yield url


@pytest.fixture(scope="session")
def shared_sqlite(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated database whose tests take everything back."""
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("shared") / "lms.sqlite3")
    engine = make_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_postgresql(migrated_url: str, postgres: str) -> Iterator[Engine]:
    """A migrated database whose tests take everything back."""
    with new_database(postgres, template=migrated_url) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A real ``lms serve`` of the real courses on a free port, with a data folder of its own."""
    with served(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with opened_hall(tmp_path_factory.mktemp("hall")) as opened:
        yield opened


def _migrate(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()


def _wait_for_no_disk(connection: sqlite3.Connection, _: object) -> None:
    """No more than the tests' own PostgreSQL does: nobody cuts the power, and thousands of commits took as long as the
    rest of their tests. What a site's own commits promise, sites in processes of their own keep."""
    connection.execute("PRAGMA synchronous = OFF")


def _umask() -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def _process() -> tuple[object, ...]:
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    return own, os.getcwd(), sys.path.copy(), sys.getswitchinterval()

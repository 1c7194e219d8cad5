"""Fixtures of all tests: both databases, a running site, and a site on a network without internet."""

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

from lms.learning.batch_handlers import register_event_listeners
from lms.learning.store import database
from lms.learning.store.database import make_engine
from lms.learning.store.migrate import upgrade
from tests.browser.site_process import Site, serve_site
from tests.databases import empty, new_database
from tests.isolated_network import IsolatedNetwork, serve_in_isolated_network
from tests.postgres import running_postgres

STORES = ("sqlite", "postgresql")

# No deadlines, which fail on a busy machine. All runs try the same examples, so that a failure means a change and not
# another draw; pytest --hypothesis-profile=wandering draws others.
settings.register_profile("wandering", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("busy machine", settings.get_profile("wandering"), derandomize=True, database=None)
settings.load_profile("busy machine")

# The commits of eight threads may take long on a busy disk.
database.LOCK_TIMEOUT_SECONDS = 120

register_event_listeners()

# Files whose tests are distributed over the workers by their parameters: they take long and grow with the courses.
SHARED_OUT = ("tests/browser/test_screens.py",)
# Files that take minutes come first, and those that are distributed in pieces last: all workers end at the same time.
LONG = ("tests/browser/", "tests/live/")


class FilesAndPractices(LoadFileScheduling):
    """Keep the tests of a file on one worker, for its fixtures; those of a distributed file by practice."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, rest = nodeid.partition("::")
        return f"{file}[{rest.partition('[')[2]}" if file in SHARED_OUT else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # the number of tests says nothing about the time
    return FilesAndPractices(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="SQLite only, and no test that is marked slow")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses ``store``, directly or through a fixture, on every database of this run."""
    is_chosen = any("store" in marker.args[0] for marker in metafunc.definition.iter_markers("parametrize"))
    if "store" in metafunc.fixturenames and not is_chosen:
        stores = STORES[:1] if metafunc.config.getoption("quick") else STORES
        metafunc.parametrize("store", stores, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out slow tests of a quick run; order the files for the workers, else keep pytest's order."""
    if config.getoption("quick"):
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _turn(item.nodeid.partition("::")[0]))


def _turn(file: str) -> tuple[int, str]:
    return 2 if file in SHARED_OUT else 0 if file.startswith(LONG) else 1, file


@pytest.fixture(autouse=True)
def leaves_the_process_as_it_was() -> Iterator[None]:
    """Fail a test that changes the process for good, since tests after it on the same worker could depend on that.

    ``monkeypatch`` undoes its changes before this check.
    """
    umask, was = _umask(), _process()
    yield
    os.umask(umask)  # a command of ours that runs in this process sets it
    assert _process() == was


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server's own database."""
    with running_postgres() as url:
        yield url


@pytest.fixture
def database_url(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database for one test, for migrations and for commits from several threads."""
    if store == "sqlite":
        yield f"sqlite:///{tmp_path / 'lms.sqlite3'}"
        return
    with new_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(scope="module")
def lasting_database_url(
    store: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """An empty database for all tests of a module, which share a server."""
    if store == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('lasting') / 'lms.sqlite3'}"
        return
    with new_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres: str) -> Iterator[str]:
    """An empty database for one test, on PostgreSQL only."""
    with new_database(postgres) as url:
        yield url


@pytest.fixture
def engine(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated database for one test: on SQLite a copy of one that was migrated once, on PostgreSQL, where copies are
    slow, one that is emptied after each test."""
    if store == "sqlite":
        url = f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_file'), tmp_path / 'lms.sqlite3')}"
    else:
        url = request.getfixturevalue("emptied_url")
    engine = make_engine(url)
    if store == "sqlite":
        event.listen(engine, "connect", _do_not_sync)
    yield engine
    engine.dispose()
    if store == "postgresql":
        empty(url)


@pytest.fixture
def session(store: str, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session whose transaction is rolled back after the test, even if the test commits."""
    with request.getfixturevalue(f"shared_{store}").connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()


# The following fixtures last for the whole run: each file would migrate a database otherwise.


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database that is never written to."""
    file = tmp_path_factory.mktemp("migrated") / "lms.sqlite3"
    _migrate(f"sqlite:///{file}")
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # everything into the one file that is copied
    connection.close()
    return file


@pytest.fixture(scope="session")
def migrated_url(postgres: str) -> Iterator[str]:
    """A migrated database that is never written to and has no open connections."""
    with new_database(postgres) as url:
        _migrate(url)
        yield url


@pytest.fixture(scope="session")
def emptied_url(migrated_url: str, postgres: str) -> Iterator[str]:
    """One migrated database, emptied after each test."""
    with new_database(postgres, template=migrated_url) as url:
        yield url


@pytest.fixture(scope="session")
def shared_sqlite(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated database whose tests roll back."""
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("shared") / "lms.sqlite3")
    engine = make_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_postgresql(migrated_url: str, postgres: str) -> Iterator[Engine]:
    """A migrated database whose tests roll back."""
    with new_database(postgres, template=migrated_url) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running ``lms serve`` with the real courses, on a free port, with a data folder of its own."""
    with serve_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def isolated_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IsolatedNetwork]:
    with serve_in_isolated_network(tmp_path_factory.mktemp("isolated_network")) as network:
        yield network


def _migrate(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()


def _do_not_sync(connection: sqlite3.Connection, _: object) -> None:
    """Like the temporary PostgreSQL: thousands of synced commits would take as long as the tests themselves.

    Tests that run a site in a process of its own do sync.
    """
    connection.execute("PRAGMA synchronous = OFF")


def _umask() -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def _process() -> tuple[object, ...]:
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    return own, os.getcwd(), sys.path.copy(), sys.getswitchinterval()

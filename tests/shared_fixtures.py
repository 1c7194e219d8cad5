"""Fixtures of all tests: both databases, a running site, and a site on a network without internet."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.batch_handlers import register_event_listeners
from lms.learning.store import database
from lms.learning.store.database import make_engine
from lms.server import GC_THRESHOLDS
from tests.browser.site_process import Site, serve_site
from tests.cheap_passwords import make_passwords_cheap
from tests.databases import KEPT_CONNECTIONS, emptying, migrate_database, migrated_sqlite_file, new_database
from tests.isolated_network import IsolatedNetwork, serve_in_isolated_network
from tests.postgres import running_postgres
from tests.reused_sqlite import ReusedSqliteFile
from tests.web.every_screen import write_every_screen

# No deadlines, which fail on a busy machine. All runs try the same examples, so that a failure means a change and not
# another draw; pytest --hypothesis-profile=wandering draws others.
settings.register_profile("wandering", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("busy machine", settings.get_profile("wandering"), derandomize=True, database=None)
settings.register_profile("quick", settings.get_profile("busy machine"), max_examples=20)
settings.load_profile("busy machine")

# The commits of eight threads may take long on a busy disk.
database.LOCK_TIMEOUT_SECONDS = 120

make_passwords_cheap()
register_event_listeners()


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("quick"):
        settings.load_profile("quick")


def pytest_collection_finish() -> None:
    """Let the garbage collector skip all that lasts for the whole run, and search as seldom as in the site itself."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Collect the garbage of the run once: pytest does so five times, to find what could not be closed."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def unchanged_process() -> Iterator[None]:
    """Fail a test that changes the process for good, since tests after it on the same worker could depend on that.

    ``monkeypatch`` undoes its changes before this check.
    """
    umask, was = _umask(), _process()
    yield
    os.umask(umask)  # a command of ours that runs in this process sets it
    assert _process() == was


@pytest.fixture(autouse=True)
def reset_changed_wards() -> Iterator[None]:
    """A process knows the wards of one store; the next test has another one."""
    yield
    wards.set_changed_wards(names={}, merged=())


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


@pytest.fixture
def migrated_database_url(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database for one test, its servers and its commands."""
    with _migrated_copy(tmp_path if store == "sqlite" else None, request) as url:
        yield url


@pytest.fixture
def machines(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A function that makes an installation, with a name, on "sqlite" or "postgresql"."""
    from tests.installations import making_machines

    with making_machines(tmp_path, lambda: request.getfixturevalue("filled_templates")) as make:
        yield make


@pytest.fixture(scope="module")
def lasting_database_url(
    store: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A migrated database for all tests of a module, which share a server."""
    folder = tmp_path_factory.mktemp("lasting") if store == "sqlite" else None
    with _migrated_copy(folder, request) as url:
        yield url


@pytest.fixture
def engine(store: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated database for one test, emptied after it.

    Tests have connections and compiled statements in common, but no event listeners of their applications.
    """
    if store == "sqlite":
        database: ReusedSqliteFile = request.getfixturevalue("reused_sqlite")
        database.prepare()
        reused, empty = database.engine, database.reset
    else:
        reused = request.getfixturevalue("reused_postgresql")
        empty: Callable[[], None] = request.getfixturevalue("empty_postgresql")
    engine = reused.execution_options()
    of_the_engine = [*engine.pool.dispatch.checkin]
    yield engine
    # What a test's application listens to on the connection pool, which outlives the test: otherwise the thousandth
    # application would have each returned connection told to the 999 before it.
    for listener in [*engine.pool.dispatch.checkin]:
        if listener not in of_the_engine:
            event.remove(engine, "checkin", listener)
    empty()


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
def folder_of_run(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session")
def migrated_file() -> Path:
    """A migrated database that is never written to."""
    return migrated_sqlite_file()


@pytest.fixture(scope="session")
def filled_templates(postgres: str) -> Iterator[Any]:
    """Filled databases of the server that are never written to."""
    from tests.installations import FilledTemplates

    templates = FilledTemplates(postgres)
    yield templates
    templates.drop()


@pytest.fixture(scope="session")
def migrated_url(postgres: str) -> Iterator[str]:
    """A migrated database that is never written to and has no open connections."""
    with new_database(postgres) as url:
        migrate_database(url)
        yield url


@pytest.fixture(scope="session")
def emptied_url(migrated_url: str, postgres: str) -> Iterator[str]:
    """One migrated database, emptied after each test."""
    with new_database(postgres, template=migrated_url) as url:
        yield url


@pytest.fixture(scope="session")
def empty_postgresql(emptied_url: str) -> Iterator[Callable[[], None]]:
    """Empties the database of ``emptied_url``."""
    with emptying(emptied_url) as empty:
        yield empty


@pytest.fixture(scope="session")
def reused_sqlite(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> ReusedSqliteFile:
    """The database that is emptied."""
    return ReusedSqliteFile(tmp_path_factory.mktemp("reused"), migrated_file)


@pytest.fixture(scope="session")
def reused_postgresql(emptied_url: str) -> Engine:
    """The engine of the database that is emptied. Its idle connections are kept: a new one, which has read nothing of
    the database's catalog yet, takes longer than most tests."""
    return make_engine(emptied_url, connect_args={"application_name": KEPT_CONNECTIONS})


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


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running ``lms serve`` with the real courses, shared by all tests of this process.

    A test may rely only on learners, accounts and classes that it adds itself. Tests that restart or configure a site,
    or search all of its data, start one of their own.
    """
    with serve_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def no_sites_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Commands are not told of sites that happen to run on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def every_screen_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Like ``live_server``, but with only the sample practice that has every kind of screen."""
    folder = tmp_path_factory.mktemp("every-screen")
    with serve_site(folder, courses=write_every_screen(folder / "courses")) as running:
        yield running


@pytest.fixture(scope="module")
def isolated_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IsolatedNetwork]:
    with serve_in_isolated_network(tmp_path_factory.mktemp("isolated_network")) as network:
        yield network


@contextmanager
def _migrated_copy(folder: Path | None, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a copy of the migrated database: on SQLite, in ``folder``; else on the PostgreSQL server."""
    if folder:
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_file'), folder / 'lms.sqlite3')}"
        return
    with new_database(request.getfixturevalue("postgres"), template=request.getfixturevalue("migrated_url")) as url:
        yield url


def _umask() -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def _process() -> tuple[object, ...]:
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    return own, os.getcwd(), sys.path.copy(), sys.getswitchinterval()

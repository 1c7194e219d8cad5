"""What tests of every room stand on: the two stores, a running site, a hall."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from lms.learning.database import make_engine
from lms.learning.upgrade import upgrade
from tests.browser.served import Site, served
from tests.halls import Hall, opened_hall
from tests.postgres import running_postgres

STORES = ("sqlite", "postgresql")

settings.register_profile("busy machine", deadline=None)  # how long an example takes says nothing here
settings.load_profile("busy machine")

# Files whose tests may be shared out among workers by their parameters: they take long and grow with the courses.
SHARED_OUT = ("tests/browser/test_screens.py",)


class FilesAndPractices(LoadFileScheduling):
    """A file's tests stay on one worker, as its fixtures want; those of a long file do so practice by practice."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, rest = nodeid.partition("::")
        return f"{file}[{rest.partition('[')[2]}" if file in SHARED_OUT else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    return FilesAndPractices(config, log) if config.getvalue("dist") == "loadfile" else None


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
    server = request.getfixturevalue("postgres")
    name = _create_database(server)
    yield _url_of(server, name)
    _drop_database(server, name)


@pytest.fixture(scope="module")
def lasting_database_url(
    store: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """An empty database for all tests of a module, on each store: a server that is started once needs one."""
    if store == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('lasting') / 'lms.sqlite3'}"
        return
    server = request.getfixturevalue("postgres")
    name = _create_database(server)
    yield _url_of(server, name)
    _drop_database(server, name)


@pytest.fixture
def empty_postgres_url(postgres: str) -> Iterator[str]:
    """An empty database of the test's own on PostgreSQL, for what the city alone does."""
    name = _create_database(postgres)
    yield _url_of(postgres, name)
    _drop_database(postgres, name)


@pytest.fixture
def engine(store: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated database of the test's own: a copy of one that was migrated once in the run."""
    template = request.getfixturevalue("migrated_url")
    if store == "sqlite":
        shutil.copy(make_url(template).database, tmp_path / "lms.sqlite3")
        engine = make_engine(f"sqlite:///{tmp_path / 'lms.sqlite3'}")
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgres")
    name = _create_database(server, template=make_url(template).database)
    engine = make_engine(_url_of(server, name))
    yield engine
    engine.dispose()
    _drop_database(server, name)


@pytest.fixture(scope="session")
def migrated_url(store: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database that nobody writes to and nobody stays connected to."""
    if store == "sqlite":
        file = tmp_path_factory.mktemp("migrated") / "lms.sqlite3"
        _migrate(f"sqlite:///{file}")
        with sqlite3.connect(file) as connection:  # everything into the one file that is copied
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        yield f"sqlite:///{file}"
        return
    server = request.getfixturevalue("postgres")
    name = _create_database(server)
    _migrate(_url_of(server, name))
    yield _url_of(server, name)
    _drop_database(server, name)


@pytest.fixture(scope="session")
def shared_engine(
    store: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Engine]:
    """A migrated database whose tests take everything back."""
    template = request.getfixturevalue("migrated_url")
    if store == "sqlite":
        file = tmp_path_factory.mktemp("shared") / "lms.sqlite3"
        shutil.copy(make_url(template).database, file)
        engine = make_engine(f"sqlite:///{file}")
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgres")
    name = _create_database(server, template=make_url(template).database)
    engine = make_engine(_url_of(server, name))
    yield engine
    engine.dispose()
    _drop_database(server, name)


@pytest.fixture
def session(shared_engine: Engine) -> Iterator[Session]:
    """A session whose transaction is undone after the test, whatever the test commits."""
    with shared_engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()


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


def _url_of(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _create_database(server: str, template: str | None = None) -> str:
    name = f"lms_test_{uuid.uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    return name


def _drop_database(server: str, name: str) -> None:
    _administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()

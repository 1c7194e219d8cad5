"""Sessions and transactions on both databases."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, event, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from lms.learning.learners.learner_store import find_learner, new_learner_id
from lms.learning.store import database
from lms.learning.store.database import make_engine, read_sessions, set_read_only, write_sessions
from lms.learning.store.db_errors import is_unreachable
from lms.learning.store.models import Learner, Mark
from tests.learning.sample_courses import NOW
from tests.stored_learner import store_learner


def test_commits_survive_a_power_cut(database_url: str):
    engine = make_engine(database_url)  # as a site has it: the engine fixture does not sync
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            settings = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
            assert settings == {"journal_mode": "wal", "synchronous": 2}
        else:
            assert connection.scalar(text("SHOW synchronous_commit")) == "on"
    engine.dispose()


@pytest.mark.slow
def test_a_server_that_says_nothing_is_waited_for_shortly(monkeypatch):
    limits = {**database._SILENCE_LIMITS, "connect_timeout": 2}  # seconds, the shortest there is
    monkeypatch.setattr(database, "_SILENCE_LIMITS", limits)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = make_engine(f"postgresql://lms@127.0.0.1:{silent.getsockname()[1]}/lms")
        began = time.monotonic()
        with pytest.raises(OperationalError) as raised:
            engine.connect()
    assert time.monotonic() - began < 10
    assert is_unreachable(raised.value)


def test_the_url_may_say_how_long_silence_is_waited_for():
    engine, given = make_engine("postgresql://lms@127.0.0.1/lms?connect_timeout=60&tcp_user_timeout=90000"), {}

    @event.listens_for(engine, "do_connect")
    def keep(_dialect, _record, _arguments, options):
        given.update(options)
        raise ConnectionRefusedError

    with pytest.raises(ConnectionRefusedError):
        engine.connect()
    assert (given["connect_timeout"], given["tcp_user_timeout"], given["keepalives_idle"]) == ("60", "90000", 5)


@pytest.mark.parametrize("store", ["postgresql"], scope="session")  # SQLite has no connection that could be lost
def test_after_a_restart_of_the_server_idle_connections_are_replaced(database_url: str, monkeypatch):
    monkeypatch.setattr(database, "_PING_AFTER_IDLE_SECONDS", 0)
    engine, another = make_engine(database_url), make_engine(database_url)
    with engine.connect() as first, engine.connect() as second:
        ids = {connection.scalar(text("SELECT pg_backend_pid()")) for connection in (first, second)}
    with another.connect() as connection:
        for each in ids:
            connection.scalar(text("SELECT pg_terminate_backend(:id, 5000)"), {"id": each})
    with engine.connect() as first, engine.connect() as second:
        assert {connection.scalar(text("SELECT pg_backend_pid()")) for connection in (first, second)}.isdisjoint(ids)
    another.dispose()
    engine.dispose()


def test_foreign_keys_are_enforced(engine: Engine):
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(
            insert(Mark).values(
                learner_id="0" * 32, course="c", lesson="l", stage="hieu", evidence={}, content_digest="", earned_at=NOW
            )
        )


def test_readers_do_not_wait_for_writers(engine: Engine):
    with write_sessions(engine)() as writer, read_sessions(engine)() as reader:
        learner = store_learner(writer, now=NOW)
        assert find_learner(reader, learner.id) is None
        writer.commit()


@pytest.mark.parametrize("as_reader", [read_sessions, lambda engine: _read_only(engine)])
def test_a_read_only_session_refuses_writes(engine: Engine, as_reader):
    with as_reader(engine)() as session, pytest.raises(DBAPIError):
        store_learner(session, now=NOW)


def _read_only(engine: Engine):
    def begin():
        session = write_sessions(engine)()
        set_read_only(session)
        return session

    return begin


def test_a_session_may_write_again_after_its_read_only_transaction(engine: Engine):
    with write_sessions(engine)() as session:
        set_read_only(session)
        assert find_learner(session, "0" * 32) is None
        session.rollback()
        store_learner(session, now=NOW)
        session.commit()


def test_concurrent_transactions_that_read_and_then_write_all_succeed(engine: Engine):
    """With a deferred transaction SQLite refuses the second one at once, whatever the timeout."""
    learner_id = new_learner_id()
    sessions = write_sessions(engine)
    with sessions.begin() as session:
        store_learner(session, now=NOW, id=learner_id)
    start, failed = Barrier(8), []

    def read_then_write() -> None:
        start.wait()
        try:
            for _ in range(10):
                with sessions.begin() as session:
                    session.scalar(select(Learner.version).where(Learner.id == new_learner_id()))
                    store_learner(session, now=NOW, id=learner_id)
        except Exception as error:
            failed.append(error)

    threads = [Thread(target=read_then_write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with sessions() as session:
        assert find_learner(session, learner_id).version == 81


def test_a_savepoint_rolls_back_only_its_own_writes(engine: Engine):
    kept, dropped = new_learner_id(), new_learner_id()
    with write_sessions(engine).begin() as session:
        store_learner(session, now=NOW, id=kept)
        with session.begin_nested() as savepoint:
            store_learner(session, now=NOW, id=dropped)
            savepoint.rollback()
    with read_sessions(engine)() as session:
        assert find_learner(session, kept)
        assert find_learner(session, dropped) is None


def test_instants_are_read_back_in_utc(session):
    hanoi = datetime(2026, 11, 25, 15, 30, tzinfo=timezone(timedelta(hours=7)))
    learner = store_learner(session, now=hanoi)
    session.expire_all()
    assert learner.created_at == hanoi
    assert learner.created_at.tzinfo == UTC


def test_a_naive_datetime_is_refused(session):
    with pytest.raises(StatementError, match="time zone"):
        store_learner(session, now=datetime(2026, 11, 25, 15, 30))  # noqa: DTZ001


def test_a_lock_timeout_is_raised_as_sqlalchemys_error(tmp_path, monkeypatch):
    """Whoever tries again looks for SQLAlchemy's error, not the driver's."""
    from lms.learning.store.database import make_engine

    monkeypatch.setattr("lms.learning.store.database.LOCK_TIMEOUT_SECONDS", 0.1)
    engine = make_engine(f"sqlite:///{tmp_path / 'lms.sqlite3'}", connect_args={"timeout": 0})
    with engine.begin(), pytest.raises(DBAPIError, match="locked"), engine.begin():
        pass


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_urls_use_psycopg(scheme):
    from lms.learning.store.database import make_engine

    assert make_engine(f"{scheme}://lms@db.example/lms").driver == "psycopg"


def test_a_database_error_does_not_contain_parameters(engine: Engine):
    with pytest.raises(DBAPIError) as caught, engine.connect() as connection:
        connection.execute(text("select no_such_column where :written = ''"), {"written": "Nguyễn Thị Lan"})
    assert "Lan" not in str(caught.value)

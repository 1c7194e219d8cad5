"""How transactions begin, and what a commit promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from lms.learning.learners.learner_store import create_learner, find_learner, new_learner_id
from lms.learning.store.database import make_engine, only_read, reading, writing
from lms.learning.store.models import Learner, Mark
from tests.learning.school import NOW


def test_what_is_kept_survives_a_power_cut(database_url: str):
    engine = make_engine(database_url)  # as a site's: one that tests are handed waits for no disk
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            settings = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
            assert settings == {"journal_mode": "wal", "synchronous": 2}
        else:
            assert connection.scalar(text("SHOW synchronous_commit")) == "on"
    engine.dispose()


def test_a_row_cannot_refer_to_nobody(engine: Engine):
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(
            insert(Mark).values(
                learner_id="0" * 32, course="c", lesson="l", stage="hieu", evidence={}, content_digest="", earned_at=NOW
            )
        )


def test_readers_wait_for_no_writer(engine: Engine):
    with writing(engine)() as writer, reading(engine)() as reader:
        learner = create_learner(writer, now=NOW)
        assert find_learner(reader, learner.id) is None
        writer.commit()


@pytest.mark.parametrize("as_reader", [reading, lambda engine: _told_to_read(engine)])
def test_a_reading_session_refuses_to_write(engine: Engine, as_reader):
    with as_reader(engine)() as session, pytest.raises(DBAPIError):
        create_learner(session, now=NOW)


def _told_to_read(engine: Engine):
    def begin():
        session = writing(engine)()
        only_read(session)
        return session

    return begin


def test_a_session_that_was_told_to_read_may_write_again_afterwards(engine: Engine):
    with writing(engine)() as session:
        only_read(session)
        assert find_learner(session, "0" * 32) is None
        session.rollback()
        create_learner(session, now=NOW)
        session.commit()


def test_many_who_read_and_then_write_all_get_through(engine: Engine):
    """With a deferred transaction SQLite refuses the second one at once, whatever the timeout."""
    learner_id = new_learner_id()
    sessions = writing(engine)
    with sessions.begin() as session:
        create_learner(session, now=NOW, id=learner_id)
    start, failed = Barrier(8), []

    def read_then_write() -> None:
        start.wait()
        try:
            for _ in range(10):
                with sessions.begin() as session:
                    session.scalar(select(Learner.version).where(Learner.id == new_learner_id()))
                    create_learner(session, now=NOW, id=learner_id)
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


def test_a_savepoint_takes_back_only_its_own(engine: Engine):
    kept, dropped = new_learner_id(), new_learner_id()
    with writing(engine).begin() as session:
        create_learner(session, now=NOW, id=kept)
        with session.begin_nested() as savepoint:
            create_learner(session, now=NOW, id=dropped)
            savepoint.rollback()
    with reading(engine)() as session:
        assert find_learner(session, kept)
        assert find_learner(session, dropped) is None


def test_instants_come_back_in_utc(session):
    hanoi = datetime(2026, 11, 25, 15, 30, tzinfo=timezone(timedelta(hours=7)))
    learner = create_learner(session, now=hanoi)
    session.expire_all()
    assert learner.created_at == hanoi
    assert learner.created_at.tzinfo == UTC


def test_an_instant_without_a_time_zone_is_refused(session):
    with pytest.raises(StatementError, match="time zone"):
        create_learner(session, now=datetime(2026, 11, 25, 15, 30))  # noqa: DTZ001


def test_a_lock_that_lasts_too_long_is_told_as_the_stores_own_error(tmp_path, monkeypatch):
    """Whoever tries again looks for SQLAlchemy's error, not the driver's."""
    from lms.learning.store.database import make_engine

    monkeypatch.setattr("lms.learning.store.database.BUSY_SECONDS", 0.1)
    engine = make_engine(f"sqlite:///{tmp_path / 'lms.sqlite3'}", connect_args={"timeout": 0})
    with engine.begin(), pytest.raises(DBAPIError, match="locked"), engine.begin():
        pass


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_through_psycopg(scheme):
    from lms.learning.store.database import make_engine

    assert make_engine(f"{scheme}://lms@db.example/lms").driver == "psycopg"


def test_an_error_of_the_store_does_not_say_what_people_wrote(engine: Engine):
    with pytest.raises(DBAPIError) as caught, engine.connect() as connection:
        connection.execute(text("select no_such_column where :written = ''"), {"written": "Nguyễn Thị Lan"})
    assert "Lan" not in str(caught.value)

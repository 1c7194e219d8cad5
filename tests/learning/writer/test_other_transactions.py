"""The writer beside other transactions: another writer's, and commands that wait for its lock."""

from __future__ import annotations

import itertools
import threading
import time

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.learning.store.database import write_lock_queue, write_sessions, yielding_writer_sessions
from lms.learning.store.writer import Writer
from tests.learning.writer.notes import PATIENCE, insert_note, notes, save_nothing, stored_ids
from tests.live.raw_http import wait_until
from tests.lock_waits import run_in_thread


def test_two_writers_with_crossing_batches_both_commit_everything(engine):
    """Two processes whose batches write the same two learners."""
    with Session(engine) as session:
        insert_note(session, id=1, who="0")
        insert_note(session, id=2, who="0")
        session.commit()

    def raise_both(session: Session, *, first: int, second: int) -> None:
        for id in (first, second):
            count = int(session.scalar(select(notes.c.who).where(notes.c.id == id).with_for_update()))
            session.execute(update(notes).where(notes.c.id == id).values(who=str(count + 1)))

    writers = [Writer(engine), Writer(engine)]
    futures = [writers[0].submit(raise_both, "lan", first=1, second=2) for _ in range(40)]
    futures += [writers[1].submit(raise_both, "lan", first=2, second=1) for _ in range(40)]
    for future in futures:
        future.result(PATIENCE)
    for writer in writers:
        writer.close()
    with engine.connect() as connection:
        assert connection.scalars(select(notes.c.who)).all() == ["80", "80"]
        assert connection.scalar(select(func.count()).select_from(notes)) == 2


class BusyPhone:
    """A phone that posts again as soon as it has its answer."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.stopped = threading.Event()
        self.resting = threading.Event()
        self.set_result(None)

    def set_running_or_notify_cancel(self) -> bool:
        return True

    def set_result(self, _result: object) -> None:
        if self.stopped.is_set():
            self.resting.set()
        else:
            self.writer.enqueue(save_nothing, "lan", {}, self)

    def set_exception(self, error: Exception) -> None:
        self.set_result(None)


def test_other_transactions_get_the_lock_while_the_writer_is_busy(engine, monkeypatch):
    """SQLite polls for its lock at growing intervals: without a pause dozens of batches would go before a command."""
    overtaking: list[int] = []
    holds = threading.Event()
    lock_queue = write_lock_queue(engine)

    def handle_posts(session: Session, calls: list[dict]) -> list[None]:
        if lock_queue and lock_queue.waiting:
            overtaking.append(len(calls))
        insert_note(session, id=next(ids), who="lan")
        holds.set()
        time.sleep(0.02)  # long enough for a command to queue up
        return [None] * len(calls)

    monkeypatch.setattr("lms.learning.store.writer.YIELD_SECONDS", PATIENCE)
    ids = itertools.count(1000)
    writer = Writer(engine, batch_handlers={save_nothing: handle_posts})
    phones = [BusyPhone(writer) for _ in range(3)]
    for id in range(6):  # commands, each a transaction of its own, begun while the writer has the lock
        holds.clear()
        assert holds.wait(PATIENCE)
        with write_sessions(engine).begin() as session:
            insert_note(session, id=id, who="minh")
    for phone in phones:
        phone.stopped.set()
    assert all(phone.resting.wait(PATIENCE) for phone in phones)
    writer.close()
    assert stored_ids(engine) >= set(range(6))
    assert len(overtaking) <= 6, "at each command at most the batch that had begun before"


def test_all_commands_that_wait_overtake_the_posts_that_are_queued(engine, monkeypatch):
    monkeypatch.setattr("lms.learning.store.writer.YIELD_SECONDS", PATIENCE)
    lock_queue, order = write_lock_queue(engine), list[str]()
    holds, release = threading.Event(), threading.Event()

    def hold_the_lock(session: Session) -> None:
        session.connection()
        holds.set()
        assert release.wait(PATIENCE)

    writer = Writer(engine)
    batch = writer.submit(hold_the_lock, "lan")
    assert holds.wait(PATIENCE)
    post = writer.submit(lambda _session: order.append("post"), "lan")

    def command() -> None:
        with write_sessions(engine).begin() as session:
            session.connection()
            order.append("command")

    commands = [run_in_thread(command) for _ in range(5)]
    wait_until(lambda: lock_queue.waiting == 5 if lock_queue else len(order) == 5)  # PostgreSQL: they need not wait
    release.set()
    for future in (batch, *commands, post):
        future.result(PATIENCE)
    writer.close()
    assert order == ["command"] * 5 + ["post"]


def test_posts_do_not_wait_for_ever_for_a_command_that_gets_no_lock(engine):
    lock_queue = write_lock_queue(engine)
    if lock_queue is None:  # PostgreSQL: nobody waits for a lock of the whole database
        assert not yielding_writer_sessions(engine)[1](PATIENCE)
        return

    def command() -> None:
        with write_sessions(engine).begin() as session:
            session.connection()

    with write_sessions(engine).begin() as session:
        session.connection()
        waiting = run_in_thread(command)
        wait_until(lambda: lock_queue.waiting == 1)
        assert lock_queue.yield_to_waiting(0.0)
    waiting.result(PATIENCE)
    assert not lock_queue.yield_to_waiting(PATIENCE)

"""The writer: results come after the commit, and an error in one item does not fail the others."""

from __future__ import annotations

import gc
import itertools
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.writer import YIELD_SECONDS, Writer, WriterBusy

metadata = MetaData()
notes = Table("notes", metadata, Column("id", Integer, primary_key=True), Column("who", String(40), nullable=False))
PATIENCE = 120  # seconds until a test gives up on a future


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    writer = Writer(engine)
    yield writer
    writer.close()


def insert_note(session: Session, *, id: int, who: str | None) -> int:
    session.execute(insert(notes).values(id=id, who=who))
    return id


def stored_ids(engine: Engine) -> set[int]:
    with engine.connect() as connection:
        return set(connection.scalars(select(notes.c.id)))


class BlockedWriter:
    """Blocks the writer until ``release`` is set, so that items queue up behind it."""

    def __init__(self, writer: Writer) -> None:
        self.release = threading.Event()
        self.started = threading.Event()
        self.future = writer.submit(self.block, "blocked")
        assert self.started.wait(PATIENCE)

    def block(self, session: Session) -> None:
        self.started.set()
        assert self.release.wait(PATIENCE)


def test_a_result_is_delivered_after_the_commit(writer, engine):
    assert writer.submit(insert_note, "lan", id=1, who="Lan").result(PATIENCE) == 1
    assert stored_ids(engine) == {1}


def test_queued_items_are_committed_in_one_batch(writer, engine):
    blocked = BlockedWriter(writer)
    transactions = []

    def insert_and_remember(session: Session, *, id: int) -> None:
        transactions.append(session.get_transaction())
        insert_note(session, id=id, who="Lan")

    futures = [writer.submit(insert_and_remember, f"{id}", id=id) for id in range(20)]
    blocked.release.set()
    for future in futures:
        future.result(PATIENCE)
    assert stored_ids(engine) == set(range(20))
    assert len(set(map(id, transactions))) == 1


def test_no_result_is_delivered_before_the_commit(writer, engine):
    told: list[bool] = []
    first: list[Future] = []

    def look_at_the_first(session: Session) -> None:
        told.append(first[0].done())

    blocked = BlockedWriter(writer)
    first.append(writer.submit(insert_note, "an", id=1, who="An"))
    second = writer.submit(look_at_the_first, "binh")
    blocked.release.set()
    second.result(PATIENCE)
    assert told == [False]


def test_an_error_in_one_item_does_not_fail_the_others(writer, engine):
    blocked = BlockedWriter(writer)
    good = [writer.submit(insert_note, f"{id}", id=id, who="Lan") for id in (1, 2)]
    bad = writer.submit(insert_note, "1", id=3, who=None)
    good.append(writer.submit(insert_note, "0", id=4, who="Lan"))
    blocked.release.set()
    assert [future.result(PATIENCE) for future in good] == [1, 2, 4]
    with pytest.raises(IntegrityError):
        bad.result(PATIENCE)
    assert stored_ids(engine) == {1, 2, 4}


def test_a_learning_error_rolls_back_its_item(writer, engine):
    def insert_and_raise(session: Session) -> None:
        insert_note(session, id=1, who="Lan")
        raise LookupError("rolled back")

    blocked = BlockedWriter(writer)
    failing = writer.submit(insert_and_raise, "lan")
    good = writer.submit(insert_note, "lan", id=2, who="Lan")
    blocked.release.set()
    with pytest.raises(LookupError):
        failing.result(PATIENCE)
    good.result(PATIENCE)
    assert stored_ids(engine) == {2}


def test_an_error_in_a_batch_of_one_rolls_it_back(writer, engine):
    def insert_and_raise(session: Session) -> None:
        insert_note(session, id=1, who="Lan")
        raise LookupError("rolled back")

    with pytest.raises(LookupError):
        writer.submit(insert_and_raise, "lan").result(PATIENCE)
    assert stored_ids(engine) == set()


@pytest.mark.parametrize("company", [0, 2], ids=["alone", "in a batch"])
def test_an_error_leaves_no_reference_cycle(writer, company):
    """A receiver refers to a connection, and the garbage collector runs rarely (docs/adr/0016)."""

    def refuse(session: Session) -> None:
        raise LookupError("no")

    def told() -> None:
        future = writer.submit(refuse, "lan")
        left.append(weakref.ref(future))
        assert isinstance(future.exception(PATIENCE), LookupError)

    left: list[weakref.ref[Future]] = []
    gc.disable()
    try:
        blocked = BlockedWriter(writer)
        phones = [threading.Thread(target=told) for _ in range(1 + company)]
        for phone in phones:
            phone.start()
        while writer._queue.qsize() <= company:
            time.sleep(0.001)
        blocked.release.set()
        for phone in phones:
            phone.join(PATIENCE)
        writer.submit(post, "lan").result(PATIENCE)  # by now the writer runs something else
        assert [gone() for gone in left] == [None] * len(phones)
    finally:
        gc.enable()


def test_a_batch_is_sorted_by_learner_and_stable(writer):
    seen = []

    def note(session: Session, *, what: str) -> None:
        seen.append(what)

    blocked = BlockedWriter(writer)
    futures = [writer.submit(note, what[0], what=what) for what in ("c1", "a1", "b1", "a2", "c2")]
    blocked.release.set()
    for future in futures:
        future.result(PATIENCE)
    assert seen == ["a1", "a2", "b1", "c1", "c2"]


def test_a_retryable_error_is_retried(writer, engine):
    tries = []

    def locked_twice(session: Session) -> str:
        tries.append(None)
        insert_note(session, id=len(tries), who="Lan")
        if len(tries) < 3:
            raise OperationalError("insert", {}, Exception("database is locked"))
        return "kept"

    assert writer.submit(locked_twice, "lan").result(PATIENCE) == "kept"
    assert stored_ids(engine) == {3}


def test_retries_end_with_the_database_error(writer, engine):
    def locked(session: Session) -> None:
        raise OperationalError("insert", {}, Exception("database is locked"))

    with pytest.raises(OperationalError):
        writer.submit(locked, "lan").result(PATIENCE)
    assert writer.submit(insert_note, "lan", id=1, who="Lan").result(PATIENCE) == 1


def test_a_full_queue_raises_and_keeps_its_items(engine):
    writer = Writer(engine, queue_length=3)
    blocked = BlockedWriter(writer)
    futures = [writer.submit(insert_note, "lan", id=id, who="Lan") for id in range(3)]
    with pytest.raises(WriterBusy):
        writer.submit(insert_note, "lan", id=3, who="Lan")
    blocked.release.set()
    for future in futures:
        future.result(PATIENCE)
    writer.close()
    assert stored_ids(engine) == {0, 1, 2}


def test_closing_commits_the_queue_and_accepts_no_more(engine):
    writer = Writer(engine)
    blocked = BlockedWriter(writer)
    futures = [writer.submit(insert_note, "lan", id=id, who="Lan") for id in range(50)]
    closing = threading.Thread(target=writer.close)
    closing.start()
    blocked.release.set()
    closing.join(PATIENCE)
    assert all(future.done() for future in futures)
    assert stored_ids(engine) == set(range(50))
    with pytest.raises(WriterBusy):
        writer.submit(insert_note, "lan", id=51, who="Lan")


def insert_notes(session: Session, calls: list[dict]) -> list:
    """The batch handler of ``insert_note``: one statement for all, an error for those without a name."""
    rows = [call for call in calls if call["who"]]
    session.execute(insert(notes), rows)
    return [call["id"] if call["who"] else LookupError(call["id"]) for call in calls]


def test_several_items_go_to_the_batch_handler(engine):
    batch_sizes = []

    def batch_handler(session: Session, calls: list[dict]) -> list:
        batch_sizes.append(len(calls))
        return insert_notes(session, calls)

    writer = Writer(engine, batch_handlers={insert_note: batch_handler})
    blocked = BlockedWriter(writer)
    futures = [writer.submit(insert_note, f"{id}", id=id, who="Lan" if id != 3 else None) for id in range(6)]
    blocked.release.set()
    with pytest.raises(LookupError):
        futures[3].result(PATIENCE)
    assert [futures[id].result(PATIENCE) for id in (0, 1, 2, 4, 5)] == [0, 1, 2, 4, 5]
    writer.close()
    assert batch_sizes == [6]
    assert stored_ids(engine) == {0, 1, 2, 4, 5}


def test_after_a_batch_handler_fails_items_run_one_by_one(engine):
    def batch_handler(session: Session, calls: list[dict]) -> list:
        insert_notes(session, calls)
        raise RuntimeError("rolled back")

    writer = Writer(engine, batch_handlers={insert_note: batch_handler})
    blocked = BlockedWriter(writer)
    futures = [writer.submit(insert_note, f"{id}", id=id, who="Lan") for id in range(6)]
    blocked.release.set()
    assert [future.result(PATIENCE) for future in futures] == list(range(6))
    writer.close()
    assert stored_ids(engine) == set(range(6))


def test_services_of_a_batch_run_in_the_order_of_the_batch_handlers(engine):
    """Rows are locked in one order everywhere, however the learners' ids sort."""
    order: list[str] = []

    def handler(name: str):
        def many(session: Session, calls: list[dict]) -> list:
            order.append(name)
            return [None] * len(calls)

        return many

    def answer(session: Session) -> None: ...
    def events(session: Session) -> None: ...

    writer = Writer(engine, batch_handlers={answer: handler("answers"), events: handler("events")})
    blocked = BlockedWriter(writer)
    futures = [writer.submit(work, key) for key, work in (("a", events), ("b", answer), ("c", events), ("d", answer))]
    blocked.release.set()
    for future in futures:
        future.result(PATIENCE)
    writer.close()
    assert order == ["answers", "events"]


@pytest.mark.parametrize("fails", [False, True], ids=["several kinds", "one by one"])
def test_rows_are_locked_before_services_would_lock_them_in_another_order(engine, fails):
    """Not for one service alone, which keeps the order itself; and a failed savepoint does not release the locks."""
    steps: list[object] = []

    def lock_rows(session: Session, batch: list[tuple]) -> None:
        steps.append([call["id"] for _, call in batch])

    def many(session: Session, calls: list[dict]) -> list:
        steps.append("many")
        if fails:
            raise RuntimeError("rolled back")
        return insert_notes(session, calls)

    def note(session: Session, *, id: int) -> None:
        steps.append("note")

    writer = Writer(engine, batch_handlers={insert_note: many}, lock_rows=lock_rows)
    blocked = BlockedWriter(writer)
    futures = [writer.submit(insert_note, f"{id}", id=id, who="Lan") for id in (1, 2)]
    if not fails:
        futures.append(writer.submit(note, "0", id=0))
    blocked.release.set()
    for future in futures:
        future.result(PATIENCE)
    writer.close()
    assert steps == (["many", [1, 2]] if fails else [[0, 1, 2], "many", "note"])
    assert stored_ids(engine) == {1, 2}


def test_a_batch_of_one_service_locks_its_rows_itself(engine):
    locked: list[object] = []
    writer = Writer(
        engine, batch_handlers={insert_note: insert_notes}, lock_rows=lambda _session, batch: locked.append(batch)
    )
    blocked = BlockedWriter(writer)
    futures = [writer.submit(insert_note, f"{id}", id=id, who="Lan") for id in (1, 2)]
    blocked.release.set()
    for future in futures:
        future.result(PATIENCE)
    writer.close()
    assert locked == []
    assert stored_ids(engine) == {1, 2}


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
            self.writer.enqueue(post, "lan", {}, self)

    def set_exception(self, error: Exception) -> None:
        self.set_result(None)


def post(session: Session) -> None: ...


def test_other_transactions_get_the_lock_while_the_writer_is_busy(engine, monkeypatch):
    """SQLite polls for its lock at growing intervals: without a pause dozens of batches would go before a command."""
    overtaking: list[int] = []
    holds, through = threading.Event(), threading.Event()

    class YieldUntilOthersAreThrough:
        """The writer's pauses: while it yields it waits until the transaction in the queue is through."""

        @staticmethod
        def sleep(seconds: float) -> None:
            if seconds == YIELD_SECONDS:
                assert through.wait(PATIENCE)

    def handle_posts(session: Session, calls: list[dict]) -> list[None]:
        if writer._others_wait():
            overtaking.append(len(calls))
        insert_note(session, id=next(ids), who="lan")
        holds.set()
        time.sleep(0.02)  # long enough for a command to queue up
        return [None] * len(calls)

    monkeypatch.setattr("lms.learning.store.writer.time", YieldUntilOthersAreThrough)
    ids = itertools.count(1000)
    writer = Writer(engine, batch_handlers={post: handle_posts})
    phones = [BusyPhone(writer) for _ in range(3)]
    for id in range(6):  # commands, each a transaction of its own, begun while the writer has the lock
        holds.clear()
        assert holds.wait(PATIENCE)
        through.clear()
        with write_sessions(engine).begin() as session:
            session.connection()
            through.set()
            insert_note(session, id=id, who="minh")
    for phone in phones:
        phone.stopped.set()
    assert all(phone.resting.wait(PATIENCE) for phone in phones)
    writer.close()
    assert stored_ids(engine) >= set(range(6))
    assert len(overtaking) <= 6, "at each command at most the batch that had begun before"

"""Results come after the commit of their batch, and an error in one item does not fail the others."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from concurrent.futures import Future

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from lms.learning.store.writer import _RETRY_PAUSES, Writer, WriterBusy
from lms.metrics import REGISTRY
from tests.learning.writer.notes import PATIENCE, BlockedWriter, insert_note, save_nothing, stored_ids


def test_a_result_is_delivered_after_the_commit(writer, engine):
    assert writer.submit(insert_note, "lan", id=1, who="Lan").result(PATIENCE) == 1
    assert stored_ids(engine) == {1}


def test_queued_items_are_committed_in_one_batch(writer, engine):
    blocked = BlockedWriter(writer)
    transactions = []

    def insert_and_remember(session: Session, *, id: int) -> None:
        transactions.append(session.connection().get_transaction())
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
        writer.submit(save_nothing, "lan").result(PATIENCE)  # by now the writer runs something else
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


def retries_by(whom: str) -> float:
    """How many retries the metrics of this process have counted."""
    return REGISTRY.get_sample_value("lms_database_retries_total", {"by": whom}) or 0


def test_a_retryable_error_is_retried(writer, engine):
    tries = []

    def locked_twice(session: Session) -> str:
        tries.append(None)
        insert_note(session, id=len(tries), who="Lan")
        if len(tries) < 3:
            raise OperationalError("insert", {}, Exception("database is locked"))
        return "kept"

    before = retries_by("writer")
    assert writer.submit(locked_twice, "lan").result(PATIENCE) == "kept"
    assert stored_ids(engine) == {3}
    assert retries_by("writer") - before == 2


@pytest.mark.slow
def test_a_batch_does_not_wait_for_a_lost_server_once_for_each_item(writer, engine):
    """A server that is switched off lets a new connection wait for seconds."""

    def lose_server(session: Session) -> None:
        raise OperationalError("insert", {}, Exception("server closed the connection"), connection_invalidated=True)

    before = retries_by("writer")
    blocked = BlockedWriter(writer)
    lost = [writer.submit(lose_server, f"{id}") for id in range(20)]
    blocked.release.set()
    for future in lost:
        with pytest.raises(OperationalError):
            future.result(PATIENCE)
    assert retries_by("writer") - before == len(_RETRY_PAUSES)
    assert writer.submit(insert_note, "lan", id=1, who="Lan").result(PATIENCE) == 1
    assert stored_ids(engine) == {1}


@pytest.mark.slow  # the writer waits longer after each
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

"""The writer: whoever is told "kept" finds it kept, and nobody's mistake costs another an answer."""

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

from lms.learning.store.database import make_engine, writing
from lms.learning.store.writer import WAY, Writer, WriterBusy

metadata = MetaData()
notes = Table("notes", metadata, Column("id", Integer, primary_key=True), Column("who", String(40), nullable=False))
PATIENCE = 120  # seconds until a future that should be answered is given up


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


def keep(session: Session, *, id: int, who: str | None) -> int:
    session.execute(insert(notes).values(id=id, who=who))
    return id


def kept(engine: Engine) -> set[int]:
    with engine.connect() as connection:
        return set(connection.scalars(select(notes.c.id)))


class Pause:
    """A piece of work that holds the writer, so that others gather behind it."""

    def __init__(self, writer: Writer) -> None:
        self.go = threading.Event()
        self.begun = threading.Event()
        self.future = writer.submit(self.work, "pause")
        assert self.begun.wait(PATIENCE)

    def work(self, session: Session) -> None:
        self.begun.set()
        assert self.go.wait(PATIENCE)


def test_whoever_is_told_finds_it_kept(writer, engine):
    assert writer.submit(keep, "lan", id=1, who="Lan").result(PATIENCE) == 1
    assert kept(engine) == {1}


def test_what_gathered_is_kept_in_one_commit(writer, engine):
    pause = Pause(writer)
    transactions = []

    def keep_and_look(session: Session, *, id: int) -> None:
        transactions.append(session.get_transaction())
        keep(session, id=id, who="Lan")

    futures = [writer.submit(keep_and_look, f"{id}", id=id) for id in range(20)]
    pause.go.set()
    for future in futures:
        future.result(PATIENCE)
    assert kept(engine) == set(range(20))
    assert len(set(map(id, transactions))) == 1


def test_nobody_is_told_before_the_commit(writer, engine):
    told: list[bool] = []
    first: list[Future] = []

    def look_at_the_first(session: Session) -> None:
        told.append(first[0].done())

    pause = Pause(writer)
    first.append(writer.submit(keep, "an", id=1, who="An"))
    second = writer.submit(look_at_the_first, "binh")
    pause.go.set()
    second.result(PATIENCE)
    assert told == [False]


def test_one_refusal_costs_nobody_else_an_answer(writer, engine):
    pause = Pause(writer)
    good = [writer.submit(keep, f"{id}", id=id, who="Lan") for id in (1, 2)]
    bad = writer.submit(keep, "1", id=3, who=None)
    good.append(writer.submit(keep, "0", id=4, who="Lan"))
    pause.go.set()
    assert [future.result(PATIENCE) for future in good] == [1, 2, 4]
    with pytest.raises(IntegrityError):
        bad.result(PATIENCE)
    assert kept(engine) == {1, 2, 4}


def test_a_refusal_of_our_own_leaves_nothing_of_its_item(writer, engine):
    def write_then_refuse(session: Session) -> None:
        keep(session, id=1, who="Lan")
        raise LookupError("changed my mind")

    pause = Pause(writer)
    refused = writer.submit(write_then_refuse, "lan")
    good = writer.submit(keep, "lan", id=2, who="Lan")
    pause.go.set()
    with pytest.raises(LookupError):
        refused.result(PATIENCE)
    good.result(PATIENCE)
    assert kept(engine) == {2}


def test_a_lone_refusal_leaves_nothing_either(writer, engine):
    def write_then_refuse(session: Session) -> None:
        keep(session, id=1, who="Lan")
        raise LookupError("changed my mind")

    with pytest.raises(LookupError):
        writer.submit(write_then_refuse, "lan").result(PATIENCE)
    assert kept(engine) == set()


@pytest.mark.parametrize("company", [0, 2], ids=["alone", "in a batch"])
def test_a_refusal_holds_nobodys_line(writer, company):
    """Behind a receiver is a connection. Nothing may hold itself: garbage is looked for rarely (docs/adr/0016)."""

    def refuse(session: Session) -> None:
        raise LookupError("no")

    def told() -> None:
        future = writer.submit(refuse, "lan")
        left.append(weakref.ref(future))
        assert isinstance(future.exception(PATIENCE), LookupError)

    left: list[weakref.ref[Future]] = []
    gc.disable()
    try:
        pause = Pause(writer)
        phones = [threading.Thread(target=told) for _ in range(1 + company)]
        for phone in phones:
            phone.start()
        while writer._queue.qsize() <= company:
            time.sleep(0.001)
        pause.go.set()
        for phone in phones:
            phone.join(PATIENCE)
        writer.submit(post, "lan").result(PATIENCE)  # by now the writer is at something else
        assert [gone() for gone in left] == [None] * len(phones)
    finally:
        gc.enable()


def test_a_batch_goes_by_learner_and_keeps_each_ones_order(writer):
    seen = []

    def note(session: Session, *, what: str) -> None:
        seen.append(what)

    pause = Pause(writer)
    futures = [writer.submit(note, what[0], what=what) for what in ("c1", "a1", "b1", "a2", "c2")]
    pause.go.set()
    for future in futures:
        future.result(PATIENCE)
    assert seen == ["a1", "a2", "b1", "c1", "c2"]


def test_what_the_store_puts_off_is_tried_again(writer, engine):
    tries = []

    def locked_twice(session: Session) -> str:
        tries.append(None)
        keep(session, id=len(tries), who="Lan")
        if len(tries) < 3:
            raise OperationalError("insert", {}, Exception("database is locked"))
        return "kept"

    assert writer.submit(locked_twice, "lan").result(PATIENCE) == "kept"
    assert kept(engine) == {3}


def test_a_store_that_stays_shut_is_said_in_the_end(writer, engine):
    def locked(session: Session) -> None:
        raise OperationalError("insert", {}, Exception("database is locked"))

    with pytest.raises(OperationalError):
        writer.submit(locked, "lan").result(PATIENCE)
    assert writer.submit(keep, "lan", id=1, who="Lan").result(PATIENCE) == 1


def test_a_full_queue_refuses_and_keeps_what_it_took(engine):
    writer = Writer(engine, queue_length=3)
    pause = Pause(writer)
    futures = [writer.submit(keep, "lan", id=id, who="Lan") for id in range(3)]
    with pytest.raises(WriterBusy):
        writer.submit(keep, "lan", id=3, who="Lan")
    pause.go.set()
    for future in futures:
        future.result(PATIENCE)
    writer.close()
    assert kept(engine) == {0, 1, 2}


def test_closing_keeps_what_waits_and_takes_no_more(engine):
    writer = Writer(engine)
    pause = Pause(writer)
    futures = [writer.submit(keep, "lan", id=id, who="Lan") for id in range(50)]
    closing = threading.Thread(target=writer.close)
    closing.start()
    pause.go.set()
    closing.join(PATIENCE)
    assert all(future.done() for future in futures)
    assert kept(engine) == set(range(50))
    with pytest.raises(WriterBusy):
        writer.submit(keep, "lan", id=51, who="Lan")


def keep_many(session: Session, plains: list[dict]) -> list:
    """The sister of ``keep``: one statement for all, a refusal for whoever has no name."""
    rows = [plain for plain in plains if plain["who"]]
    session.execute(insert(notes), rows)
    return [plain["id"] if plain["who"] else LookupError(plain["id"]) for plain in plains]


def test_what_gathered_goes_to_the_sister_that_does_many_at_once(engine):
    asked = []

    def sister(session: Session, plains: list[dict]) -> list:
        asked.append(len(plains))
        return keep_many(session, plains)

    writer = Writer(engine, together={keep: sister})
    pause = Pause(writer)
    futures = [writer.submit(keep, f"{id}", id=id, who="Lan" if id != 3 else None) for id in range(6)]
    pause.go.set()
    with pytest.raises(LookupError):
        futures[3].result(PATIENCE)
    assert [futures[id].result(PATIENCE) for id in (0, 1, 2, 4, 5)] == [0, 1, 2, 4, 5]
    writer.close()
    assert asked == [6]
    assert kept(engine) == {0, 1, 2, 4, 5}


def test_a_sister_that_fails_leaves_it_to_each_alone(engine):
    def sister(session: Session, plains: list[dict]) -> list:
        keep_many(session, plains)
        raise RuntimeError("and all of it is undone")

    writer = Writer(engine, together={keep: sister})
    pause = Pause(writer)
    futures = [writer.submit(keep, f"{id}", id=id, who="Lan") for id in range(6)]
    pause.go.set()
    assert [future.result(PATIENCE) for future in futures] == list(range(6))
    writer.close()
    assert kept(engine) == set(range(6))


def test_works_of_a_batch_are_done_in_the_order_of_their_sisters(engine):
    """Rows that others want too are taken in one order everywhere, however the learners' ids sort."""
    order: list[str] = []

    def sister(name: str):
        def many(session: Session, plains: list[dict]) -> list:
            order.append(name)
            return [None] * len(plains)

        return many

    def answer(session: Session) -> None: ...
    def events(session: Session) -> None: ...

    writer = Writer(engine, together={answer: sister("answers"), events: sister("events")})
    pause = Pause(writer)
    futures = [writer.submit(work, key) for key, work in (("a", events), ("b", answer), ("c", events), ("d", answer))]
    pause.go.set()
    for future in futures:
        future.result(PATIENCE)
    writer.close()
    assert order == ["answers", "events"]


@pytest.mark.parametrize("fails", [False, True], ids=["several kinds", "one by one"])
def test_rows_are_held_before_works_would_take_them_in_another_order(engine, fails):
    """Where a work does all rows in one order itself nothing is held for it; and what is held outlasts a failure."""
    steps: list[object] = []

    def hold(session: Session, batch: list[tuple]) -> None:
        steps.append([plain["id"] for _, plain in batch])

    def many(session: Session, plains: list[dict]) -> list:
        steps.append("many")
        if fails:
            raise RuntimeError("and all of it is undone")
        return keep_many(session, plains)

    def note(session: Session, *, id: int) -> None:
        steps.append("note")

    writer = Writer(engine, together={keep: many}, hold=hold)
    pause = Pause(writer)
    futures = [writer.submit(keep, f"{id}", id=id, who="Lan") for id in (1, 2)]
    if not fails:
        futures.append(writer.submit(note, "0", id=0))
    pause.go.set()
    for future in futures:
        future.result(PATIENCE)
    writer.close()
    assert steps == (["many", [1, 2]] if fails else [[0, 1, 2], "many", "note"])
    assert kept(engine) == {1, 2}


def test_one_kind_alone_takes_its_rows_by_itself(engine):
    held: list[object] = []
    writer = Writer(engine, together={keep: keep_many}, hold=lambda _session, batch: held.append(batch))
    pause = Pause(writer)
    futures = [writer.submit(keep, f"{id}", id=id, who="Lan") for id in (1, 2)]
    pause.go.set()
    for future in futures:
        future.result(PATIENCE)
    writer.close()
    assert held == []
    assert kept(engine) == {1, 2}


def test_two_writers_that_cross_each_other_both_keep_everything(engine):
    """Two processes of the city, whose batches touch the same two learners."""
    with Session(engine) as session:
        keep(session, id=1, who="0")
        keep(session, id=2, who="0")
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


class Restless:
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
            self.writer.hand(post, "lan", {}, self)

    def set_exception(self, error: Exception) -> None:
        self.set_result(None)


def post(session: Session) -> None: ...


def test_others_get_in_while_the_writer_never_rests(engine, monkeypatch):
    """SQLite looks for its lock more and more rarely: without making way, dozens of batches go before a command."""
    jumped: list[int] = []
    holds, through = threading.Event(), threading.Event()

    class MakingWay:
        """The writer's pauses: while it makes way it waits until whoever stands in line has got through."""

        @staticmethod
        def sleep(seconds: float) -> None:
            if seconds == WAY:
                assert through.wait(PATIENCE)

    def keep_posts(session: Session, plains: list[dict]) -> list[None]:
        if writer._others_wait():
            jumped.append(len(plains))
        keep(session, id=next(ids), who="lan")
        holds.set()
        time.sleep(0.02)  # long enough for a leader to come meanwhile
        return [None] * len(plains)

    monkeypatch.setattr("lms.learning.store.writer.time", MakingWay)
    ids = itertools.count(1000)
    writer = Writer(engine, together={post: keep_posts})
    phones = [Restless(writer) for _ in range(3)]
    for id in range(6):  # commands of a leader, each a transaction of its own, begun while the writer has the lock
        holds.clear()
        assert holds.wait(PATIENCE)
        through.clear()
        with writing(engine).begin() as session:
            session.connection()
            through.set()
            keep(session, id=id, who="minh")
    for phone in phones:
        phone.stopped.set()
    assert all(phone.resting.wait(PATIENCE) for phone in phones)
    writer.close()
    assert kept(engine) >= set(range(6))
    assert len(jumped) <= 6, "at most the one that the writer had begun before it saw somebody come, at each command"

"""Batch handlers: one call for all items of a service, in one order of locks."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from lms.learning.store.writer import Writer
from tests.learning.writer.notes import PATIENCE, BlockedWriter, insert_note, notes, stored_ids


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

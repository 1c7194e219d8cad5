"""The buffer before the writer: writes of one turn go together, and a full buffer waits for no interval."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from lms.learning.store.writer import WriterBusy
from lms.live import post_pipeline
from lms.live.post_pipeline import FLUSH_SIZE, WriteBuffer


class RecordingWriter:
    """Notes the turns of the event loop in which writes were enqueued, instead of running them."""

    def __init__(self, *, is_busy: bool = False) -> None:
        self.is_busy = is_busy
        self.keys: list[str] = []

    def enqueue(self, _service: Callable[..., Any], sort_key: str, _kwargs: dict[str, Any], _receiver: Any) -> None:
        if self.is_busy:
            raise WriterBusy
        self.keys.append(sort_key)


def put(buffer: WriteBuffer, count: int) -> list[Future[None]]:
    """Put writes with the sort keys "0", "1", …; returns their receivers."""
    receivers: list[Future[None]] = [Future() for _ in range(count)]
    for number, receiver in enumerate(receivers):
        buffer.put(print, str(number), {}, receiver)
    return receivers


def run(main: Coroutine[Any, Any, None]) -> None:
    # Not in this thread: the browser tests of the same process have an event loop in it.
    with ThreadPoolExecutor(1) as another_thread:
        another_thread.submit(asyncio.run, main).result()


def test_writes_after_an_idle_time_are_given_at_the_end_of_the_turn():
    async def main() -> None:
        writer = RecordingWriter()
        put(WriteBuffer(writer), 3)  # type: ignore[arg-type]
        assert writer.keys == []
        await asyncio.sleep(0)
        assert writer.keys == ["0", "1", "2"]

    run(main())


def count_enqueued_in_next_turn(count: int) -> int:
    """How many writes the writer has after one alone, and one turn after ``count`` more."""
    enqueued: list[str] = []

    async def main() -> None:
        writer = RecordingWriter()
        buffer = WriteBuffer(writer)  # type: ignore[arg-type]
        put(buffer, 1)
        await asyncio.sleep(0)
        put(buffer, count)
        await asyncio.sleep(0)
        enqueued.extend(writer.keys)

    run(main())
    return len(enqueued)


def test_writes_within_the_interval_wait(monkeypatch):
    monkeypatch.setattr(post_pipeline, "FLUSH_INTERVAL_SECONDS", 3600)
    assert count_enqueued_in_next_turn(FLUSH_SIZE - 1) == 1


def test_writes_that_fill_the_buffer_do_not_wait(monkeypatch):
    monkeypatch.setattr(post_pipeline, "FLUSH_INTERVAL_SECONDS", 3600)
    assert count_enqueued_in_next_turn(FLUSH_SIZE + 3) == FLUSH_SIZE + 4


def test_writes_are_given_at_the_end_of_the_interval():
    async def main() -> None:
        writer = RecordingWriter()
        buffer = WriteBuffer(writer)  # type: ignore[arg-type]
        for count in (1, 2, 3):
            put(buffer, 1)
            while len(writer.keys) < count:
                await asyncio.sleep(0.001)

    run(main())


def test_each_write_hears_that_the_writer_is_busy():
    async def main() -> None:
        receivers = put(WriteBuffer(RecordingWriter(is_busy=True)), 2)  # type: ignore[arg-type]
        await asyncio.sleep(0)
        assert all(isinstance(receiver.exception(0), WriterBusy) for receiver in receivers)

    run(main())

"""The writer: one thread that commits the writes of many phones in batches."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lms.learning.errors import LearningError
from lms.learning.store.database import yielding_writer_sessions
from lms.learning.store.db_errors import is_retryable, is_unreachable
from lms.metrics import WRITER_BATCH_SIZE, WRITER_RETRIES

log = logging.getLogger(__name__)

MAX_QUEUE_LENGTH = 4000  # about a second's work in a busy city; a longer wait would only make phones send again
MAX_BATCH_SIZE = 250
# While many phones write at once, a pause lets the event loop read more of what they send before the two threads
# compete for the interpreter lock again: bigger batches, a fifth less processor time for each answer (docs/adr/0001).
GATHER_SECONDS = 0.0005
GATHER_MIN_BATCH_SIZE = 8  # items in the batch before; smaller batches are committed without a pause
# On SQLite: between two batches all transactions that are waiting, such as a facilitator's command, take the write lock
# first, unless that takes longer than this. They need a turn at the interpreter before, which takes milliseconds in a
# busy city.
YIELD_SECONDS = 0.1
_RETRY_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)  # seconds


Service = Callable[..., Any]
BatchHandler = Callable[[Session, list[dict[str, Any]]], Sequence[Any]]
LockRows = Callable[[Session, Sequence[tuple[Service, dict[str, Any]]]], None]


class WriterBusy(LearningError):
    """The queue is full, or the site is stopping. Nothing was written; retrying is safe."""


class Receiver(Protocol):
    """Gets the result, called in the writer's thread: a ``Future``, or something lighter."""

    def set_running_or_notify_cancel(self) -> bool: ...
    def set_result(self, result: Any) -> None: ...
    def set_exception(self, exception: Exception) -> None: ...


@dataclass(slots=True)
class _Item:
    service: Service
    sort_key: str
    kwargs: dict[str, Any]
    receiver: Receiver
    result: Any = None
    error: Exception | None = None

    def run(self, session: Session) -> None:
        self.error = None
        self.result = self.service(session, **self.kwargs)

    def resolve(self) -> None:
        """Give the receiver its result, once.

        Drops both references: an exception's traceback refers to the batch, and keeping it here would make a cycle.
        """
        receiver, error = self.receiver, self.error
        del self.receiver, self.error
        if error is None:
            receiver.set_result(self.result)
        else:
            receiver.set_exception(error)


class Writer:
    """Runs service functions in one thread and commits them in batches.

    A service function takes a session and plain values, never ORM objects; it returns plain values, and running it
    twice has the same effect as once. The receiver is called after the commit.

    ``batch_handlers``: for some service functions, a function that handles many calls at once:
    ``(session, [kwargs, …])`` to a list of results, in which an exception stands for a refused call. A batch runs
    them in the order of this mapping.

    ``lock_rows``: locks all rows that a batch is about, given as ``(service, kwargs)`` pairs, in the one lock order
    (see ``store.locks``). Called only where the services alone would break that order: for a batch of several kinds,
    and when items are run one by one after a failure.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        batch_handlers: Mapping[Service, BatchHandler] | None = None,
        lock_rows: LockRows | None = None,
        queue_length: int = MAX_QUEUE_LENGTH,
    ) -> None:
        self._batch_handlers = dict(batch_handlers or {})
        self._lock_rows = lock_rows
        self._sessions, self._let_others_begin = yielding_writer_sessions(engine)
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()  # a tenth of what a Queue costs
        self._queue_length = queue_length
        self._last_batch_size = 0
        self._closing = False
        self._closing_lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, service: Service, sort_key: str, **kwargs: Any) -> Future[Any]:
        """Queue ``service(session, **kwargs)``. ``sort_key`` is the learner's id: batches are sorted by it.

        Raises:
            WriterBusy: the queue is full, or the writer is closed.
        """
        future: Future[Any] = Future()
        self.enqueue(service, sort_key, kwargs, future)
        return future

    def enqueue(self, service: Service, sort_key: str, kwargs: dict[str, Any], receiver: Receiver) -> None:
        """Queue ``service(session, **kwargs)`` and give its result to ``receiver``.

        Raises:
            WriterBusy: the queue is full, or the writer is closed.
        """
        with self._closing_lock:
            if self._closing or self._queue.qsize() >= self._queue_length:
                raise WriterBusy
            self._queue.put(_Item(service, sort_key, kwargs, receiver))

    @property
    def queue_length(self) -> int:
        """How many writes wait for the next batch."""
        return self._queue.qsize()

    def close(self) -> None:
        """Commit what is queued, then stop. May be called twice."""
        with self._closing_lock:
            first, self._closing = not self._closing, True
        if first:
            self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            batch, is_last = self._gather()
            if batch:
                WRITER_BATCH_SIZE.observe(len(batch))
                try:
                    self._commit_batch(batch)
                finally:
                    for item in batch:
                        item.resolve()
            if is_last:
                return

    def _gather(self) -> tuple[list[_Item], bool]:
        """Wait for one item and take what else is queued: (batch sorted by learner, whether to stop after it)."""
        items = [self._queue.get()]
        if not self._let_others_begin(YIELD_SECONDS) and self._last_batch_size >= GATHER_MIN_BATCH_SIZE:
            time.sleep(GATHER_SECONDS)
        while items[-1] is not None and len(items) < MAX_BATCH_SIZE:
            try:
                items.append(self._queue.get_nowait())
            except queue.Empty:
                break
        self._last_batch_size = len(items)
        batch = [item for item in items if item is not None and item.receiver.set_running_or_notify_cancel()]
        # Two processes that lock the same learners in the same order wait for each other instead of deadlocking.
        batch.sort(key=lambda item: item.sort_key)
        return batch, items[-1] is None

    def _commit_batch(self, batch: list[_Item]) -> None:
        try:
            with self._sessions() as session:
                if not self._run_together(session, batch):
                    session.rollback()
                    self._run_one_by_one(session, batch)
                session.commit()
        except Exception as error:
            # The commit failed, or the connection was lost: nothing of the batch is known to be written.
            log.warning("a batch was not committed", exc_info=error, extra={"batch": len(batch)})
            for item in batch:
                item.error = error
        for item in batch:
            if is_retryable(item.error):
                self._retry_alone(item)
                if is_unreachable(item.error):
                    break  # the others would wait for a silent server, too, one behind the other

    def _run_together(self, session: Session, batch: list[_Item]) -> bool:
        """Run all items; False if one failed, and the transaction is to be rolled back.

        Without a savepoint, which would cost two statements for each batch: nothing was written before.
        """
        by_service = _group_by_service(batch, self._batch_handlers)
        try:
            if len(by_service) > 1:
                self._lock_batch_rows(session, batch)
            self._run_services(session, by_service)
        except Exception as error:
            batch[0].error = error  # its own if it is alone; otherwise each item is run again
            return False
        return True

    def _run_one_by_one(self, session: Session, batch: list[_Item]) -> None:
        """Run each item in a savepoint of its own, so that one that fails does not fail the others."""
        if len(batch) == 1:
            return
        self._lock_batch_rows(session, batch)
        for item in batch:
            try:
                with session.begin_nested():
                    item.run(session)
            except Exception as error:
                item.error = error

    def _lock_batch_rows(self, session: Session, batch: list[_Item]) -> None:
        """Lock rows in the transaction itself: rolling back to a savepoint would release them."""
        if self._lock_rows is not None:
            self._lock_rows(session, [(item.service, item.kwargs) for item in batch])

    def _run_services(self, session: Session, by_service: Mapping[Service, list[_Item]]) -> None:
        for service, items in by_service.items():
            batch_handler = self._batch_handlers.get(service)
            if batch_handler is None or len(items) == 1:
                for item in items:
                    item.run(session)
                continue
            results = batch_handler(session, [item.kwargs for item in items])
            for item, result in zip(items, results, strict=True):
                item.result, item.error = (None, result) if isinstance(result, Exception) else (result, None)

    def _retry_alone(self, item: _Item) -> None:
        for pause in _RETRY_PAUSES:
            time.sleep(pause)
            WRITER_RETRIES.inc()
            try:
                with self._sessions() as session:
                    item.run(session)
                    session.commit()
                return
            except Exception as error:
                item.error = error
                if not is_retryable(error):
                    return


def _group_by_service(batch: list[_Item], first: Iterable[Service]) -> dict[Service, list[_Item]]:
    """The batch grouped by service: those of ``first`` in their order, then the others as they come."""
    groups: dict[Service, list[_Item]] = {service: [] for service in first}
    for item in batch:
        groups.setdefault(item.service, []).append(item)
    return {service: items for service, items in groups.items() if items}

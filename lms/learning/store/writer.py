"""The writer: one thread that commits together what many phones have sent at once."""

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
from lms.learning.store.database import writing_ahead
from lms.learning.store.db_errors import is_retryable

log = logging.getLogger(__name__)

QUEUE_LENGTH = 4000  # about a second of a busy city; more waiting would only make phones send again
BATCH_LENGTH = 250
# A room answers within milliseconds: in a breath twice as many gather, and one commit serves them all.
BREATH = 0.001  # seconds
# On SQLite whoever else wants to write, the leader of a class for instance, gets in between two batches.
WAY = 0.005  # seconds
_RETRY_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)  # seconds, each time longer


Together = Callable[[Session, list[dict[str, Any]]], Sequence[Any]]
Hold = Callable[[Session, Sequence[tuple[Callable[..., Any], dict[str, Any]]]], None]


class WriterBusy(LearningError):
    """More is waiting than can be kept soon, or the site is stopping. Nothing was kept; sending again is right."""


class Receiver(Protocol):
    """Whom the writer tells the result, from its own thread: a ``Future``, or something lighter."""

    def set_running_or_notify_cancel(self) -> bool: ...
    def set_result(self, result: Any) -> None: ...
    def set_exception(self, exception: Exception) -> None: ...


@dataclass(slots=True)
class _Item:
    work: Callable[..., Any]
    key: str
    plain: dict[str, Any]
    receiver: Receiver
    result: Any = None
    error: Exception | None = None

    def run(self, session: Session) -> None:
        self.error = None
        self.result = self.work(session, **self.plain)

    def tell(self) -> None:
        """Once; then it holds neither, or an error, whose frames hold the batch, would be held by what it holds."""
        receiver, error = self.receiver, self.error
        del self.receiver, self.error
        if error is None:
            receiver.set_result(self.result)
        else:
            receiver.set_exception(error)


class Writer:
    """Runs service functions and commits them in batches.

    A service function takes a session and plain values, never ORM objects, returns plain values, and may be run
    twice with the same effect as once. Its future is answered after the commit that made its rows durable.

    ``together`` names, for some of them, a sister that does many at once: ``(session, [plain, …])`` to a list of
    results, in which a refusal stands as an exception. Their order is kept in every batch.

    ``hold`` takes the rows that a batch is about, given as (work, plain), in the order in which everybody takes them.
    It is called where doing one work after the other would take them in another: for a batch of several kinds, and for
    one whose items are done one by one.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        together: Mapping[Callable[..., Any], Together] | None = None,
        hold: Hold | None = None,
        queue_length: int = QUEUE_LENGTH,
    ) -> None:
        self._together = dict(together or {})
        self._hold = hold
        self._sessions, self._others_wait = writing_ahead(engine)
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()  # a tenth of what a Queue costs
        self._queue_length = queue_length
        self._closing = False
        self._crowded = False
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[..., Any], key: str, **plain: Any) -> Future[Any]:
        """Have ``work(session, **plain)`` committed soon. ``key`` is the learner's id: batches are sorted by it.

        Raises:
            WriterBusy: too much is waiting, or the writer is closed.
        """
        future: Future[Any] = Future()
        self.hand(work, key, plain, future)
        return future

    def hand(self, work: Callable[..., Any], key: str, plain: dict[str, Any], receiver: Receiver) -> None:
        """The same, and ``receiver`` is told.

        Raises:
            WriterBusy: too much is waiting, or the writer is closed.
        """
        with self._gate:
            if self._closing or self._queue.qsize() >= self._queue_length:
                raise WriterBusy
            self._queue.put(_Item(work, key, plain, receiver))

    def close(self) -> None:
        """Commit what is waiting, then stop. May be called twice."""
        with self._gate:
            first, self._closing = not self._closing, True
        if first:
            self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            batch, last = self._gather()
            if batch:
                try:
                    self._keep(batch)
                finally:
                    for item in batch:
                        item.tell()
            if last:
                return

    def _gather(self) -> tuple[list[_Item], bool]:
        """Wait for one item and take along whatever else is there, as (batch sorted by learner, whether to stop)."""
        items = [self._queue.get()]
        if self._others_wait():
            time.sleep(WAY)
        elif self._crowded:
            time.sleep(BREATH)
        while items[-1] is not None and len(items) < BATCH_LENGTH:
            try:
                items.append(self._queue.get_nowait())
            except queue.Empty:
                break
        self._crowded = len(items) > 1
        batch = [item for item in items if item is not None and item.receiver.set_running_or_notify_cancel()]
        # Two processes that touch the same learners in the same order wait for each other instead of locking up.
        batch.sort(key=lambda item: item.key)
        return batch, items[-1] is None

    def _keep(self, batch: list[_Item]) -> None:
        try:
            with self._sessions() as session:
                self._run_together(session, batch)
                session.commit()
        except Exception as error:
            # The commit failed, or the store went away: nothing of the batch is kept yet.
            log.warning("a batch of %d was not committed: %s", len(batch), error)
            for item in batch:
                item.error = error
        for item in batch:
            if is_retryable(item.error):
                self._keep_alone(item)

    def _run_together(self, session: Session, batch: list[_Item]) -> None:
        """All in one savepoint; after a failure each in its own, so that one refusal costs nobody else an answer."""
        kinds = _by_work(batch, self._together)
        if len(kinds) > 1:
            self._hold_rows(session, batch)
        try:
            with session.begin_nested():
                self._run_all(session, kinds)
            return
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
                return
        if len(kinds) == 1:
            self._hold_rows(session, batch)
        for item in batch:
            try:
                with session.begin_nested():
                    item.run(session)
            except Exception as error:
                item.error = error

    def _hold_rows(self, session: Session, batch: list[_Item]) -> None:
        """In the transaction itself: a savepoint that is left would let go of them."""
        if self._hold is not None:
            self._hold(session, [(item.work, item.plain) for item in batch])

    def _run_all(self, session: Session, kinds: Mapping[Callable[..., Any], list[_Item]]) -> None:
        for work, same in kinds.items():
            sister = self._together.get(work)
            if sister is None or len(same) == 1:
                for item in same:
                    item.run(session)
                continue
            for item, result in zip(same, sister(session, [item.plain for item in same]), strict=True):
                item.result, item.error = (None, result) if isinstance(result, Exception) else (result, None)

    def _keep_alone(self, item: _Item) -> None:
        for pause in _RETRY_PAUSES:
            time.sleep(pause)
            try:
                with self._sessions() as session:
                    item.run(session)
                    session.commit()
                return
            except Exception as error:
                item.error = error
                if not is_retryable(error):
                    return


def _by_work(batch: list[_Item], first: Iterable[Callable[..., Any]]) -> dict[Callable[..., Any], list[_Item]]:
    """The batch by what is to be done: those of ``first`` in their order, then the others as they come."""
    found: dict[Callable[..., Any], list[_Item]] = {work: [] for work in first}
    for item in batch:
        found.setdefault(item.work, []).append(item)
    return {work: same for work, same in found.items() if same}

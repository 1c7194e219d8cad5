"""From the writer's thread to the event loop: many answers for one waking of the loop."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

# Called with (result, None) or (None, error).
Came = Callable[[Any, Exception | None], None]


class Mailbox:
    """Where the writer puts what the loop waits for.

    ``asyncio.wrap_future`` wakes the loop once for each; a batch of the writer finishes a hundred at once, and every
    waking is a system call for which the writer's thread lets go of the interpreter and queues up for it again.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._done: deque[tuple[Came, Any, Exception | None]] = deque()
        self._woken = False

    def letter(self, came: Came) -> Letter:
        """A receiver for one piece of the writer's work: ``came`` is called in the loop's thread.

        Who hangs up meanwhile does not stop the work: what the writer has begun, it keeps.
        """
        return Letter(self, came)

    def post(self, came: Came, result: Any, error: Exception | None) -> None:
        self._done.append((came, result, error))
        if not self._woken:
            self._woken = True
            self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._woken = False  # before looking: what is posted from here on wakes the loop again
        while self._done:
            came, result, error = self._done.popleft()
            try:
                came(result, error)
            except Exception:
                log.exception("an answer of the writer was lost")  # and nobody else's behind it


class Letter:
    """A tenth of what a ``concurrent.futures.Future`` costs."""

    __slots__ = ("_came", "_mailbox")

    def __init__(self, mailbox: Mailbox, came: Came) -> None:
        self._mailbox = mailbox
        self._came = came

    def set_running_or_notify_cancel(self) -> bool:
        return True

    def set_result(self, result: Any) -> None:
        self._mailbox.post(self._came, result, None)

    def set_exception(self, exception: Exception) -> None:
        self._mailbox.post(self._came, None, exception)

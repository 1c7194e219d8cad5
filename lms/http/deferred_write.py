"""A form's write whose commit the server awaits for the route, so that no thread waits for the writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lms.learning.store.writer import Receiver

ENVIRON_KEY = "lms.deferred_write"  # in a WSGI environ: the DeferredWrite that the server offers


@dataclass(slots=True)
class DeferredWrite:
    """``enqueue``: set by the route, gives the write to the writer. The server calls it once the response is made.

    The server sends the response after the commit. After a failure it handles the request again and offers no
    DeferredWrite, so that the route waits itself and makes the response to the error. If the response is an error, the
    write does not take place.
    """

    enqueue: Callable[[Receiver], None] | None = None

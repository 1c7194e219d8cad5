"""The bridge to Flask: a response waits for a deferred write, and a failed write is handled by the application."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lms.http.deferred_write import ENVIRON_KEY
from lms.learning.store.writer import Receiver, WriterBusy
from lms.live.dispatcher import WsgiBridge
from lms.live.responses import Response
from tests.live.asgi_scope import SCOPE


def call(enqueue: Callable[[Receiver], None], status: str = "303 See Other") -> Response:
    """Send a request to an application that defers its write if it may, and else answers 503."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        deferred = environ.get(ENVIRON_KEY)
        if deferred is not None:
            deferred.enqueue = enqueue
        start_response("503 Service Unavailable" if deferred is None else status, [])
        return [b""]

    # Not in this thread: the browser tests of the same process have an event loop in it.
    with ThreadPoolExecutor(1) as another_thread:
        return another_thread.submit(asyncio.run, WsgiBridge(app, ThreadPoolExecutor(1)).call(SCOPE, b"")).result()


def test_the_response_comes_after_the_commit():
    committed = []

    def commit_later(receiver: Receiver) -> None:
        def commit() -> None:
            committed.append(True)
            receiver.set_result(None)

        threading.Timer(0.05, commit).start()

    assert call(commit_later).status == 303
    assert committed


def fail(receiver: Receiver) -> None:
    receiver.set_exception(RuntimeError("not committed"))


def refuse(_receiver: Receiver) -> None:
    raise WriterBusy


@pytest.mark.parametrize("enqueue", [fail, refuse])
def test_the_application_answers_for_a_write_that_failed(enqueue):
    assert call(enqueue).status == 503


def test_an_error_page_has_no_write():
    enqueued = []
    assert call(enqueued.append, "422 Unprocessable Content").status == 422
    assert not enqueued

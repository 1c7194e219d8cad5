"""The bridge to a WSGI application: one thread hop for a whole request and its whole answer."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from a2wsgi.wsgi import build_environ

from lms.live.responses import Reply, Scope

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Bridge:
    """Calls a WSGI application on one of a fixed number of threads.

    The body is there before a thread is taken, and the answer is whole before any of it is sent, so a thread is held
    for as long as the application computes and no longer. a2wsgi's own middleware goes through the event loop for
    every piece of an answer, and waits with its thread for a slow reader; of it we use the translation of a request.
    """

    def __init__(self, app: WSGIApp, threads: int) -> None:
        self._app = app
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="flask")

    async def call(self, scope: Scope, body: bytes) -> Reply:
        """The application's whole answer."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._call, scope, body)

    def _call(self, scope: Scope, body: bytes) -> Reply:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_exc_info: object) -> None:
            started.append((status, headers))

        answer = self._app(build_environ(scope, io.BytesIO(body)), start_response)
        try:
            content = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        if not started:
            raise RuntimeError("the application answered without start_response")
        status, headers = started[-1]
        return Reply(
            int(status[:3]),
            [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            content,
        )

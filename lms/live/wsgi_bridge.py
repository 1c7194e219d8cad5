"""Calls a WSGI application from ASGI: one thread hop for a whole request and its whole response."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from a2wsgi.wsgi import build_environ

from lms.live.responses import Response, Scope

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WsgiBridge:
    """Runs a WSGI application on a fixed number of threads.

    The body is complete before a thread is taken, and the response before it is sent, so a thread is busy only while
    the application runs. a2wsgi's own middleware goes through the event loop for each part of a response and blocks its
    thread for a slow reader; only its translation of requests is used here.
    """

    def __init__(self, app: WSGIApp, threads: int) -> None:
        self._app = app
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="flask")

    async def call(self, scope: Scope, body: bytes) -> Response:
        """The application's whole response."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._call, scope, body)

    def _call(self, scope: Scope, body: bytes) -> Response:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_exc_info: object) -> None:
            started.append((status, headers))

        environ: Any = build_environ(cast("Any", scope), cast("Any", io.BytesIO(body)))
        parts: Any = self._app(environ, start_response)
        try:
            content = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        if not started:
            raise RuntimeError("the application did not call start_response")
        status, headers = started[-1]
        return Response(
            int(status[:3]),
            [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            content,
        )

"""Retry a request once after a PostgreSQL deadlock or serialization failure.

All transactions lock rows in one order (``learning/store/locks.py``), so deadlocks are rare. PostgreSQL then aborts one
transaction, and nothing of it is saved. The whole request is handled again, with a fresh Flask request context; a
route calls many services in one transaction, so retrying a single service call would not be enough.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request

from lms.learning.store.db_errors import is_deadlock
from lms.metrics import REQUEST_RETRIES
from lms.web.database import READ_ONLY_METHODS

log = logging.getLogger(__name__)

_DEADLOCKED_ENDPOINT = "lms.deadlocked_endpoint"  # key in the WSGI environ
_WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def init_app(app: Flask) -> None:
    app.wsgi_app = _retry_deadlocks(app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents


def retry_request_if_deadlock(error: BaseException | None) -> None:
    """Called by the error handlers, after the rollback; has no effect unless the error is a deadlock."""
    if is_deadlock(error):
        request.environ[_DEADLOCKED_ENDPOINT] = request.endpoint  # not the path, which may contain a sign-in slip


def _retry_deadlocks(app: _WSGIApp) -> _WSGIApp:
    def wsgi_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"]
        if environ["REQUEST_METHOD"] in READ_ONLY_METHODS or not body.seekable():
            return app(environ, start_response)
        body_start, retry_environ = body.tell(), environ.copy()
        started: list[tuple[Any, ...]] = []
        response: Any = app(environ, lambda *arguments: started.append(arguments))
        if _DEADLOCKED_ENDPOINT in environ:
            if hasattr(response, "close"):
                response.close()
            log.warning("retried after a deadlock")
            REQUEST_RETRIES.inc()
            body.seek(body_start)
            return app(retry_environ, start_response)
        start_response(*started[-1])
        return response

    return wsgi_app

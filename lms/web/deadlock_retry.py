"""A form that PostgreSQL has ended for another's sake is done once more, as if it had come a moment later.

Everybody takes rows in one order (``learning/batch_handlers.py``), so two hardly ever wait for each other in a ring. When
they do, PostgreSQL ends one of them and nothing of it is kept. The request is then answered anew from its beginning,
with nothing left of the first time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request

from lms.learning.store.db_errors import is_deadlock
from lms.web.database import READING_METHODS

log = logging.getLogger(__name__)

_UNDONE = "lms.undone"  # in the WSGI environment: the endpoint, once its work was undone
_WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def install(app: Flask) -> None:
    app.wsgi_app = _once_more(app.wsgi_app)


def note(error: BaseException | None) -> None:
    """Say of this request that it stumbled over this; where it was undone for another's sake, it is done again."""
    if is_deadlock(error):
        request.environ[_UNDONE] = request.endpoint  # never the address: a slip may stand in it


def _once_more(app: _WSGI) -> _WSGI:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"]
        if environ["REQUEST_METHOD"] in READING_METHODS or not body.seekable():
            return app(environ, start_response)
        begin, again = body.tell(), environ.copy()
        said: list[tuple[Any, ...]] = []
        first = app(environ, lambda *start: said.append(start))
        if _UNDONE in environ:
            if hasattr(first, "close"):
                first.close()
            log.warning("%s is done again: it waited in a ring", environ[_UNDONE])
            body.seek(begin)
            return app(again, start_response)
        start_response(*said[-1])
        return first

    return answer

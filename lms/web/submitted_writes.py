"""Run a learner's write on the writer, so that the response comes after its commit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import current_app, request

from lms.http.deferred_write import ENVIRON_KEY, DeferredWrite
from lms.learning.errors import LearnerForgotten
from lms.web.current_learner import ensure_learner_id, replace_forgotten_learner

TIMEOUT_SECONDS = 10  # the writer usually commits within milliseconds


def submit_write(service: Callable[..., Any], **kwargs: Any) -> Any:
    """Run ``service(session, learner_id=…, **kwargs)`` for the current learner; return its result after the commit.

    Creates a learner id where the browser has none, or where its learner was forgotten on another phone. Call it before
    the request's own session begins: SQLite has one write lock, and the writer would wait for it.
    """
    try:
        return _submit(service, ensure_learner_id(), kwargs)
    except LearnerForgotten:
        return _submit(service, replace_forgotten_learner(), kwargs)


def submit_write_before_response(service: Callable[..., Any], **kwargs: Any) -> None:
    """``submit_write`` for a response that does not depend on the result; returns before the commit.

    The server sends the response after the commit. If the write fails it handles the request again, and this waits for
    the commit, as it does where no server offers to wait: so the route must have no other effect.
    """
    deferred: DeferredWrite | None = request.environ.get(ENVIRON_KEY)
    if deferred is None:
        submit_write(service, **kwargs)
        return
    learner_id = ensure_learner_id()
    arguments = {"learner_id": learner_id, **kwargs}
    deferred.enqueue = partial(current_app.extensions["writer"].enqueue, service, learner_id, arguments)


def _submit(service: Callable[..., Any], learner_id: str, kwargs: dict[str, Any]) -> Any:
    writer = current_app.extensions["writer"]
    return writer.submit(service, learner_id, learner_id=learner_id, **kwargs).result(timeout=TIMEOUT_SECONDS)

"""Keeping what a learner did: through the writer where there is one, else in the request's own transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app

from lms.learning.errors import LearnerForgotten
from lms.web.current_learner import begin_anew, learner_id_to_keep
from lms.web.database import session

PATIENCE = 10  # seconds to wait for the writer; it answers in milliseconds


def keep(work: Callable[..., Any], **plain: Any) -> Any:
    """Run ``work(session, learner_id=…, **plain)`` for the present learner and return what it returns, once it is kept.

    Whoever has no cookie becomes a learner by this, and so does who was forgotten from another phone. Call it before
    the request's own session is used: SQLite has one write lock, and the writer waits for it.
    """
    try:
        return _run(work, learner_id_to_keep(), plain)
    except LearnerForgotten:
        return _run(work, begin_anew(), plain)


def _run(work: Callable[..., Any], learner_id: str, plain: dict[str, Any]) -> Any:
    writer = current_app.extensions["writer"]
    if writer is None:
        return work(session(), learner_id=learner_id, **plain)
    return writer.submit(work, learner_id, learner_id=learner_id, **plain).result(timeout=PATIENCE)

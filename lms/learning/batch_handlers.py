"""Put the services together: batch handlers and locks for the writer, and listeners of practice events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from lms.learning.classroom.practice.class_attempts import start_class_attempt, start_class_attempts
from lms.learning.classroom.practice.seat_progress import SEAT_PROGRESS_LISTENER
from lms.learning.classroom.questions.class_answers import save_class_answer, save_class_answers
from lms.learning.classroom.seats.joining import join_class_session, join_class_sessions
from lms.learning.classroom.session.class_codes import parse_class_code
from lms.learning.practice.events import add_event_listener, save_event_batches, save_events
from lms.learning.store.locks import lock_learners, lock_open_classes, lock_seats_of_learners
from lms.learning.store.writer import BatchHandler, Service
from lms.learning.understand.answers import save_answer, save_answers

# A batch runs them in this order.
BATCH_HANDLERS: dict[Service, BatchHandler] = {
    save_class_answer: save_class_answers,
    join_class_session: join_class_sessions,
    save_answer: save_answers,
    save_events: save_event_batches,
    start_class_attempt: start_class_attempts,  # after the events, which may have ended the attempt before
}


def register_event_listeners() -> None:
    """Let practice events move the seats of a class. Every process that saves events calls this when it starts."""
    add_event_listener(SEAT_PROGRESS_LISTENER)


def lock_rows(session: Session, batch: Sequence[tuple[Callable[..., Any], dict[str, Any]]]) -> None:
    """Lock all rows that a batch of several services is about, in the lock order (see ``store.locks``).

    ``batch``: pairs of a service and its keyword arguments, which all have a ``learner_id``.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # the transaction holds the write lock of the database
        return
    codes = {kwargs["code"] for service, kwargs in batch if service in (save_class_answer, start_class_attempt)}
    if codes:
        lock_open_classes(connection, map(parse_class_code, codes))
    learner_ids = {kwargs["learner_id"] for _, kwargs in batch}
    lock_learners(connection, learner_ids)
    lock_seats_of_learners(connection, learner_ids)

"""What the writer does for many phones at once, and the order in which it takes their rows.

Everybody takes rows in this order: classes, learners, seats, what is theirs, and of each kind in the order of their
ids. So nobody waits in a ring: a command that holds a class and wants its learners, another process's batch, a
facilitator who agrees to a claim, somebody who is being forgotten. A work alone keeps this order, and so does one
that is done for many. Several kinds after each other do not, since each begins with its classes or learners again;
``hold_rows`` takes all rows of such a batch before the first of them begins.

What it cannot hold is what is not there yet: learners whose first row two processes make at the same moment, in
batches of several kinds. PostgreSQL ends one of the two after a second, and the writer does its part again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from lms.learning.classroom.practice.class_attempts import practise_all, practise_in
from lms.learning.classroom.questions.class_answers import hold_classes, keep_class_answer, keep_class_answers
from lms.learning.classroom.seats.joining import join, join_all
from lms.learning.classroom.session.class_codes import read_code
from lms.learning.practice.events import keep_event_batches, keep_events
from lms.learning.store.locks import hold
from lms.learning.store.seat_locks import hold_seats_of
from lms.learning.understand.answers import keep_answer, keep_answers

TOGETHER = {
    keep_class_answer: keep_class_answers,
    join: join_all,
    keep_answer: keep_answers,
    keep_events: keep_event_batches,
    practise_in: practise_all,  # after the events, which may have ended the attempt before
}


def hold_rows(session: Session, batch: Sequence[tuple[Callable[..., Any], dict[str, Any]]]) -> None:
    """Hold what the works of a batch, each with its keyword arguments, will want. They all name a learner.

    On SQLite there is nothing to hold: who writes has the whole database.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return
    answered = {plain["code"] for work, plain in batch if work is keep_class_answer}
    if answered:
        hold_classes(connection, map(read_code, answered))
    learner_ids = {plain["learner_id"] for _, plain in batch}
    hold(connection, learner_ids)
    hold_seats_of(connection, learner_ids)

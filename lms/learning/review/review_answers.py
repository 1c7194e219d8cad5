"""Answers to cards: right or wrong, and the day. They change no mark, and no figure of a class."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.learning.review.cards import ReviewCard
from lms.learning.store.locks import upsert_and_lock_learner
from lms.learning.store.models import ReviewAnswer
from lms.learning.store.upsert import Upsert


def save_review_answer(session: Session, *, learner_id: str, card: ReviewCard, right: bool, now: datetime) -> None:
    """Save the first answer to a card on one day; later ones of that day are for practice and change nothing.

    Raises:
        LearnerForgotten: the learner asked to be forgotten.
    """
    connection = session.connection()
    upsert_and_lock_learner(connection, learner_id, now=now)  # where the learner is in the courses stays as it is
    row = {
        "learner_id": learner_id,
        "course": card.course,
        "lesson": card.lesson,
        "card": card.key,
        "answered_on": vietnam_time.to_vietnam_time(now).date(),
        "is_right": right,
    }
    _INSERT.execute(connection, row)


_INSERT = Upsert(ReviewAnswer)

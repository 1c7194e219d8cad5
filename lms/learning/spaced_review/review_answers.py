"""Answers to cards: right or wrong, and the day. They change no mark, and no figure of a class."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.content.model import Question
from lms.content.questions import Outcome
from lms.learning.spaced_review.cards import ReviewCard
from lms.learning.store.locks import upsert_and_lock_learner
from lms.learning.store.models import ReviewAnswer
from lms.learning.store.upsert import Upsert
from lms.learning.understand.answers import grade_answer


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


def answer_question_card(
    session: Session, *, learner_id: str, card: ReviewCard, question: Question, given: Sequence[str], now: datetime
) -> Outcome:
    """Grade an answer to a question and save whether it was right; of a number of the learner's own nothing is saved.

    Raises:
        UnknownOption, TooLarge, EmptyAnswer, OptionSubmittedTwice: see ``grade_answer``.
        LearnerForgotten: the learner asked to be forgotten.
    """
    outcome = grade_answer(question, given)
    if not outcome.is_private:
        save_review_answer(session, learner_id=learner_id, card=card, right=outcome.right, now=now)
    return outcome


_INSERT = Upsert(ReviewAnswer)

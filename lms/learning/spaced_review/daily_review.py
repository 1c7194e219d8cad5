"""What a learner has to review today: chosen from what is stored of the finished lessons anyway."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Float, bindparam, cast, null, select, union_all
from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.content.model import Lesson, Stage
from lms.learning.spaced_review.cards import ReviewCard, ScheduledCard, choose_cards, lesson_cards
from lms.learning.spaced_review.scheduling import DayAnswer, first_answer_of_each_day, next_due_day
from lms.learning.store.models import Mark, Response, ReviewAnswer


@dataclass(frozen=True, slots=True)
class DailyReview:
    """``cards``: today's, chosen by what was known this morning, so that they stay the same through the day.

    ``answered``: those of them that were answered today, each with whether the first answer was right.
    ``next_day``: the first day after today on which a card is due; None without any card.
    """

    cards: tuple[ReviewCard, ...]
    answered: dict[ReviewCard, bool]
    next_day: date | None

    @property
    def left(self) -> tuple[ReviewCard, ...]:
        return tuple(card for card in self.cards if card not in self.answered)


NOTHING_TO_REVIEW = DailyReview((), {}, None)


def daily_review(session: Session, learner_id: str | None, finished: Iterable[Lesson], today: date) -> DailyReview:
    """Today's cards from the lessons that the learner has finished. Two statements, however many answers there are."""
    cards = [card for lesson in finished for card in lesson_cards(lesson)]
    if not cards or learner_id is None:
        return NOTHING_TO_REVIEW
    stored = _read_stored(session, learner_id)
    scheduled: list[ScheduledCard] = []
    due_days: list[date] = []
    answered: dict[ReviewCard, bool] = {}
    for card in cards:
        history = stored.history(card)
        if not history:
            continue
        *_, last = history
        due = next_due_day(history)
        due_days.append(due)
        if last.day >= today:  # what happens today does not change today's cards
            for day, right in stored.reviews(card):
                if day == today:
                    answered[card] = right
            history = tuple(answer for answer in history if answer.day < today)
            if not history:
                continue
            last, due = history[-1], next_due_day(history)
        scheduled.append(ScheduledCard(card, due, missed=not last.right))
    chosen = choose_cards(scheduled, today)
    tomorrow = today + timedelta(days=1)
    next_day = max(min(due_days), tomorrow) if due_days else None
    return DailyReview(chosen, {card: answered[card] for card in chosen if card in answered}, next_day)


_CardKey = tuple[str, str, str]  # course, lesson, ``ReviewCard.key``


class _StoredReviews:
    """What is stored of a learner that says how well a card is known."""

    def __init__(self) -> None:
        self._responses: dict[_CardKey, list[tuple[datetime, bool]]] = {}
        self._reviews: dict[_CardKey, list[DayAnswer]] = {}
        self._earned: dict[_CardKey, datetime] = {}  # by the stage in place of the card's key

    def add_response(self, key: _CardKey, given_at: datetime, right: bool) -> None:
        self._responses.setdefault(key, []).append((given_at, right))

    def add_review(self, key: _CardKey, answer: DayAnswer) -> None:
        self._reviews.setdefault(key, []).append(answer)

    def add_mark(self, key: _CardKey, earned_at: datetime) -> None:
        self._earned[key] = earned_at

    def reviews(self, card: ReviewCard) -> Sequence[DayAnswer]:
        return self._reviews.get(_key(card), ())

    def history(self, card: ReviewCard) -> tuple[DayAnswer, ...]:
        """The answers to a card, one a day, in order; () if the learner has not met it.

        A card that was never answered by itself, such as a screen, was known on the day of its stage's mark.
        """
        key = _key(card)
        by_day = dict(first_answer_of_each_day(self._responses.get(key, ())))
        for day, right in self._reviews.get(key, ()):
            by_day[day] = right and by_day.get(day, True)
        earned_at = self._earned.get((card.course, card.lesson, card.stage))
        if earned_at is not None and key not in self._responses:
            by_day.setdefault(vietnam_time.to_vietnam_time(earned_at).date(), True)
        return tuple(DayAnswer(day, by_day[day]) for day in sorted(by_day))


def _key(card: ReviewCard) -> _CardKey:
    return card.course, card.lesson, card.key


def _read_stored(session: Session, learner_id: str) -> _StoredReviews:
    connection, parameters = session.connection(), {"learner_id": learner_id}
    stored = _StoredReviews()
    for course, lesson, key, at, score in connection.execute(_ANSWERS_AND_MARKS, parameters):
        if score is None:
            stored.add_mark((course, lesson, key), at)
        else:
            stored.add_response((course, lesson, f"{Stage.UNDERSTAND}/{key}"), at, score >= 1.0)
    for course, lesson, card, day, is_right in connection.execute(_REVIEWS, parameters):
        stored.add_review((course, lesson, card), DayAnswer(day, is_right))
    return stored


def _answers_and_marks() -> CompoundSelect[*tuple[Any, ...]]:
    """Rows of (course, lesson, question id or stage, time, score); a mark has no score."""
    of_learner: BindParameter[str] = bindparam("learner_id")
    answers = select(Response.course, Response.lesson, Response.question_id, Response.given_at, Response.score)
    marks = select(Mark.course, Mark.lesson, Mark.stage, Mark.earned_at, cast(null(), Float))
    return union_all(answers.where(Response.learner_id == of_learner), marks.where(Mark.learner_id == of_learner))


_ANSWERS_AND_MARKS = _answers_and_marks()
_REVIEWS = select(
    ReviewAnswer.course, ReviewAnswer.lesson, ReviewAnswer.card, ReviewAnswer.answered_on, ReviewAnswer.is_right
).where(ReviewAnswer.learner_id == bindparam("learner_id"))

"""The cards of a lesson, and which of them a day brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from lms.content.model import Lesson, Stage
from lms.content.practice.decision_screens import decision_screens, is_refusing_right
from lms.learning.store.models import CARD_LENGTH

MIN_CARDS, MAX_CARDS = 3, 6  # a day: about five minutes
MAX_MISSED = 4  # of these, so that a day does not bring only what went wrong
_CARDS_OF_A_LESSON = 2  # unless there are no others


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """A question of a lesson, or a decision screen of its practice (see ``decision_screens``).

    ``id`` is the id of the question or of the screen, unique in the lesson's ``stage``. ``refusing_is_right``: on a
    screen, it is right to turn somebody away.
    """

    course: str
    lesson: str
    stage: Stage  # UNDERSTAND or PRACTICE
    id: str
    refusing_is_right: bool = False

    @property
    def key(self) -> str:
        """What is stored as ``ReviewAnswer.card``: "hieu/q1", "lam/cuoc-goi-la"."""
        return f"{self.stage}/{self.id}"


@dataclass(frozen=True, slots=True)
class ScheduledCard:
    card: ReviewCard
    due: date
    missed: bool  # the last answer was wrong


def lesson_cards(lesson: Lesson) -> Iterator[ReviewCard]:
    """All cards of a lesson. Polls are none, and neither are screens of practices that earn no mark."""
    for question in lesson.understand.graded_questions:
        yield ReviewCard(lesson.course, lesson.slug, Stage.UNDERSTAND, question.id)
    for screen in decision_screens(lesson.practice) if lesson.practice else ():
        card = ReviewCard(lesson.course, lesson.slug, Stage.PRACTICE, screen.id, is_refusing_right(screen))
        if len(card.key) <= CARD_LENGTH:
            yield card


def choose_cards(cards: Iterable[ScheduledCard], today: date) -> tuple[ReviewCard, ...]:
    """The cards of a day: none if nothing is due, else three to six, of different lessons and kinds in turn.

    What was missed comes first, then what has waited longest. Fewer than three due cards are filled up with those that
    come next. The same cards on the same day always give the same choice.
    """
    in_order = sorted(cards, key=lambda each: (each.due, _shuffled(each.card, today)))
    due = [each for each in in_order if each.due <= today]
    if not due:
        return ()
    chosen = _extend([], [each.card for each in due if each.missed], MAX_MISSED)
    chosen = _extend(chosen, [each.card for each in due], MAX_CARDS)
    return tuple(_extend(chosen, [each.card for each in in_order], MIN_CARDS))


def _extend(chosen: list[ReviewCard], cards: Iterable[ReviewCard], count: int) -> list[ReviewCard]:
    """``chosen`` and, up to ``count``, more of these cards: lessons, kinds, and screens to refuse and not in turn."""
    chosen, taken = list(chosen), set(chosen)
    left = [card for card in cards if card not in taken]
    while left and len(chosen) < count:
        card = min(left, key=lambda each: _sameness(each, chosen))  # the first of those that are equal
        left.remove(card)
        chosen.append(card)
    return chosen


def _sameness(card: ReviewCard, chosen: Sequence[ReviewCard]) -> tuple[bool, bool, bool]:
    lesson = sum((each.course, each.lesson) == (card.course, card.lesson) for each in chosen)
    screens = [each for each in chosen if each.stage == Stage.PRACTICE]
    return (
        lesson >= _CARDS_OF_A_LESSON,
        bool(chosen) and chosen[-1].stage == card.stage,
        card.stage == Stage.PRACTICE and bool(screens) and screens[-1].refusing_is_right == card.refusing_is_right,
    )


def _shuffled(card: ReviewCard, today: date) -> bytes:
    """An order that is no lesson's own, and another one each day."""
    return sha256(f"{today} {card.course}/{card.lesson}/{card.key}".encode()).digest()

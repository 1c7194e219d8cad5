"""Ôn lại: today's cards from finished lessons, one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lms.content.model import Course, Lesson, Practice, Question, Screen, Stage
from lms.content.practice.decision_screens import decision_screens, is_refusing_right
from lms.content.questions import UnknownOption, redact
from lms.learning.errors import EmptyAnswer, LearningError, OptionSubmittedTwice
from lms.learning.progress import learner_progress
from lms.learning.progress.course_progress import CourseProgress, all_course_progress, finished_lessons
from lms.learning.spaced_review.cards import ReviewCard
from lms.learning.spaced_review.daily_review import DailyReview, daily_review
from lms.learning.spaced_review.review_answers import save_review_answer
from lms.learning.understand.answers import grade_answer
from lms.message_catalog import mark_for_translation
from lms.web import clock, page_cache
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.language import offer_language_switch, translate, use_chosen_language
from lms.web.lesson_language import practice_part, translated_or_404, understand_of
from lms.web.next_steps import NextLink, next_for_learner
from lms.web.practice.app_stylesheet import stylesheet_url
from lms.web.practice.decision_screen_view import (
    DecisionScreenView,
    explanation_url,
    is_choice,
    is_right_choice,
    view_decision_screen,
)
from lms.web.question_view import (
    QuestionView,
    question_views,
    script_sentences,
    with_answer,
    with_error,
    with_private_number_error,
)
from lms.web.request_context import library
from lms.web.submitted_writes import submit_write
from lms.web.urls import stage_url

bp = Blueprint("review", __name__)

PATH = "/on"
CHOSEN = "chon"  # in the address of an answered card: what was chosen, as keys or an index, which is not stored
_INDEX = re.compile(r"[0-9]{1,3}")
NO_CHOICE = mark_for_translation("Chỗ bác chạm không dẫn đi đâu. Bác chọn một cách ở dưới nhé.")


@dataclass(frozen=True, slots=True)
class QuestionCard:
    card: ReviewCard
    course: Course
    lesson: Lesson
    question: Question

    @property
    def explanation_url(self) -> str:
        """The section of the lesson that asks it."""
        sections = enumerate(self.lesson.understand.sections, start=1)
        number = next(number for number, section in sections if self.question in section.parts)
        return f"{stage_url(self.lesson, Stage.UNDERSTAND)}#phan-{number}"


@dataclass(frozen=True, slots=True)
class ScreenCard:
    card: ReviewCard
    course: Course
    lesson: Lesson
    practice: Practice
    screen: Screen

    @property
    def explanation_url(self) -> str:
        return explanation_url(self.lesson, self.practice, self.screen)


@dataclass(frozen=True, slots=True)
class CardView:
    """One card. ``question`` or ``screen`` is set; ``error`` says why a tap on the screen decided nothing."""

    content: QuestionCard | ScreenCard
    counter: str  # "Thẻ 2 trong 5"
    question: QuestionView | None = None
    screen: DecisionScreenView | None = None
    error: str = ""

    @property
    def url(self) -> str:
        return _card_url(self.content.card)

    @property
    def explanation(self) -> NextLink:
        """The link to where the lesson explains it."""
        return NextLink(
            self.content.explanation_url,
            translate("Xem lại trong bài {lesson}").format(lesson=self.content.lesson.name),
        )

    @property
    def is_answered(self) -> bool:
        if self.question:
            return self.question.done or self.question.wrong
        return self.screen is not None and self.screen.is_answered

    @property
    def is_wrong(self) -> bool:
        return self.question.wrong if self.question else self.screen is not None and not self.screen.is_right


@bp.get(PATH)
def show_next_card() -> Response:
    """The first of today's cards that is not answered."""
    return page_cache.respond_private(PATH, _render_today)


def _render_today() -> str:
    courses, review = _read_review()
    for card in review.left:
        return _render_card(_unanswered(_content(card), review))
    return _render_end(courses, review)


@bp.get(f"{PATH}/<course_slug>/<lesson_slug>/<any(hieu, lam):stage>/<card_id>")
def show_answered_card(course_slug: str, lesson_slug: str, stage: str, card_id: str) -> ResponseReturnValue:
    """The explanation of an answer that was just given; today's next card in any other case."""
    content = _content_or_404(course_slug, lesson_slug, Stage(stage), card_id)
    review = _read_review()[1]
    if content.card in review.answered:
        view = _answered(content, review, request.args)
        if view is not None:
            return _card_page(view)
    return redirect(PATH, 303)


@bp.post(f"{PATH}/<course_slug>/<lesson_slug>/<any(hieu, lam):stage>/<card_id>")
def submit_card_answer(course_slug: str, lesson_slug: str, stage: str, card_id: str) -> ResponseReturnValue:
    content = _content_or_404(course_slug, lesson_slug, Stage(stage), card_id)
    return _submit_question(content) if isinstance(content, QuestionCard) else _submit_screen(content)


def count_cards_left(learner_id: str | None, courses: Iterable[CourseProgress]) -> int:
    """How many of today's cards wait for an answer, for the line that other pages have."""
    return len(daily_review(session(), learner_id, finished_lessons(courses), clock.today()).left)


def _submit_question(content: QuestionCard) -> ResponseReturnValue:
    question, given = content.question, request.form.getlist("answer")
    view = question_views(content.lesson.understand)[question.id]
    try:
        outcome = grade_answer(question, given)
    except (EmptyAnswer, OptionSubmittedTwice):
        return _page_with(content, with_error(view, question, given))
    if outcome.is_private:
        return _page_with(content, with_private_number_error(view))
    _save(content.card, outcome.right)
    return _redirect_to_answered(content.card, redact(question, given, outcome))


def _submit_screen(content: ScreenCard) -> ResponseReturnValue:
    index = _widget_index(request.form.getlist("tap"))
    if not is_choice(content.screen, index):
        return _card_page(replace(_unanswered(content, _read_review()[1]), error=translate(NO_CHOICE)), status=422)
    _save(content.card, is_right_choice(content.screen, index))
    return _redirect_to_answered(content.card, [str(index)])


def _widget_index(values: Sequence[str]) -> int:
    """The index that a form or an address names; -1 if it names none."""
    return int(values[0]) if len(values) == 1 and _INDEX.fullmatch(values[0]) else -1


def _save(card: ReviewCard, right: bool) -> None:
    submit_write(save_review_answer, card=card, right=right, now=clock.now())


def _card_url(card: ReviewCard) -> str:
    return f"{PATH}/{card.course}/{card.lesson}/{card.key}"


def _redirect_to_answered(card: ReviewCard, chosen: Sequence[str]) -> ResponseReturnValue:
    return redirect(f"{_card_url(card)}?{urlencode([(CHOSEN, value) for value in chosen])}#the", 303)


def _page_with(content: QuestionCard, view: QuestionView) -> Response:
    """The page with a question whose answer has to be given again."""
    counter = _counter(content.card, _read_review()[1])
    return _card_page(CardView(content, counter, question=replace(view, counter=counter)), status=422)


def _read_review() -> tuple[Sequence[CourseProgress], DailyReview]:
    learner_id = current_learner_id()
    courses = all_course_progress(session(), learner_id, library())
    return courses, daily_review(session(), learner_id, finished_lessons(courses), clock.today())


def _content(card: ReviewCard) -> QuestionCard | ScreenCard:
    return _content_or_404(card.course, card.lesson, card.stage, card.id)


def _content_or_404(course_slug: str, lesson_slug: str, stage: Stage, card_id: str) -> QuestionCard | ScreenCard:
    part = understand_of if stage == Stage.UNDERSTAND else practice_part("")
    course, lesson = translated_or_404(course_slug, lesson_slug, part)
    offer_language_switch()
    if stage == Stage.UNDERSTAND:
        question = next((each for each in lesson.understand.graded_questions if each.id == card_id), None) or abort(404)
        return QuestionCard(ReviewCard(course.slug, lesson.slug, stage, card_id), course, lesson, question)
    practice = lesson.practice or abort(404)
    screen = next((each for each in decision_screens(practice) if each.id == card_id), None) or abort(404)
    card = ReviewCard(course.slug, lesson.slug, stage, card_id, is_refusing_right(screen))
    return ScreenCard(card, course, lesson, practice, screen)


def _counter(card: ReviewCard, review: DailyReview) -> str:
    if card not in review.cards:  # an answer to a card of another day
        return translate("Thẻ ôn")
    return translate("Thẻ {number} trong {total}").format(number=review.cards.index(card) + 1, total=len(review.cards))


def _unanswered(content: QuestionCard | ScreenCard, review: DailyReview) -> CardView:
    counter = _counter(content.card, review)
    if isinstance(content, ScreenCard):
        return CardView(content, counter, screen=view_decision_screen(content.lesson, content.practice, content.screen))
    view = question_views(content.lesson.understand)[content.question.id]
    return CardView(content, counter, question=replace(view, counter=counter))


def _answered(content: QuestionCard | ScreenCard, review: DailyReview, args: MultiDict[str, str]) -> CardView | None:
    """The card with what was chosen; None if the address names no answer to it."""
    view, chosen = _unanswered(content, review), args.getlist(CHOSEN)
    if isinstance(content, ScreenCard):
        index = _widget_index(chosen)
        if not is_choice(content.screen, index):
            return None
        return replace(view, screen=view_decision_screen(content.lesson, content.practice, content.screen, index))
    try:
        outcome = grade_answer(content.question, chosen)
    except (LearningError, UnknownOption):
        return None
    question = replace(question_views(content.lesson.understand)[content.question.id], counter=view.counter)
    return replace(view, question=with_answer(question, content.question, chosen, outcome.score))


def _card_page(view: CardView, *, status: int = 200) -> Response:
    return page_cache.no_store_page(_render_card(view), status=status)


def _render_card(view: CardView) -> str:
    return render_template(
        "review/card.html",
        view=view,
        app_stylesheet=stylesheet_url(view.content.course),
        **script_sentences(),
    )


def _render_end(courses: Sequence[CourseProgress], review: DailyReview) -> str:
    use_chosen_language()
    activity = learner_progress.home_of_learner(session(), current_learner_id(), library()).next_activity
    return render_template(
        "review/end.html",
        review=review,
        remembered=sum(review.answered.values()),
        has_finished=bool(finished_lessons(courses)),
        next_link=next_for_learner(activity, courses, has_badges=_has_badges(courses)),
    )


def _has_badges(courses: Iterable[CourseProgress]) -> bool:
    return any(course.badge_id or any(lesson.badge_id for lesson in course.lessons) for course in courses)

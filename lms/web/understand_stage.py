"""The pages of Hiểu ngay: read a lesson and answer its questions."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, get_template_attribute, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Callout, Course, InlineScreen, Lesson, Prose, Question, Stage
from lms.learning.errors import EmptyAnswer, OptionSubmittedTwice
from lms.learning.progress.lesson_progress import LessonProgress, lesson_progress
from lms.learning.understand import answers
from lms.web import clock, learning_code_card, page_cache
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.lesson_language import translated_or_404, understand_of
from lms.web.next_steps import end_of_understand_stage
from lms.web.practice.app_stylesheet import stylesheet_url
from lms.web.practice.inline_screens import InlineScreens, InlineScreenView
from lms.web.question_view import (
    QuestionView,
    question_views,
    script_sentences,
    with_answer,
    with_error,
    with_private_number_error,
)
from lms.web.request_context import course_and_lesson_or_404
from lms.web.submitted_writes import submit_write, submit_write_before_response

bp = Blueprint("understand", __name__)


@dataclass(frozen=True, slots=True)
class SectionView:
    id: str
    title: str  # text
    parts: tuple[Prose | Callout | InlineScreenView | QuestionView, ...]


@bp.get("/<course_slug>/<lesson_slug>/hieu")
def show_understand_stage(course_slug: str, lesson_slug: str) -> Response:
    course, lesson = translated_or_404(course_slug, lesson_slug, understand_of)
    return page_cache.respond(
        understand_page(course, lesson),
        lambda learner_id: _personal_fragments(course, lesson, learner_id),
        cache_key=learning_code_card.cache_key,
    )


@bp.get("/<course_slug>/<lesson_slug>/hieu/<question_id>")
def redirect_to_question(course_slug: str, lesson_slug: str, question_id: str) -> ResponseReturnValue:
    """The page that a browser without a script reloads after an answer."""
    _, lesson = course_and_lesson_or_404(course_slug, lesson_slug)
    return redirect(f"/{lesson.course}/{lesson.slug}/hieu#{_question_or_404(lesson, question_id).id}", 303)


@bp.post("/<course_slug>/<lesson_slug>/hieu/<question_id>")
def submit_answer(course_slug: str, lesson_slug: str, question_id: str) -> ResponseReturnValue:
    course, lesson = translated_or_404(course_slug, lesson_slug, understand_of)
    question = _question_or_404(lesson, question_id)
    given = request.form.getlist("answer")
    view = question_views(lesson.understand)[question_id]
    try:
        outcome = answers.grade_answer(question, given)
    except (EmptyAnswer, OptionSubmittedTwice):
        return _page_with(course, lesson, with_error(view, question, given))
    # Only a redirect is made before the commit.
    save = submit_write if outcome.is_private else submit_write_before_response
    save(
        answers.save_answer,
        course=lesson.course,
        lesson=lesson.slug,
        understand=lesson.understand,
        question_id=question_id,
        given=given,
        now=clock.now(),
    )
    if outcome.is_private:
        return _page_with(course, lesson, with_private_number_error(view))
    return redirect(f"/{lesson.course}/{lesson.slug}/hieu#{question_id}", 303)


def _page_with(course: Course, lesson: Lesson, view: QuestionView) -> Response:
    """The page with a question whose answer has to be given again."""
    slots = _personal_fragments(course, lesson, current_learner_id()) | _personal_question_fragments(lesson, [view])
    return page_cache.respond_invalid(understand_page(course, lesson), slots)


def _question_or_404(lesson: Lesson, question_id: str) -> Question:
    return lesson.understand.question(question_id) or abort(404)


def understand_page(course: Course, lesson: Lesson) -> page_cache.SharedPage:
    return page_cache.shared_page(("hieu", course.slug, lesson.slug), lambda: _render_anonymous(course, lesson))


def _render_anonymous(course: Course, lesson: Lesson) -> str:
    questions, screens = question_views(lesson.understand), InlineScreens(lesson)
    sections = [
        SectionView(
            section.id,
            section.title,
            tuple(
                questions[part.id]
                if isinstance(part, Question)
                else screens.view(part)
                if isinstance(part, InlineScreen)
                else part
                for part in section.parts
                if part.kind != "facilitator"
            ),
        )
        for section in lesson.understand.sections
    ]
    return render_template(
        "understand/understand.html",
        course=course,
        lesson=lesson,
        sections=sections,
        has_places=any(question.selects for question in questions.values()),
        inline_screens=screens if lesson.understand.inline_screens else None,
        app_stylesheet=stylesheet_url(course),
        url=f"/{course.slug}/{lesson.slug}/hieu",
        end=end_of_understand_stage(course, lesson, None),
        today=clock.today(),
        **script_sentences(),
    )


def _personal_fragments(course: Course, lesson: Lesson, learner_id: str | None) -> dict[str, str]:
    progress = lesson_progress(session(), learner_id, lesson)
    return {
        "stage-nav": get_template_attribute("macros/stage_nav.html", "stage_nav")(
            lesson, Stage.UNDERSTAND, progress.earned
        ),
        "code-card": learning_code_card.card_after_first_mark(progress.earned),
        "end": get_template_attribute("macros/stage_end.html", "stage_end")(
            end_of_understand_stage(course, lesson, progress)
        ),
    } | _personal_question_fragments(lesson, _answered_questions(lesson, progress))


def _answered_questions(lesson: Lesson, progress: LessonProgress) -> list[QuestionView]:
    views = question_views(lesson.understand)
    return [
        with_answer(views[question.id], question, answer.given, answer.score)
        for question in lesson.understand.questions
        if (answer := progress.answers.get(question.id))
    ]


def _personal_question_fragments(lesson: Lesson, views: list[QuestionView]) -> dict[str, str]:
    card = get_template_attribute("macros/question.html", "question")
    return {f"question-{view.id}": card(view, f"/{lesson.course}/{lesson.slug}/hieu/{view.id}") for view in views}

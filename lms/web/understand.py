"""Hiểu ngay: reading a lesson and answering its questions."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, get_template_attribute, redirect, render_template, request

from lms.content.model import Callout, Course, Lesson, Prose
from lms.content.questions import chosen_twice, is_filled
from lms.learning.progress import learner_progress
from lms.learning.progress.learner_progress import LessonProgress
from lms.learning.understand import answers
from lms.web import clock, learning_code_card, page_cache
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.next_steps import hieu_end
from lms.web.question_view import MISSING, NOT_ALL, NOT_YET, TWICE, Asked, answered, ask, missing
from lms.web.request_context import course_and_lesson
from lms.web.write import keep

bp = Blueprint("understand", __name__)


@dataclass(frozen=True, slots=True)
class SectionView:
    id: str
    title: str  # text
    parts: tuple[Prose | Callout | Asked, ...]


@bp.get("/<course>/<lesson>/hieu")
def read(course: str, lesson: str) -> Response:
    found_course, found = course_and_lesson(course, lesson)
    return page_cache.answer(
        _page(found_course, found),
        lambda learner_id: _slots(found_course, found, learner_id),
        beside=learning_code_card.phone(),
    )


@bp.get("/<course>/<lesson>/hieu/<question_id>")
def find_question(course: str, lesson: str, question_id: str) -> Response:
    """Whoever reloads after an answer without a script comes here."""
    _, found = course_and_lesson(course, lesson)
    return redirect(f"/{found.course}/{found.slug}/hieu#{_question_id(found, question_id)}", 303)


@bp.post("/<course>/<lesson>/hieu/<question_id>")
def answer(course: str, lesson: str, question_id: str) -> Response:
    found_course, found = course_and_lesson(course, lesson)
    question_id = _question_id(found, question_id)
    given = request.form.getlist("answer")
    question = found.understand.question(question_id)
    if not is_filled(question, given) or chosen_twice(question, given):
        unanswered = missing(ask(found.understand)[question_id], question, given)
        slots = _slots(found_course, found, current_learner_id()) | _show(found, [unanswered])
        return page_cache.answer_once(_page(found_course, found), slots, status=422)
    keep(
        answers.keep_answer,
        course=found.course,
        lesson=found.slug,
        understand=found.understand,
        question_id=question_id,
        given=given,
        now=clock.now(),
    )
    return redirect(f"/{found.course}/{found.slug}/hieu#{question_id}", 303)


def _question_id(lesson: Lesson, question_id: str) -> str:
    return question_id if any(one.id == question_id for one in lesson.understand.questions) else abort(404)


def _page(course: Course, lesson: Lesson) -> page_cache.SharedPage:
    return page_cache.shared_page(("hieu", course.slug, lesson.slug), lambda: _render(course, lesson))


def _render(course: Course, lesson: Lesson) -> str:
    asked = ask(lesson.understand)
    sections = [
        SectionView(
            section.id,
            section.title,
            tuple(asked.get(getattr(part, "id", ""), part) for part in section.parts if part.kind != "facilitator"),
        )
        for section in lesson.understand.sections
    ]
    return render_template(
        "understand/understand.html",
        course=course,
        lesson=lesson,
        sections=sections,
        base=f"/{course.slug}/{lesson.slug}/hieu",
        end=hieu_end(course, lesson, None),
        today=clock.today(),
        not_yet=NOT_YET,
        not_all=NOT_ALL,
        twice=TWICE.split("{}"),
        missing={kind: words.split("{}") for kind, words in MISSING.items()},
    )


def _slots(course: Course, lesson: Lesson, learner_id: str | None) -> dict[str, str]:
    found = learner_progress.lesson_progress(session(), learner_id, lesson)
    return {
        "beads": get_template_attribute("macros/beads.html", "beads")(lesson, "hieu", found.earned),
        "keepsake": learning_code_card.card(found.earned),
        "end": get_template_attribute("macros/stage_end.html", "stage_end")(hieu_end(course, lesson, found)),
    } | _show(lesson, _answered(lesson, found))


def _answered(lesson: Lesson, found: LessonProgress) -> list[Asked]:
    """The questions that differ from what nobody has answered."""
    asked = ask(lesson.understand)
    return [
        answered(asked[question.id], question, found.answers[question.id].given)
        for question in lesson.understand.questions
        if question.id in found.answers
    ]


def _show(lesson: Lesson, asked: list[Asked]) -> dict[str, str]:
    card = get_template_attribute("macros/question.html", "question")
    return {f"question-{one.id}": card(one, f"/{lesson.course}/{lesson.slug}/hieu/{one.id}") for one in asked}

"""Hiểu ngay: reading a lesson and answering its questions."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, get_template_attribute, redirect, render_template, request

from lms.content.model import Callout, Course, Lesson, Prose
from lms.learning import answers, progress
from lms.learning.progress import LessonProgress
from lms.web import clock, keepsake, pages
from lms.web.access import course_and_lesson
from lms.web.asked import NOT_ALL, NOT_YET, Asked, answered, ask, is_filled, missing
from lms.web.database import session
from lms.web.keeping import keep
from lms.web.learner import current_learner
from lms.web.next_steps import hieu_end

bp = Blueprint("understand", __name__)


@dataclass(frozen=True, slots=True)
class SectionView:
    id: str
    title: str  # text
    parts: tuple[Prose | Callout | Asked, ...]


@bp.get("/<course>/<lesson>/hieu")
def read(course: str, lesson: str) -> Response:
    return _answer_page(*course_and_lesson(course, lesson))


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
    asked = ask(found.understand)[question_id]
    if not is_filled(asked, given):
        response = _answer_page(found_course, found, instead={question_id: missing(asked, given)})
        response.status_code = 422
        return response
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


def _answer_page(course: Course, lesson: Lesson, *, instead: dict[str, Asked] | None = None) -> Response:
    page = pages.shared_page(("hieu", course.slug, lesson.slug), lambda: _render(course, lesson))
    learner = current_learner()
    if learner is None and not instead:
        return pages.answer_shared(page)
    version = f"{learner.id}.{learner.version}" if learner else ""
    return pages.answer_personal(
        page, f"{version}.{keepsake.version()}.{sorted(instead or ())}", lambda: _slots(course, lesson, instead or {})
    )


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
    )


def _slots(course: Course, lesson: Lesson, instead: dict[str, Asked]) -> dict[str, str]:
    learner = current_learner()
    found = progress.lesson_progress(session(), learner.id if learner else None, lesson)
    show = get_template_attribute("macros/question.html", "question")
    beads = get_template_attribute("macros/beads.html", "beads")
    end = get_template_attribute("macros/stage_end.html", "stage_end")
    base = f"/{course.slug}/{lesson.slug}/hieu"
    return {
        "beads": beads(lesson, "hieu", found.earned),
        "keepsake": keepsake.card(learner, found.earned),
        "end": end(hieu_end(course, lesson, found)),
    } | {asked.id: show(asked, f"{base}/{asked.id}") for asked in _answered(lesson, found, instead)}


def _answered(lesson: Lesson, found: LessonProgress, instead: dict[str, Asked]) -> list[Asked]:
    """The questions that differ from what nobody has answered."""
    asked = ask(lesson.understand)
    given = {
        question.id: answered(asked[question.id], question, found.answers[question.id].given)
        for question in lesson.understand.questions
        if question.id in found.answers
    }
    return list((given | instead).values())

"""What the wall shows at a slide or a demonstration, to be read on a phone: for who cannot see it, or when it fails."""

from __future__ import annotations

from flask import render_template

from lms.content.model import Course, Lesson
from lms.learning.classroom.session.state import ClassState
from lms.learning.classroom.session.steps import Step, StepKind, find_step, lesson_steps
from lms.web.classroom.wall.boards import slide_board
from lms.web.classroom.wall.practice_demonstration import demo_board
from lms.web.language import page_language
from lms.web.page_cache import SharedPage, shared_page
from lms.web.practice.app_stylesheet import stylesheet_url
from lms.web.practice.phone_components import phone_components


def wall_key(lesson: Lesson, state: ClassState) -> str:
    """Which page that is; "" at steps that phones show by themselves. wall-mirror.js computes the same."""
    step = find_step(lesson_steps(lesson), state.step)
    return f"{step.key}/{state.demo_step}" if step.kind in (StepKind.SLIDE, StepKind.DEMO) else ""


def projected_page(course: Course, lesson: Lesson, state: ClassState) -> SharedPage | None:
    """The cached HTML of that page: what is on the wall, hence without the facilitator's notes and questions."""
    if not wall_key(lesson, state):
        return None
    step, demo_step = find_step(lesson_steps(lesson), state.step), state.demo_step
    is_demo = step.kind == StepKind.DEMO
    key = ("projected", course.slug, lesson.slug, lesson.digest, step.key, demo_step if is_demo else 0)
    return shared_page(key, lambda: _render(course, lesson, step, demo_step))


def _render(course: Course, original: Lesson, step: Step, demo_step: int) -> str:
    lesson = original.in_language(page_language())
    if step.kind == StepKind.DEMO and lesson.practice is not None:
        part, board = lesson.practice, demo_board(lesson, lesson.practice, demo_step)
    else:
        section = next(section for section in lesson.understand.sections if section.id == step.ref)
        part, board = lesson.understand, slide_board(lesson, section, step.part)
    return render_template(
        "classroom/seat/projected.html",
        part=part,
        board=board,
        app_stylesheet=stylesheet_url(course),
        phone_components=phone_components(*lesson.practices),
    )

"""Dùng liền: what the learner now does on the real phone, and says she did."""

from __future__ import annotations

from flask import Blueprint, Response, abort, get_template_attribute, redirect, render_template, request

from lms.content.model import Course, Lesson
from lms.learning.marks import marks
from lms.learning.progress import learner_progress
from lms.learning.store.database import only_read
from lms.web import clock, learning_code_card, page_cache
from lms.web.current_learner import current_learner_id
from lms.web.database import rollback, session
from lms.web.next_steps import dung_end
from lms.web.request_context import course_and_lesson
from lms.web.write import keep

bp = Blueprint("use", __name__)


@bp.get("/<course>/<lesson>/dung")
def show(course: str, lesson: str) -> Response:
    found_course, found = _with_tasks(course, lesson)
    return page_cache.answer(
        _page(found_course, found),
        lambda learner_id: _slots(found_course, found, learner_id),
        beside=learning_code_card.phone(),
    )


@bp.post("/<course>/<lesson>/dung")
def keep_done(course: str, lesson: str) -> Response:
    found_course, found = _with_tasks(course, lesson)
    task_ids = request.form.getlist("task")
    if not task_ids:
        only_read(session())
        if not learner_progress.lesson_progress(session(), current_learner_id(), found).ticked:
            slots = _slots(found_course, found, current_learner_id(), asked_for=True)
            return page_cache.answer_once(_page(found_course, found), slots, status=422)
        rollback()  # what was ticked is taken back, and who keeps that waits for no reader
    keep(
        marks.tick_tasks,
        course=found.course,
        lesson=found.slug,
        use=found.use,
        task_ids=task_ids,
        now=clock.now(),
    )
    return redirect(f"/{found.course}/{found.slug}/dung#xong", 303)


def _with_tasks(course: str, lesson: str) -> tuple[Course, Lesson]:
    found_course, found = course_and_lesson(course, lesson)
    if found.use is None:
        abort(404)
    return found_course, found


def _page(course: Course, lesson: Lesson) -> page_cache.SharedPage:
    return page_cache.shared_page(("dung", course.slug, lesson.slug), lambda: _render(course, lesson))


def _render(course: Course, lesson: Lesson) -> str:
    return render_template("use/use.html", course=course, lesson=lesson, use=lesson.use, today=clock.today())


def _slots(course: Course, lesson: Lesson, learner_id: str | None, *, asked_for: bool = False) -> dict[str, str]:
    """``asked_for``: a task to tick, since the form came without any."""
    found = learner_progress.lesson_progress(session(), learner_id, lesson)
    task = get_template_attribute("macros/task.html", "task")
    return {
        "beads": get_template_attribute("macros/beads.html", "beads")(lesson, "dung", found.earned),
        "keepsake": learning_code_card.card(found.earned),
        "end": get_template_attribute("macros/task.html", "tasks_end")(
            found, dung_end(course, lesson, found), asked_for
        ),
    } | {f"task-{one.id}": task(one, found.ticked[one.id]) for one in lesson.use.tasks if one.id in found.ticked}

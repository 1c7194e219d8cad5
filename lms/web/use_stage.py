"""The page of Dùng liền: tasks on the real phone that the learner ticks."""

from __future__ import annotations

from flask import Blueprint, Response, abort, get_template_attribute, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Course, Lesson, Stage
from lms.http.learner_cookie import learner_key
from lms.learning.marks import marks
from lms.learning.progress.lesson_progress import lesson_progress
from lms.learning.store.database import set_read_only
from lms.web import clock, learning_code_card, page_cache
from lms.web.current_learner import current_learner_id
from lms.web.database import rollback, session
from lms.web.lesson_language import translated_or_404, use_of
from lms.web.next_steps import end_of_use_stage
from lms.web.practice.real_device import real_device_sheet_url, real_device_url
from lms.web.request_context import is_former_lesson
from lms.web.submitted_writes import submit_write

bp = Blueprint("use", __name__)


@bp.get("/<course_slug>/<lesson_slug>/dung")
def show_use_stage(course_slug: str, lesson_slug: str) -> Response:
    course, lesson = _course_and_lesson(course_slug, lesson_slug)
    return page_cache.respond(
        use_page(course, lesson),
        lambda learner_id: _personal_fragments(course, lesson, learner_id),
        cache_key=learning_code_card.cache_key,
    )


@bp.post("/<course_slug>/<lesson_slug>/dung")
def save_ticked_tasks(course_slug: str, lesson_slug: str) -> ResponseReturnValue:
    course, lesson = _course_and_lesson(course_slug, lesson_slug)
    task_ids = request.form.getlist("task")
    if is_former_lesson():
        return _tick_in_target(lesson, task_ids)
    if not task_ids:
        set_read_only(session())
        if not lesson_progress(session(), current_learner_id(), lesson).ticked:
            slots = _personal_fragments(course, lesson, current_learner_id(), nothing_ticked=True)
            return page_cache.respond_invalid(use_page(course, lesson), slots)
        rollback()  # all ticks are removed; the writer must not wait for this read transaction
    submit_write(
        marks.save_ticks,
        course=lesson.course,
        lesson=lesson.slug,
        use=lesson.use,
        task_ids=task_ids,
        now=clock.now(),
    )
    return redirect(f"/{lesson.course}/{lesson.slug}/dung#xong", 303)


def _tick_in_target(lesson: Lesson, task_ids: list[str]) -> ResponseReturnValue:
    """Save what the form of a former lesson ticks, where the target lesson has the task; others stay as they are."""
    known = marks.tasks_of(lesson, task_ids)
    submit_write(
        marks.change_ticks,
        course=lesson.course,
        lesson=lesson.slug,
        use=lesson.use,
        ticked=known or abort(404),
        unticked=[],
        now=clock.now(),
    )
    return redirect(f"/{lesson.course}/{lesson.slug}/dung#xong", 303)


def _course_and_lesson(course_slug: str, lesson_slug: str) -> tuple[Course, Lesson]:
    course, lesson = translated_or_404(course_slug, lesson_slug, use_of)
    if lesson.use is None:
        abort(404)
    return course, lesson


def use_page(course: Course, lesson: Lesson) -> page_cache.SharedPage:
    return page_cache.shared_page(("dung", course.slug, lesson.slug), lambda: _render_anonymous(course, lesson))


def _render_anonymous(course: Course, lesson: Lesson) -> str:
    return render_template(
        "use/use.html",
        course=course,
        lesson=lesson,
        use=lesson.use,
        end=end_of_use_stage(course, lesson, None),
        sheet_url=real_device_sheet_url(course, lesson),
        real_device_url=real_device_url(course, lesson),
        today=clock.today(),
    )


def _personal_fragments(
    course: Course, lesson: Lesson, learner_id: str | None, *, nothing_ticked: bool = False
) -> dict[str, str]:
    """``nothing_ticked``: the form came without a task, and the page asks for one."""
    progress = lesson_progress(session(), learner_id, lesson)
    task = get_template_attribute("macros/task.html", "task")
    tasks = lesson.use.tasks if lesson.use else ()
    return {
        "learner": learner_key(learner_id) if learner_id else "",
        "earned": " data-earned" if Stage.USE in progress.earned else "",
        "stage-nav": get_template_attribute("macros/stage_nav.html", "stage_nav")(lesson, Stage.USE, progress.earned),
        "code-card": learning_code_card.card_after_first_mark(progress.earned),
        "end": get_template_attribute("macros/task.html", "tasks_end")(
            progress, end_of_use_stage(course, lesson, progress), nothing_ticked
        ),
    } | {f"task-{each.id}": task(each, progress.ticked[each.id]) for each in tasks if each.id in progress.ticked}

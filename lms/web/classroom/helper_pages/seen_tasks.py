"""Route of /dung-lop/<class>/cho/<seat>/da-thay: a facilitator at a seat attests which tasks were seen done there."""

from __future__ import annotations

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Use
from lms.learning.classroom.seats import seats
from lms.learning.classroom.tasks.attestation import attest_tasks
from lms.learning.errors import NotFound, RemovedFromClass
from lms.web import clock
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import ClassroomError
from lms.web.classroom.class_header import class_header, count_phones
from lms.web.classroom.desk.attestation import NO_TASK_CHOSEN, OTHER_LESSON, STALE, is_of_present_lesson
from lms.web.classroom.helper_pages.help_list import preselected_tasks
from lms.web.classroom.helper_pages.routes import (
    BACK_TO_LIST,
    HelpContext,
    get_seat,
    help_context,
    require_steering_person,
)
from lms.web.database import session
from lms.web.language import translate
from lms.web.page_cache import no_store_page


@bp.get("/dung-lop/<class_id>/cho/<int:number>/da-thay")
def show_seen_tasks(class_id: str, number: int) -> Response:
    context = _steering_context(class_id)
    return no_store_page(_render(context, number, {task.id for task in preselected_tasks(context) or ()}))


@bp.post("/dung-lop/<class_id>/cho/<int:number>/da-thay")
def save_seen_tasks(class_id: str, number: int) -> ResponseReturnValue:
    """Record the tasks ``viec`` of this seat, and lower its hand."""
    context = _steering_context(class_id)
    task_ids, now = set(request.form.getlist("viec")), clock.now()
    use = _use_stage(context)
    if not is_of_present_lesson(context):  # two lessons may have tasks with the same id
        return no_store_page(_render(context, number, set(), problem=OTHER_LESSON), status=409)
    if not task_ids:
        return no_store_page(_render(context, number, task_ids, problem=NO_TASK_CHOSEN), status=422)
    seen = {"use": use, "task_ids": task_ids, "now": now}
    try:
        attest_tasks(session(), class_id, number, account_id=context.person.id, **seen)
        seats.record_help(session(), class_id, number, **context.actor, now=now)  # lowers the hand
    except (NotFound, RemovedFromClass):
        return no_store_page(_render(context, number, task_ids, problem=STALE), status=409)
    return redirect(f"{context.base_url}/giup?da=da-thay", 303)


def _steering_context(class_id: str) -> HelpContext:
    context = help_context(class_id)
    require_steering_person(context)
    return context


def _use_stage(context: HelpContext) -> Use:
    use = context.lesson.use
    if use is None or not use.tasks:
        title, sentence = translate("Bài này không có phần Dùng liền"), translate("Không có việc làm trên máy thật.")
        raise ClassroomError(409, title, sentence, f"{context.base_url}/giup", translate(BACK_TO_LIST))
    return use


def _render(context: HelpContext, number: int, chosen: set[str], *, problem: str = "") -> str:
    return render_template(
        "classroom/helper_pages/seen_tasks.html",
        account=context.account,
        class_header=class_header(context.class_session, count_phones(context.class_session.id)),
        base_url=context.base_url,
        seat=get_seat(context, number),
        tasks=[(task, task.id in chosen) for task in _use_stage(context).tasks],
        problem=translate(problem),
    )

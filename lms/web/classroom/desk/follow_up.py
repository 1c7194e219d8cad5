"""Routes of /dung-lop/<class>/buoi-sau: next meeting, homework, a text for the chat group; and the notes."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Lesson
from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.classroom.lifecycle import follow_up
from lms.learning.classroom.lifecycle.follow_up import MAX_HOMEWORK_LENGTH, MAX_NEXT_MEETING_LENGTH, MAX_NOTE_LENGTH
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.errors import ClassClosed, TooLarge
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import (
    FacilitatorContext,
    class_closed_error,
    get_class_session,
    message_from_query,
    require_steering,
)
from lms.web.classroom.class_header import class_header, count_phones
from lms.web.classroom.desk.closed_desk import render_closed_desk
from lms.web.database import session
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.request_context import settings
from lms.web.template_context import url_scope

MESSAGES = {
    "ghi": mark_for_translation("Đã ghi. Màn chiếu hiện ở bước cuối, máy của bà con hiện ở “Xem dấu và mã học”.")
}
PROBLEMS = {
    "next_meeting": (
        mark_for_translation("“Buổi sau” dài quá {limit} chữ. Viết ngắn lại nhé."),
        MAX_NEXT_MEETING_LENGTH,
    ),
    "homework": (mark_for_translation("“Việc ở nhà” dài quá {limit} chữ. Viết ngắn lại nhé."), MAX_HOMEWORK_LENGTH),
}
NOTE_TOO_LONG = mark_for_translation("Lời nhắn dài quá {limit} chữ. Viết ngắn lại nhé.")


@bp.get("/dung-lop/<class_id>/buoi-sau")
def show_follow_up(class_id: str) -> Response:
    context = require_steering(class_id)
    class_session = context.class_session
    typed = (class_session.next_meeting, class_session.homework)
    return no_store_page(_render(context, *typed, message=message_from_query(MESSAGES)))


@bp.post("/dung-lop/<class_id>/buoi-sau")
def save_follow_up(class_id: str) -> ResponseReturnValue:
    """``buoi``: when and where the class meets again. ``viec``: what to do at home."""
    context = require_steering(class_id)
    typed = {"next_meeting": request.form.get("buoi", ""), "homework": request.form.get("viec", "")}
    try:
        follow_up.set_follow_up(session(), class_id, **typed, account_id=context.account.id, now=clock.now())
    except ClassClosed as error:
        raise class_closed_error(context.base_url) from error
    except TooLarge as error:
        shown = [text[:400] for text in typed.values()]
        sentence, limit = PROBLEMS[error.args[0]]
        problem = translate(sentence).format(limit=limit)
        return no_store_page(_render(context, *shown, problem=problem), status=422)
    return redirect(f"{context.base_url}/buoi-sau?da=ghi", 303)


@bp.post("/dung-lop/<class_id>/loi-nhan")
def save_handover_note(class_id: str) -> ResponseReturnValue:
    return _save_note(class_id, follow_up.set_handover_note, field="loi", name="note", anchor="loi-nhan")


@bp.post("/dung-lop/<class_id>/loi-ve-bai")
def save_author_note(class_id: str) -> ResponseReturnValue:
    """``ve-bai``: what the author of the class's lesson should know."""
    return _save_note(class_id, follow_up.set_author_note, field="ve-bai", name="author_note", anchor="loi-ve-bai")


@bp.post("/dung-lop/<class_id>/loi-nhan/xoa")
def delete_handover_note(class_id: str) -> ResponseReturnValue:
    account = require_account()
    permissions.require_permission(account, "steer_class", PermissionTarget(get_class_session(class_id).ward))
    follow_up.delete_handover_note(session(), class_id, account_id=account.id)
    return redirect("/dung-lop", 303)


def _save_note(class_id: str, save: Callable[..., None], *, field: str, name: str, anchor: str) -> ResponseReturnValue:
    """Save the form's only text. The page of a closed class shows a problem with it under ``name``."""
    context = require_steering(class_id)
    typed = request.form.get(field, "")
    try:
        save(session(), class_id, typed, account_id=context.account.id, now=clock.now())
    except ClassClosed as error:
        raise class_closed_error(context.base_url) from error
    except TooLarge:
        problem = translate(NOTE_TOO_LONG).format(limit=MAX_NOTE_LENGTH)
        page = render_closed_desk(context, **{name: typed[:800], f"{name}_problem": problem})
        return no_store_page(page, status=422)
    return redirect(f"{context.base_url}#{anchor}", 303)


def _render(
    context: FacilitatorContext, next_meeting: str, homework: str, *, message: str = "", problem: str = ""
) -> str:
    return render_template(
        "classroom/desk/follow_up.html",
        account=context.account,
        class_header=class_header(context.class_session, count_phones(context.class_session.id)),
        base_url=context.base_url,
        message=message,
        problem=problem,
        next_meeting=next_meeting,
        homework=homework,
        limits=(MAX_NEXT_MEETING_LENGTH, MAX_HOMEWORK_LENGTH),
        group_message="" if problem else _group_message(context.class_session, context.lesson),
    )


def _group_message(class_session: ClassSession, lesson: Lesson) -> str:
    """What may be sent to the class's chat group, in Vietnamese on every page; "" while there is nothing to say."""
    if not (class_session.next_meeting or class_session.homework):
        return ""
    lines = [f"Các bác vừa học xong bài “{lesson.name}”."]
    if class_session.next_meeting:
        lines.append(_with_full_stop(f"Buổi sau: {class_session.next_meeting}"))
    if class_session.homework:
        lines.append(_with_full_stop(f"Việc ở nhà: {class_session.homework}"))
    home = settings().city_url or (settings().public_url if url_scope(settings().public_url) == "everywhere" else "")
    if home:
        lines.append(f"Học lại lúc nào cũng được: {home}/{lesson.course}/{lesson.slug}")
    return "\n".join(lines)


def _with_full_stop(line: str) -> str:
    return line if line.endswith((".", "!", "?", "…")) else f"{line}."

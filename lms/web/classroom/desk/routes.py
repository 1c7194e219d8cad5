"""Routes of the desk: show it, handle its commands, count hands, close and reopen the class."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.questions import UnknownOption
from lms.http.forms import parse_lesson_number
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.lifecycle.command_handler import apply_command as apply_command
from lms.learning.classroom.lifecycle.opening import MAX_HEAD_COUNT, REOPEN_WINDOW, reopen_class_session
from lms.learning.classroom.questions import tallies
from lms.learning.classroom.session.commands import parse_command
from lms.learning.classroom.session.steps import step_question_id
from lms.learning.errors import ClassClosed, InvalidCommand, TooLarge
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import (
    ClassroomError,
    FacilitatorContext,
    NotYourClass,
    class_closed_error,
    message_from_query,
    record_audit,
    require_open_class,
    require_steering,
)
from lms.web.classroom.class_header import class_header, count_phones
from lms.web.classroom.desk.closed_desk import render_closed_desk
from lms.web.classroom.desk.pages import MESSAGES, render_desk, render_step_list
from lms.web.classroom.desk.practice_screen import render_screen
from lms.web.classroom.desk.preview import preview_options
from lms.web.classroom.desk.settings import invalid_count, parse_count, settings_url
from lms.web.database import session
from lms.web.errors import wants_json
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.request_context import library, settings

REOPEN_MINUTES = int(REOPEN_WINDOW.total_seconds()) // 60

STALE_PAGE = mark_for_translation("Bài vừa được sửa, hoặc trang đã mở lâu. Mở lại trang điều khiển rồi làm tiếp.")
STALE_HAND_COUNT = mark_for_translation("Lớp đã sang lần hỏi khác. Đếm lại theo câu đang hiện.")


@bp.errorhandler(NotYourClass)
def not_your_class_page(error: NotYourClass) -> Response:
    """Offer a facilitator of the same ward to join the facilitators of this class."""
    class_session = error.class_session
    edition = library().edition_or_merged_into(class_session)
    page = render_template(
        "classroom/desk/join_steering.html",
        account=require_account(),
        class_session=class_session,
        lesson=edition[1].name if edition else class_session.lesson,
        base_url=f"/dung-lop/{class_session.id}",
    )
    return no_store_page(page, status=200 if request.method == "GET" else 403)


@bp.get("/dung-lop/<class_id>")
def show_desk(class_id: str) -> Response:
    context = require_steering(class_id)
    if context.class_session.is_closed:
        return no_store_page(render_closed_desk(context))
    return no_store_page(render_desk(context, message=message_from_query(MESSAGES)))


@bp.post("/dung-lop/<class_id>/cung-dung")
def join_steering(class_id: str) -> ResponseReturnValue:
    """Become one of the facilitators of this class."""
    try:
        context = require_steering(class_id)
    except NotYourClass as error:
        account = require_account()
        try:
            opening.take_over_class_session(session(), class_id, account_id=account.id, now=clock.now())
        except ClassClosed as class_closed:
            raise class_closed_error("/dung-lop") from class_closed
        record_audit(account, "class_taken_over", error.class_session)
        return redirect(f"/dung-lop/{error.class_session.id}", 303)
    return redirect(context.base_url, 303)


@bp.post("/dung-lop/<class_id>/lenh")
def handle_command(class_id: str) -> ResponseReturnValue:
    """Apply a command sent as a form or as JSON. A form is redirected to the desk; JSON gets the new snapshot."""
    context = require_steering(class_id)
    try:
        new_command = parse_command(_command_fields())
        result = apply_command(
            session(),
            class_id,
            account_id=context.account.id,
            command=new_command,
            library=library(),
            now=clock.now(),
            personal_for=timedelta(days=settings().class_days),
        )
    except ClassClosed as error:
        raise class_closed_error(context.base_url) from error
    except InvalidCommand as error:
        raise ClassroomError(
            422,
            translate("Lớp chưa làm được việc đó"),
            translate(STALE_PAGE),
            context.base_url,
            translate("Về điều khiển"),
        ) from error
    if result.changed and result.class_session.is_closed:
        record_audit(context.account, "class_closed", result.class_session)
    if wants_json():
        response = jsonify(snapshots.find_desk_snapshot(session(), class_id, library(), clock.now()))
        response.headers["Cache-Control"] = "no-store"
        return response
    if result.class_session.is_closed:
        return redirect(f"{context.base_url}?da=dong", 303)
    match request.form.get("ve"):
        case "viec":
            return redirect(settings_url(context, request.form.get("mo", "")), 303)
        case "giup":
            return redirect(f"{context.base_url}/giup", 303)
        case "cac-buoc":
            return redirect(f"{context.base_url}/cac-buoc", 303)
    return redirect(context.base_url, 303)


@bp.get("/dung-lop/<class_id>/cac-buoc")
def show_step_list(class_id: str) -> Response:
    """Show all steps of the class and the plan of its minutes."""
    return no_store_page(render_step_list(require_open_class(class_id)))


@bp.get("/dung-lop/<class_id>/man/<screen>")
def show_practice_screen(class_id: str, screen: str) -> Response:
    """Show one screen of the practice: who is there, demonstrate it, make everybody wait at it."""
    return no_store_page(render_screen(require_open_class(class_id), screen))


@bp.get("/dung-lop/<class_id>/dem-tay")
def show_hand_count(class_id: str) -> Response:
    return no_store_page(_render_hand_count(require_open_class(class_id)))


@bp.post("/dung-lop/<class_id>/dem-tay")
def save_hand_count(class_id: str) -> ResponseReturnValue:
    context = require_open_class(class_id)
    state = context.class_session.state
    question = context.lesson.understand.question(step_question_id(state.step) or "")
    is_this_lesson = parse_lesson_number(request.form.get("lesson", "")) == context.class_session.lesson_number
    asked = (request.form.get("step"), request.form.get("round"))
    if question is None or not is_this_lesson or asked != (state.step, str(state.round)):
        return no_store_page(_render_hand_count(context, problem=STALE_HAND_COUNT), status=409)
    hand_counts = {
        option.key: parse_count(request.form.get(f"tay-{option.key}") or "0", MAX_HEAD_COUNT)
        for option in preview_options(question)
    }
    valid = {key: count for key, count in hand_counts.items() if count is not None}
    if len(valid) < len(hand_counts):
        return no_store_page(_render_hand_count(context, problem=invalid_count()), status=422)
    try:
        tallies.save_hand_counts(
            session(), class_id, question.id, state.round, valid, account_id=context.account.id, library=library()
        )
    except (UnknownOption, InvalidCommand, TooLarge) as error:
        raise ClassroomError(
            409, translate("Chưa ghi được số tay"), translate(STALE_PAGE), context.base_url, translate("Về điều khiển")
        ) from error
    return redirect(f"{context.base_url}?da=tay", 303)


@bp.get("/dung-lop/<class_id>/dong")
def confirm_close(class_id: str) -> Response:
    context = require_open_class(class_id)
    has_head_count = context.class_session.head_count is not None
    return no_store_page(
        render_template(
            "classroom/desk/confirm_close.html",
            account=context.account,
            class_header=class_header(context.class_session, count_phones(context.class_session.id)),
            base_url=context.base_url,
            missing="" if has_head_count else translate("Chưa ghi số người đếm được trong phòng. Ghi sau cũng được."),
        )
    )


def _render_hand_count(context: FacilitatorContext, *, problem: str = "") -> str:
    state = context.class_session.state
    question = context.lesson.understand.question(step_question_id(state.step) or "")
    if question is None:
        raise ClassroomError(
            409,
            translate("Lớp không ở câu hỏi nào"),
            translate("Đếm tay khi câu hỏi đang mở."),
            context.base_url,
            translate("Về điều khiển"),
        )
    counted = tallies.find_hand_counts(session(), context.class_session.id, question.id, state.round)
    return render_template(
        "classroom/desk/hand_count.html",
        account=context.account,
        class_header=class_header(context.class_session, count_phones(context.class_session.id)),
        base_url=context.base_url,
        problem=translate(problem),
        prompt=question.prompt,
        step=state.step,
        round=state.round,
        options=preview_options(question),
        counted=counted,
    )


def _command_fields() -> dict:
    try:
        fields = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    except RecursionError:  # deeply nested JSON
        fields = None
    return fields if isinstance(fields, dict) else {}


@bp.post("/dung-lop/<class_id>/mo-lai")
def reopen_class(class_id: str) -> ResponseReturnValue:
    context = require_steering(class_id)
    try:
        result = reopen_class_session(session(), class_id, account_id=context.account.id, now=clock.now())
    except ClassClosed as error:
        sentence = translate(
            "Chỉ mở lại được trong {minutes} phút sau khi đóng. Dấu của bà con còn đó. Học tiếp thì mở lớp mới."
        ).format(minutes=REOPEN_MINUTES)
        raise ClassroomError(
            409, translate("Lớp đóng đã lâu"), sentence, context.base_url, translate("Xem lớp đã đóng")
        ) from error
    if result.changed:
        record_audit(context.account, "class_reopened", result.class_session)
    return redirect(f"{context.base_url}?da=mo-lai", 303)

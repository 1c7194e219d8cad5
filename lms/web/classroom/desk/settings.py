"""Routes of /dung-lop/<class>/viec: projectors, the door, idle seats, head count, mode and guidance level."""

from __future__ import annotations

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms import vietnam_time
from lms.content.model import Mode
from lms.learning.classroom.access import class_helpers, projectors
from lms.learning.classroom.access.class_helpers import Helper
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.lifecycle.opening import MAX_HEAD_COUNT
from lms.learning.classroom.seats import idle_seats, seats
from lms.learning.classroom.seats.idle_seats import MAX_ACTIVE_SEATS
from lms.learning.classroom.session.class_codes import PAIRING_CODE_LENGTH, parse_digits
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import find_seats
from lms.learning.errors import ClassFull, TooLarge, UnknownPairingCode
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import (
    ClassroomError,
    FacilitatorContext,
    message_from_query,
    require_open_class,
    require_steering,
)
from lms.web.classroom.class_header import class_header
from lms.web.classroom.desk.actions import NULL, DeskAction
from lms.web.classroom.desk.class_index import MODE_LABELS, PLACE_TOO_LONG
from lms.web.classroom.desk.closed_desk import render_closed_desk
from lms.web.classroom.desk.pages import render_desk, stream_url
from lms.web.classroom.desk.room_actions import (
    CLOSE_DOOR,
    OPEN_DOOR,
    REMOVE_WAIT_SCREEN,
    pause_action,
    show_codes_action,
)
from lms.web.classroom.lesson_summary_lines import paper_links
from lms.web.classroom.wall.routes import current_projector, set_projector_cookie
from lms.web.database import session
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.request_context import library
from lms.web.urls import site_host

# In FOLLOW mode: one guidance level for everybody, or None for each learner's own level.
GUIDANCE_LEVELS = (
    (None, mark_for_translation("Tùy từng người")),
    (2, mark_for_translation("Chỉ rõ chỗ chạm")),
    (1, mark_for_translation("Chỉ nói bằng lời")),
    (0, mark_for_translation("Chỉ nêu việc")),
)
MESSAGES = {
    "cho": mark_for_translation("Đã thêm chỗ số {}."),
    "noi": mark_for_translation("Đã ghi nơi học."),
    "so-nguoi": mark_for_translation("Đã ghi số người trong phòng."),
    "thoi-chieu": mark_for_translation("Máy chiếu ấy không còn hiện lớp này."),
    "di": mark_for_translation("Người ấy không còn thấy lớp này."),
    "don": mark_for_translation("Đã dọn {} chỗ. Máy nào còn mở trang thì tự về chỗ cũ."),
}
# Ids of the collapsible sections. The one that was just used stays open.
SECTIONS = ("khong-may", "cach-tap", "cua-lop", "ngoai-lop", "nguoi-phu", "man-chieu", "dem-nguoi", "noi-hoc")
SECTION_OF_MESSAGE = {
    "cho": "khong-may", "thoi-chieu": "man-chieu", "di": "nguoi-phu", "don": "cua-lop",
    "cho-vao": "ngoai-lop", "noi": "noi-hoc",
}  # fmt: skip
PAIRING_UNKNOWN = mark_for_translation(
    "Không có máy chiếu nào đang hiện bốn số ấy. Xem lại số trên màn chiếu rồi gõ lại."
)
PAIRING_INCOMPLETE = mark_for_translation("Gõ đủ bốn chữ số đang hiện trên màn chiếu.")


@bp.get("/dung-lop/<class_id>/viec")
def show_settings(class_id: str) -> Response:
    return no_store_page(render_settings(require_open_class(class_id), message=message_from_query(MESSAGES)))


@bp.post("/dung-lop/<class_id>/chieu")
def pair_projector(class_id: str) -> ResponseReturnValue:
    """Show this class on the projector with the pairing code ``so``; without ``so``, on this browser."""
    context, now = require_open_class(class_id), clock.now()
    if "so" not in request.form:
        known = current_projector()
        if known and known.class_id == class_id:  # its window was closed, or is behind another
            projectors.record_projectors_seen(session(), [known.id], now=now)
            return redirect("/chieu", 303)
        _, secret = projectors.create_paired_projector(session(), class_id, account_id=context.account.id, now=now)
        return set_projector_cookie(redirect("/chieu", 303), secret)
    digits = request.form["so"]
    if parse_digits(digits, PAIRING_CODE_LENGTH) is None:
        return _render_pairing_problem(context, PAIRING_INCOMPLETE, 422)
    try:
        projectors.pair_projector(session(), class_id, digits, account_id=context.account.id, now=now)
    except UnknownPairingCode:
        return _render_pairing_problem(context, PAIRING_UNKNOWN, 404)
    return redirect(f"{context.base_url}?da=ghep", 303)


def _render_pairing_problem(context: FacilitatorContext, problem: str, status: int) -> Response:
    """The page whose form was sent, with the sentence at its field: the desk with ``ve=lop``, else the settings."""
    problem = translate(problem)
    is_joining = context.steps[context.step_index].kind == "join"
    if request.form.get("ve") == "lop" and is_joining:
        return no_store_page(render_desk(context, pairing_problem=problem), status=status)
    return no_store_page(render_settings(context, pairing_problem=problem, open_section="man-chieu"), status=status)


@bp.post("/dung-lop/<class_id>/chieu/thoi")
def unpair_projector(class_id: str) -> ResponseReturnValue:
    context = require_steering(class_id)
    if any(projector.id == request.form.get("may") for projector in projectors.find_projectors(session(), class_id)):
        projectors.unpair_projector(session(), class_id, request.form["may"], account_id=context.account.id)
    return redirect(
        f"{context.base_url}/viec?da=thoi-chieu" if not context.class_session.is_closed else context.base_url, 303
    )


@bp.post("/dung-lop/<class_id>/them-cho")
def add_seat(class_id: str) -> ResponseReturnValue:
    """Add a seat for people without a phone."""
    context = require_open_class(class_id)
    people = parse_count(request.form.get("nguoi"), 4) or 1
    try:
        seat = seats.add_seat(session(), class_id, account_id=context.account.id, people=people, now=clock.now())
    except ClassFull as error:
        raise ClassroomError(
            409,
            translate("Lớp đã đầy"),
            translate("Lớp này không thêm chỗ được nữa."),
            context.base_url,
            translate("Về điều khiển"),
        ) from error
    return redirect(f"{context.base_url}/viec?da=cho&so={seat.number}", 303)


@bp.post("/dung-lop/<class_id>/don-ghe")
def remove_idle_seats(class_id: str) -> ResponseReturnValue:
    """Remove all idle seats of the class."""
    context = require_open_class(class_id)
    count = idle_seats.remove_idle_seats(session(), class_id, account_id=context.account.id, now=clock.now())
    return redirect(f"{context.base_url}/viec?da=don&so={count}", 303)


@bp.post("/dung-lop/<class_id>/noi-hoc")
def save_place(class_id: str) -> ResponseReturnValue:
    context = require_open_class(class_id)
    try:
        opening.set_venue(session(), class_id, request.form.get("noi", ""), account_id=context.account.id)
    except TooLarge:
        return no_store_page(render_settings(context, problem=PLACE_TOO_LONG, open_section="noi-hoc"), status=422)
    return redirect(f"{context.base_url}/viec?da=noi", 303)


@bp.post("/dung-lop/<class_id>/so-nguoi")
def save_head_count(class_id: str) -> ResponseReturnValue:
    context = require_steering(class_id)
    typed = request.form.get("nguoi", "").strip()
    head_count = parse_count(typed, MAX_HEAD_COUNT)
    if head_count is None and context.class_session.is_closed:
        return no_store_page(render_closed_desk(context, problem=invalid_count(), typed=typed[:20]), status=422)
    if head_count is None:
        return no_store_page(render_settings(context, problem=invalid_count(), open_section="dem-nguoi"), status=422)
    opening.set_head_count(session(), class_id, head_count, account_id=context.account.id)
    return redirect(
        f"{context.base_url}/viec?da=so-nguoi" if not context.class_session.is_closed else context.base_url, 303
    )


def settings_url(context: FacilitatorContext, section: str) -> str:
    """The URL of the settings page with one section open."""
    return f"{context.base_url}/viec?mo={section}#{section}" if section in SECTIONS else f"{context.base_url}/viec"


def render_settings(
    context: FacilitatorContext,
    *,
    message: str = "",
    problem: str = "",
    pairing_problem: str = "",
    open_section: str = "",
) -> str:
    """Render the settings page.

    ``open_section`` is the section whose form was rejected; by default ``?mo=`` or the confirmed action tells it.
    """
    class_session, state, practice = context.class_session, context.class_session.state, context.lesson.practice
    now = clock.now()
    snapshot = snapshots.find_desk_snapshot(session(), class_session.id, library(), now)
    present = [seat for seat in find_seats(session(), class_session.id) if not seat.removed]
    wait_screen = practice.screen(state.wait_screen) if practice and state.wait_screen else None
    paired = projectors.find_projectors(session(), class_session.id)
    is_full = len(present) >= MAX_ACTIVE_SEATS
    open_section = open_section or request.args.get("mo") or SECTION_OF_MESSAGE.get(request.args.get("da", ""), "")
    return render_template(
        "classroom/desk/settings.html",
        account=context.account,
        class_header=class_header(class_session, snapshot["machines"]),
        stream_url=stream_url(context),
        base_url=context.base_url,
        message=translate(problem) if problem else message.format(_short_number(request.args.get("so", ""))),
        tone="careful" if problem else "tip",
        pairing_problem=pairing_problem,
        open_section={open_section} | ({"cua-lop"} if is_full or snapshot["crowd"] else set()),
        pause_action=pause_action(state),
        show_codes_action=show_codes_action(state),
        door_action=OPEN_DOOR if state.door_closed else CLOSE_DOOR,
        is_shut=state.door_closed,
        is_full=is_full,
        idle=idle_seats.count_idle_seats(session(), class_session, now=now),
        removed=snapshot["swept"],
        projectors=[(projector, projector.is_connected(now)) for projector in paired],
        connected_projectors=snapshot["walls"],
        wall_address=f"{site_host()}/chieu",
        out=snapshot["out"],
        people_without_phone=sum(seat.people for seat in present if seat.added),
        attendance=_attendance_summary(class_session, snapshot["machines"], snapshot["people"]),
        head_count=class_session.head_count,
        has_follow_up=bool(class_session.next_meeting or class_session.homework),
        place=class_session.venue,
        papers=paper_links(context.lesson),
        has_practice=practice is not None,
        modes=_mode_actions(state.mode),
        mode=translate(MODE_LABELS[state.mode]).partition(":")[0],
        levels=_level_actions(state.guidance_level),
        is_follow_mode=state.mode == Mode.FOLLOW,
        wait_screen=wait_screen.title if wait_screen else "",
        remove_wait_screen=REMOVE_WAIT_SCREEN,
        wifi=state.wifi is not None,
        helpers=active_helpers(class_session.id),
    )


def _mode_actions(mode: str) -> tuple[tuple[DeskAction, bool], ...]:
    return tuple(
        (DeskAction(label.partition(":")[0], label.partition(": ")[2], (("mode", value),)), value == mode)
        for value, label in ((value, translate(words)) for value, words in MODE_LABELS.items())
    )


def _level_actions(level: int | None) -> tuple[tuple[DeskAction, bool], ...]:
    return tuple(
        (DeskAction(translate(label), fields=(("level", NULL if value is None else str(value)),)), value == level)
        for value, label in GUIDANCE_LEVELS
    )


def _attendance_summary(class_session: ClassSession, phones: int, people: int) -> str:
    summary = translate("{phones} máy, {people} người theo các máy và chỗ đã thêm.").format(
        phones=phones, people=people
    )
    return (
        summary
        if class_session.head_count is None
        else summary + " " + translate("Đã đếm được {head_count} người.").format(head_count=class_session.head_count)
    )


def _short_number(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) <= 3 else ""


def invalid_count() -> str:
    return translate("Ghi một số từ 0 đến {most} nhé.").format(most=MAX_HEAD_COUNT)


def parse_count(text: str | None, most: int) -> int | None:
    """Parse a typed number from 0 to ``most``; None if it is anything else."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= most else None


def active_helpers(class_id: str) -> list[tuple[Helper, str]]:
    """The helpers who joined by QR code and were not removed, each with the time when they joined ("8:05")."""
    active = [helper for helper in class_helpers.find_helpers(session(), class_id) if not helper.revoked]
    return [(helper, vietnam_time.hour_and_minute(helper.joined_at)) for helper in active]

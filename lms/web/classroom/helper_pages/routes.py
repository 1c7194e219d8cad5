"""Routes for helping learners at their seats: the help list, one seat, its replay.

Facilitators of the ward may use them, and helpers who joined by QR code.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.classroom.access import class_helpers
from lms.learning.classroom.access.class_helpers import Helper
from lms.learning.classroom.access.membership import is_facilitator
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.lifecycle.opening import can_reopen
from lms.learning.classroom.seats import seat_claims, seats
from lms.learning.classroom.session.seat_store import Seat, find_seat
from lms.learning.classroom.session.stream_tokens import StreamToken, sign_stream_token
from lms.learning.errors import NotAllowed, NotFound, NotSignedIn
from lms.learning.practice import attempts
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import check_csrf_token, current_account
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import (
    ClassContext,
    ClassroomError,
    Reopening,
    class_closed_error,
    get_class_session,
    load_context,
    message_from_query,
)
from lms.web.classroom.class_header import class_header
from lms.web.classroom.desk.practice_screen import stuck_screen
from lms.web.classroom.desk.preview import demo_path
from lms.web.classroom.helper_pages.help_list import help_entries, help_heading, preselected_tasks
from lms.web.classroom.helper_pages.seat_screen import render_seat
from lms.web.database import session
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.practice.attempt_page import attempt_context, attempt_in_chosen_language
from lms.web.practice.replay import ReplayPageContext, replay_page
from lms.web.request_context import library, settings

COOKIE = "helper"
REFRESH_SECONDS = 10  # without JavaScript
SEAT_NOT_FOUND = mark_for_translation("Lớp không có số này")
BACK_TO_LIST = mark_for_translation("Về danh sách")
MESSAGES = {
    "toi-den": mark_for_translation("Mọi người đã biết có người đang đến."),
    "xong": mark_for_translation("Đã ghi là xong."),
    "da-thay": mark_for_translation("Đã ghi là đã thấy."),
    "thoi": mark_for_translation("Đã thôi."),
}


@dataclass(frozen=True, slots=True)
class HelpContext(ClassContext):
    """The class session with the person who helps in it: an account of its ward, or a helper without an account."""

    person: Account | Helper
    steers: bool  # the account is a facilitator of the class

    @property
    def account(self) -> Account | None:
        return self.person if isinstance(self.person, Account) else None

    @property
    def actor(self) -> dict[str, str]:
        """The person as a keyword argument of the seat services."""
        return {"account_id" if self.account else "helper_id": self.person.id}

    @property
    def stream_url(self) -> str:
        role = "desk" if self.steers else "helper"
        generation = self.account.session_version if self.account else 0
        token = StreamToken(role, self.class_session.id, self.person.id, generation)
        return f"/lop/dong?ve={sign_stream_token(settings().secret_key, token)}"


@bp.get("/dung-lop/<class_id>/giup")
def show_help_list(class_id: str) -> Response:
    return no_store_page(_render_help_list(help_context(class_id)))


@bp.get("/dung-lop/<class_id>/cho/<int:number>")
def show_helped_seat(class_id: str, number: int) -> Response:
    """Show the screen of a seat, never what the learner typed."""
    context = help_context(class_id)
    seat = get_seat(context, number)
    page = render_seat(
        context,
        seat,
        account=context.account,
        helper_name=context.person.name,
        steers=context.steers,
        message=message_from_query(MESSAGES),
    )
    return no_store_page(page)


@bp.post("/dung-lop/<class_id>/cho/<int:number>")
def act_on_seat(class_id: str, number: int) -> ResponseReturnValue:
    """Do what ``viec`` says with a seat.

    "toi-den", "thoi", "xong": start, cancel or finish helping. For facilitators also "moi-ra", "cho-vao": remove or
    readmit the seat; "dong-y", "khong": approve or reject a claim of it.
    """
    context = help_context(class_id)
    action, now = request.form.get("viec", ""), clock.now()
    get_seat(context, number)
    match action:
        case "toi-den":
            seats.set_helper(session(), class_id, number, name=context.person.name, **context.actor, now=now)
        case "thoi":
            seats.set_helper(session(), class_id, number, name=None, **context.actor, now=now)
        case "xong":
            seats.record_help(session(), class_id, number, **context.actor, now=now)
        case "moi-ra" | "cho-vao" | "dong-y" | "khong":
            _act_as_facilitator(context, number, action)
        case _:
            sentence = translate("Mở lại danh sách rồi chạm lần nữa.")
            raise ClassroomError(
                422, translate("Máy chưa hiểu việc đó"), sentence, f"{context.base_url}/giup", translate(BACK_TO_LIST)
            )
    return_path = {"giup": "/giup", "lop": "", "viec": "/viec"}.get(request.form.get("ve", ""), f"/cho/{number}")
    return redirect(f"{context.base_url}{return_path}?da={action}", 303)


def require_steering_person(context: HelpContext) -> Account:
    """The account of the person.

    Raises:
        ClassroomError: the person is no facilitator of this class.
    """
    if context.account is None or not context.steers:
        list_url = f"{context.base_url}/giup"
        raise ClassroomError(
            403,
            translate("Việc này của người đứng lớp"),
            translate("Nói với người đứng lớp nhé."),
            list_url,
            translate(BACK_TO_LIST),
        )
    return context.account


def _act_as_facilitator(context: HelpContext, number: int, action: str) -> None:
    """Remove or readmit a seat, or resolve its claim.

    Raises:
        ClassroomError: the person is no facilitator of this class.
    """
    account, class_id, now = require_steering_person(context), context.class_session.id, clock.now()
    match action:
        case "moi-ra":
            seats.remove_seat(session(), class_id, number, account_id=account.id, now=now)
        case "cho-vao":
            seats.readmit_seat(session(), class_id, number, account_id=account.id, now=now)
        case _:
            approved = action == "dong-y"
            seat_claims.resolve_claim(
                session(), class_id, number, account_id=account.id, approved=approved, library=library(), now=now
            )


@bp.get("/dung-lop/<class_id>/cho/<int:number>/xem-lai")
def replay_seat(class_id: str, number: int) -> Response:
    """Replay an ended attempt that was started at this seat, by its present learner.

    ``luot`` is its number, from 1 in the order in which they ended; the default is the last one.
    """
    context = help_context(class_id)
    seat = get_seat(context, number)
    seat_url = f"{context.base_url}/cho/{number}"
    learner_id = seat.learner_id or ""
    ended_attempts = attempts.ended_attempts_at_seat(session(), learner_id, class_id, number) if learner_id else ()
    if not ended_attempts:
        raise ClassroomError(
            404,
            translate("Chưa có lượt nào để xem lại"),
            translate("Máy này chưa tập xong lượt nào."),
            seat_url,
            translate("Về số {number}").format(number=number),
        )
    number_of_attempt = _attempt_number(request.args.get("luot", ""), len(ended_attempts))
    attempt = attempt_in_chosen_language(attempt_context(ended_attempts[number_of_attempt - 1], learner_id))
    viewer = ReplayPageContext(
        base_url=f"{seat_url}/xem-lai?luot={number_of_attempt}&",
        back_url=seat_url,
        back_label=translate("Về số {number}").format(number=number),
        seat_name=translate("Số {number} – {name}, lượt {attempt} trong {total}").format(
            number=number, name=translate(seat.emblem.name), attempt=number_of_attempt, total=len(ended_attempts)
        ),
        account=context.account,
        earlier_attempt_url=f"{seat_url}/xem-lai?luot={number_of_attempt - 1}" if number_of_attempt > 1 else "",
    )
    return replay_page(attempt, viewer)


def help_context(class_id: str) -> HelpContext:
    """Load the class for an account of its ward, or for one of its helpers.

    Raises:
        NotSignedIn: neither signed in nor a helper.
        NotAllowed: the account may not help in this class.
        ClassroomError: there is no such class, it is closed, or the helper was removed.
    """
    account, helper = current_account(), current_helper(class_id)
    if account is None and helper is None:
        if helper_cookie_name() in request.cookies:
            raise helper_removed_error()
        raise NotSignedIn
    class_session = get_class_session(class_id)
    if account is not None and permissions.is_permitted(account, "help", PermissionTarget(class_session.ward)):
        if request.method == "POST":
            check_csrf_token()
        may_steer = permissions.is_permitted(account, "steer_class", PermissionTarget(class_session.ward))
        person, steers = account, may_steer and is_facilitator(session(), class_id, account.id)
    elif helper is not None:
        person, steers = helper, False
    else:
        raise NotAllowed("help")
    base = load_context(class_session)
    context = HelpContext(class_session, base.course, base.lesson, base.steps, person, steers)
    if class_session.is_closed:
        is_over = not can_reopen(class_session, clock.now())
        reopening = None if is_over else Reopening(context.stream_url, f"{context.base_url}/giup")
        raise class_closed_error(context.base_url, reopening) if steers else help_over_error(reopening)
    return context


def helper_removed_error() -> ClassroomError:
    return ClassroomError(
        403,
        translate("Máy này không còn phụ lớp"),
        translate("Muốn phụ tiếp thì xin người đứng lớp cho quét mã lại."),
        "/",
        translate("Về trang đầu"),
    )


def help_over_error(reopening: Reopening | None) -> ClassroomError:
    sentence = translate("Cảm ơn đã phụ lớp. Danh sách không còn nữa.")
    return ClassroomError(409, translate("Lớp đã đóng"), sentence, "/", translate("Về trang đầu"), reopening)


def helper_cookie_name() -> str:
    return settings().cookie_prefix + COOKIE


def current_helper(class_id: str) -> Helper | None:
    """The helper of this class whose cookie this browser has; None without one."""
    secret = request.cookies.get(helper_cookie_name(), "")
    helper = class_helpers.find_helper(session(), secret) if secret else None
    return helper if helper and helper.class_id == class_id else None


def get_seat(context: HelpContext, number: int) -> Seat:
    """Find a seat of the class.

    Raises:
        ClassroomError: the class has no such seat.
    """
    try:
        return find_seat(session(), context.class_session.id, number)
    except NotFound as error:
        list_url = f"{context.base_url}/giup"
        raise ClassroomError(
            404,
            translate(SEAT_NOT_FOUND),
            translate("Xem lại số trên máy ấy rồi tìm lại."),
            list_url,
            translate(BACK_TO_LIST),
        ) from error


def _render_help_list(context: HelpContext) -> str:
    snapshot = snapshots.find_desk_snapshot(session(), context.class_session.id, library(), clock.now())
    practice = context.lesson.practice
    entries = help_entries(snapshot["stuck_list"], practice)
    stuck = stuck_screen(practice, snapshot, demo_path(practice)) if context.steers else None
    seen_tasks = preselected_tasks(context) if context.steers else None
    return render_template(
        "classroom/helper_pages/list.html",
        class_header=class_header(context.class_session, snapshot["machines"]),
        base_url=context.base_url,
        stream_url=context.stream_url,
        refresh_seconds=REFRESH_SECONDS,
        message=message_from_query(MESSAGES),
        heading=help_heading(len(entries)),
        entries=entries,
        most_urgent_seat=next((entry.seat for entry in entries if entry.helper in (None, context.person.name)), None),
        claims=snapshot["claims"] if context.steers else (),
        stuck=stuck if stuck and stuck.fields else None,
        seen_tasks=None if seen_tasks is None else [("viec", task.id) for task in seen_tasks],
        seen_titles=[Markup(task.text).striptags() for task in seen_tasks or ()],  # noqa: S704  (sanitised when read)
        me=context.person.name,
        steers=context.steers,
        account=context.account,
    )


def _attempt_number(text: str, total: int) -> int:
    attempt_number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else total
    return min(max(attempt_number, 1), total)

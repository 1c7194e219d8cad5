"""Routes for helpers without an account: show their QR code, join by it, remove a helper."""

from __future__ import annotations

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.learning.classroom.access import class_helpers
from lms.learning.classroom.access.class_helpers import Helper
from lms.learning.classroom.session.class_codes import CODE_LENGTH, parse_class_code, parse_digits
from lms.learning.errors import ClassClosed, ClassFull, InvalidName, NotFound, TooManySignInTries
from lms.learning.store.database import write_sessions
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import engine
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import (
    ClassroomError,
    get_class_session,
    load_context,
    record_audit,
    require_open_class,
    require_steering,
)
from lms.web.classroom.class_header import class_header, count_phones
from lms.web.classroom.desk.settings import active_helpers
from lms.web.classroom.helper_pages.routes import current_helper, helper_cookie_name
from lms.web.database import session
from lms.web.language import translate
from lms.web.lesson_language import lesson_in_page_language
from lms.web.page_cache import no_store_page
from lms.web.request_context import settings
from lms.web.urls import qr_svg, site_host

COOKIE_MAX_AGE = 16 * 3600  # seconds: long enough for an event that lasts a day
NAME_LENGTH = 40
NAME_TOO_LONG = mark_for_translation("Tên dài quá, viết ngắn lại nhé.")
DIGITS_UNKNOWN = mark_for_translation(
    "Không lớp nào đang mời bằng sáu số này. Mỗi mã dùng được mười phút: nhờ người đứng lớp hiện mã mới."
)
DIGITS_BLOCKED = mark_for_translation(
    "Đã có nhiều lần gõ sai. Đợi 15 phút, hoặc quét hình vuông ở máy của người đứng lớp."
)


@bp.route("/dung-lop/<class_id>/qr-giup", methods=["GET", "POST"])
def show_helper_invite(class_id: str) -> Response:
    """Show the helpers' QR code. Only its digest is stored, so a POST creates a new one."""
    context = require_open_class(class_id)
    invite_url = digits = ""
    if request.method == "POST":
        token = class_helpers.invite_helpers(session(), class_id, account_id=context.account.id, now=clock.now())
        invite_url = f"{settings().public_url}/giup/{token}"
        digits = class_helpers.invitation_digits(token, secret=settings().secret_key)
    return no_store_page(
        render_template(
            "classroom/helper_pages/invite.html",
            account=context.account,
            class_header=class_header(context.class_session, count_phones(class_id)),
            base_url=context.base_url,
            invite_url=invite_url,
            invite_address=f"{site_host()}/giup",
            digits=digits,
            qr=qr_svg(invite_url) if invite_url else "",
            helpers=active_helpers(class_id),
        )
    )


@bp.post("/dung-lop/<class_id>/qr-giup/di")
def remove_helper(class_id: str) -> ResponseReturnValue:
    context, helper_id = require_steering(class_id), request.form.get("ai", "")
    helper = next(
        (helper_row for helper_row in class_helpers.find_helpers(session(), class_id) if helper_row.id == helper_id),
        None,
    )
    if helper is None:
        raise ClassroomError(
            404,
            translate("Không có người phụ này"),
            translate("Xem lại danh sách."),
            f"{context.base_url}/viec",
            translate("Việc khác"),
        )
    class_helpers.revoke_helper(session(), class_id, helper.id, account_id=context.account.id, now=clock.now())
    record_audit(context.account, "helper_removed", context.class_session, name=helper.name)
    return redirect(f"{context.base_url}/viec?da=di", 303)


@bp.get("/giup")
def show_digits_form() -> Response:
    return _digits_form()


@bp.post("/giup")
def join_helper_by_digits() -> ResponseReturnValue:
    """Join by the six digits beside the QR code. Digits that no invitation can have are not counted as a try."""
    typed, name = request.form.get("ma", "").strip()[:40], request.form.get("ten", "")[:NAME_LENGTH]
    if not class_helpers.is_invitation_shaped(typed):
        return _digits_form(typed, name, _digits_problem(typed), 422)
    try:
        with write_sessions(engine()).begin() as counting:
            class_helpers.count_invitation_digits_try(counting, typed, now=clock.now())
        helper, secret = class_helpers.join_helper_by_digits(
            session(), typed, name=name, secret=settings().secret_keys, now=clock.now()
        )
    except TooManySignInTries:
        return _digits_form(typed, name, DIGITS_BLOCKED, 429)
    except NotFound:
        return _digits_form(typed, name, DIGITS_UNKNOWN, 404)
    except ClassFull as error:
        raise class_full_error() from error
    except InvalidName:
        return _digits_form(typed, name, NAME_TOO_LONG, 422)
    return _joined_response(helper, secret)


@bp.get("/giup/<token>")
def show_invitation(token: str) -> ResponseReturnValue:
    """Ask before joining: a link preview that fetches this page must not create a helper."""
    class_id = class_helpers.find_invited_class_id(session(), token, now=clock.now())
    if class_id is not None and current_helper(class_id) is not None:
        return redirect(f"/dung-lop/{class_id}/giup", 303)  # already a helper
    return no_store_page(_render_invitation(token))


@bp.post("/giup/<token>")
def join_as_helper(token: str) -> ResponseReturnValue:
    class_id = class_helpers.find_invited_class_id(session(), token, now=clock.now())
    if class_id is not None and current_helper(class_id) is not None:
        return redirect(f"/dung-lop/{class_id}/giup", 303)  # double tap
    try:
        helper, secret = class_helpers.join_as_helper(
            session(), token=token, name=request.form.get("ten", "")[:NAME_LENGTH], now=clock.now()
        )
    except (NotFound, ClassClosed) as error:
        raise invite_expired_error() from error
    except ClassFull as error:
        raise class_full_error() from error
    except InvalidName:
        return no_store_page(_render_invitation(token, problem=NAME_TOO_LONG), status=422)
    return _joined_response(helper, secret)


def _joined_response(helper: Helper, secret: str) -> ResponseReturnValue:
    """Lead to the help list, with the helper's cookie."""
    response = redirect(f"/dung-lop/{helper.class_id}/giup", 303)
    response.set_cookie(
        helper_cookie_name(), secret, max_age=COOKIE_MAX_AGE, httponly=True, secure=settings().https,
        samesite="Lax",
    )  # fmt: skip
    return response


def class_full_error() -> ClassroomError:
    return ClassroomError(
        409, translate("Lớp đã đủ người phụ"), translate("Nói với người đứng lớp nhé."), "/", translate("Về trang đầu")
    )


def invite_expired_error() -> ClassroomError:
    return ClassroomError(
        404,
        translate("Mã này hết dùng rồi"),
        translate("Mỗi mã dùng được mười phút, khi lớp đang mở. Nhờ người đứng lớp hiện mã mới rồi quét lại."),
        "/",
        translate("Về trang đầu"),
    )


def _digits_form(typed: str = "", name: str = "", problem: str = "", status: int = 200) -> Response:
    page = render_template("classroom/helper_pages/digits.html", typed=typed, name=name, problem=translate(problem))
    return no_store_page(page, status=status)


def _digits_problem(typed: str) -> str:
    """Explain why no invitation has these digits."""
    if parse_class_code(typed):
        return translate("Sáu số này là mã lớp, để bà con vào học. Mã cho người phụ nằm ở máy của người đứng lớp.")
    if parse_digits(typed, CODE_LENGTH):
        return translate("Sáu số này có một số gõ nhầm. Nhìn lại màn hình của người đứng lớp rồi gõ lại nhé.")
    return translate("Mã cho người phụ có sáu chữ số. Nhìn lại màn hình của người đứng lớp rồi gõ cho đủ nhé.")


def _render_invitation(token: str, *, problem: str = "") -> str:
    class_id = class_helpers.find_invited_class_id(session(), token, now=clock.now())
    if class_id is None:
        raise invite_expired_error()
    context = load_context(get_class_session(class_id))
    return render_template(
        "classroom/helper_pages/join.html",
        token=token,
        code=context.class_session.code,
        lesson=lesson_in_page_language(context.lesson).name,
        venue=context.class_session.venue,
        problem=translate(problem),
    )

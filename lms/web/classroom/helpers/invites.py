"""Routes for helpers without an account: show their QR code, join by it, remove a helper."""

from __future__ import annotations

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.learning.classroom.access import helpers
from lms.learning.classroom.display import snapshots
from lms.learning.errors import ClassClosed, ClassFull, InvalidName, NotFound
from lms.web import clock
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import (
    ClassroomError,
    get_class_session,
    load_context,
    record_audit,
    require_open_class,
    require_steering,
)
from lms.web.classroom.desk.pages import ClassHeader
from lms.web.classroom.desk.settings import active_helpers
from lms.web.classroom.helpers.routes import current_helper, helper_cookie_name
from lms.web.database import session
from lms.web.page_cache import no_store_page
from lms.web.request_context import library, settings
from lms.web.urls import qr_svg

COOKIE_MAX_AGE = 16 * 3600  # seconds: long enough for an event that lasts a day
NAME_LENGTH = 40


@bp.route("/dung-lop/<class_id>/qr-giup", methods=["GET", "POST"])
def show_helper_invite(class_id: str) -> Response:
    """Show the helpers' QR code. Only its digest is stored, so a POST creates a new one."""
    context = require_open_class(class_id)
    invite_url = ""
    if request.method == "POST":
        token = helpers.invite_helpers(session(), class_id, account_id=context.account.id, now=clock.now())
        invite_url = f"{settings().public_url}/giup/{token}"
    phones = snapshots.find_desk_snapshot(session(), class_id, library(), clock.now())["machines"]
    return no_store_page(
        render_template(
            "classroom/helpers/invite.html",
            account=context.account,
            class_header=ClassHeader(context.class_session.code, phones),
            base_url=context.base_url,
            invite_url=invite_url,
            qr=qr_svg(invite_url) if invite_url else "",
            helpers=active_helpers(class_id),
        )
    )


@bp.post("/dung-lop/<class_id>/qr-giup/di")
def remove_helper(class_id: str) -> ResponseReturnValue:
    context, helper_id = require_steering(class_id), request.form.get("ai", "")
    helper = next(
        (helper_row for helper_row in helpers.find_helpers(session(), class_id) if helper_row.id == helper_id), None
    )
    if helper is None:
        raise ClassroomError(
            404, "Không có người phụ này", "Xem lại danh sách.", f"{context.base_url}/viec", "Việc khác"
        )
    helpers.revoke_helper(session(), class_id, helper.id, account_id=context.account.id, now=clock.now())
    record_audit(context.account, "helper_removed", context.class_session, name=helper.name)
    return redirect(f"{context.base_url}/viec?da=di", 303)


@bp.get("/giup/<token>")
def show_invitation(token: str) -> ResponseReturnValue:
    """Ask before joining: a link preview that fetches this page must not create a helper."""
    class_id = helpers.find_invited_class_id(session(), token, now=clock.now())
    if class_id is not None and current_helper(class_id) is not None:
        return redirect(f"/dung-lop/{class_id}/giup", 303)  # already a helper
    return no_store_page(_render_invitation(token))


@bp.post("/giup/<token>")
def join_as_helper(token: str) -> ResponseReturnValue:
    class_id = helpers.find_invited_class_id(session(), token, now=clock.now())
    if class_id is not None and current_helper(class_id) is not None:
        return redirect(f"/dung-lop/{class_id}/giup", 303)  # double tap
    try:
        helper, secret = helpers.join_as_helper(
            session(), token=token, name=request.form.get("ten", "")[:NAME_LENGTH], now=clock.now()
        )
    except (NotFound, ClassClosed) as error:
        raise invite_expired_error() from error
    except ClassFull as error:
        raise ClassroomError(409, "Lớp đã đủ người phụ", "Nói với người đứng lớp nhé.", "/", "Về trang đầu") from error
    except InvalidName:
        return no_store_page(_render_invitation(token, problem="Tên dài quá, viết ngắn lại nhé."), status=422)
    response = redirect(f"/dung-lop/{helper.class_id}/giup", 303)
    response.set_cookie(
        helper_cookie_name(), secret, max_age=COOKIE_MAX_AGE, httponly=True, secure=settings().https,
        samesite="Lax",
    )  # fmt: skip
    return response


def invite_expired_error() -> ClassroomError:
    return ClassroomError(
        404,
        "Mã này hết dùng rồi",
        "Mỗi mã dùng được mười phút, khi lớp đang mở. Nhờ người đứng lớp hiện mã mới rồi quét lại.",
        "/",
        "Về trang đầu",
    )


def _render_invitation(token: str, *, problem: str = "") -> str:
    class_id = helpers.find_invited_class_id(session(), token, now=clock.now())
    if class_id is None:
        raise invite_expired_error()
    context = load_context(get_class_session(class_id))
    return render_template(
        "classroom/helpers/join.html",
        token=token,
        code=context.class_session.code,
        lesson=context.lesson.name,
        venue=context.class_session.venue,
        problem=problem,
    )

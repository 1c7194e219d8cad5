"""Helpers who come by a QR code: showing it, joining by it, and sending one away."""

from __future__ import annotations

from flask import Response, redirect, render_template, request

from lms.learning.classroom.access import helpers
from lms.learning.classroom.access.helpers import Helper
from lms.learning.classroom.display import snapshots
from lms.learning.errors import ClassClosed, ClassFull, InvalidName, NotFound
from lms.web import clock
from lms.web.classroom.audit import note
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import Refused, class_named, room_of, steered, steered_open
from lms.web.classroom.desk.pages import Bar
from lms.web.classroom.helpers.routes import cookie_name, helper_here
from lms.web.database import session
from lms.web.learning_code_card import qr_square
from lms.web.page_cache import private
from lms.web.request_context import library, settings

COOKIE_AGE = 16 * 3600  # seconds: a class lasts two hours, a festival a day
NAME_LENGTH = 40
GONE = Refused(
    404,
    "Mã này hết dùng rồi",
    "Mỗi mã dùng được mười phút, khi lớp đang mở. Nhờ người đứng lớp hiện mã mới rồi quét lại.",
    "/",
    "Về trang đầu",
)


@bp.route("/dung-lop/<class_id>/qr-giup", methods=["GET", "POST"])
def invite(class_id: str) -> Response:
    """The helpers' QR code. Of the one that is out there only a digest is kept, so a post makes a new one."""
    room = steered_open(class_id)
    address = ""
    if request.method == "POST":
        token = helpers.invite_helpers(session(), class_id, account_id=room.account.id, now=clock.now())
        address = f"{settings().public_url}/giup/{token}"
    machines = snapshots.find_desk(session(), class_id, library(), clock.now())["machines"]
    return private(
        render_template(
            "classroom/helper_qr.html",
            account=room.account,
            bar=Bar(room.found.code, machines),
            base=room.base,
            address=address,
            qr=qr_square(address) if address else "",
            helpers=helping_phones(class_id),
        )
    )


def helping_phones(class_id: str) -> list[tuple[Helper, str]]:
    """Who came by the code and may help now, and at what hour she came."""
    found = [one for one in helpers.helpers(session(), class_id) if not one.revoked]
    return [(one, clock.vietnamese(one.joined_at).strftime("%H:%M").lstrip("0")) for one in found]


@bp.post("/dung-lop/<class_id>/qr-giup/di")
def send_away(class_id: str) -> Response:
    room, helper_id = steered(class_id), request.form.get("ai", "")
    helper = next((one for one in helpers.helpers(session(), class_id) if one.id == helper_id), None)
    if helper is None:
        raise Refused(404, "Không có người phụ này", "Xem lại danh sách.", f"{room.base}/viec", "Việc khác")
    helpers.send_away(session(), class_id, helper.id, account_id=room.account.id, now=clock.now())
    note(room.account, "helper_removed", room.found, name=helper.name)
    return redirect(f"{room.base}/viec?da=di", 303)


@bp.get("/giup/<token>")
def show_invitation(token: str) -> Response:
    """A tap joins, not a look: what draws previews of links must not become a helper."""
    class_id = helpers.invited_to(session(), token, now=clock.now())
    if class_id is not None and helper_here(class_id) is not None:
        return redirect(f"/dung-lop/{class_id}/giup", 303)  # this phone helps already
    return private(_invitation(token))


@bp.post("/giup/<token>")
def become_helper(token: str) -> Response:
    class_id = helpers.invited_to(session(), token, now=clock.now())
    if class_id is not None and helper_here(class_id) is not None:
        return redirect(f"/dung-lop/{class_id}/giup", 303)  # tapped twice
    try:
        helper, secret = helpers.join_as_helper(
            session(), token=token, name=request.form.get("ten", "")[:NAME_LENGTH], now=clock.now()
        )
    except (NotFound, ClassClosed) as error:
        raise GONE from error
    except ClassFull as error:
        raise Refused(409, "Lớp đã đủ người phụ", "Nói với người đứng lớp nhé.", "/", "Về trang đầu") from error
    except InvalidName:
        return private(_invitation(token, problem="Tên dài quá, viết ngắn lại nhé."), status=422)
    response = redirect(f"/dung-lop/{helper.class_id}/giup", 303)
    response.set_cookie(
        cookie_name(), secret, max_age=COOKIE_AGE, httponly=True, secure=settings().https,
        samesite="Lax",
    )  # fmt: skip
    return response


def _invitation(token: str, *, problem: str = "") -> str:
    class_id = helpers.invited_to(session(), token, now=clock.now())
    if class_id is None:
        raise GONE
    room = room_of(class_named(class_id), None)
    return render_template(
        "classroom/helper_join.html",
        token=token,
        code=room.found.code,
        lesson=room.lesson.name,
        place=room.found.place,
        problem=problem,
    )

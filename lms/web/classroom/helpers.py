"""Going from phone to phone: who needs help, what she sees, and the helpers who come by a QR code."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, render_template, request

from lms.learning.accounts import rights
from lms.learning.accounts.account import Account
from lms.learning.accounts.rights import Subject
from lms.learning.classroom import helpers, opening, seats, snapshots
from lms.learning.classroom.helpers import Helper
from lms.learning.classroom.records import Seat, find_seat
from lms.learning.classroom.tickets import Ticket, issue
from lms.learning.errors import ClassClosed, ClassFull, InvalidName, NotAllowed, NotFound, NotSignedIn
from lms.web import clock
from lms.web.access import library, settings
from lms.web.accounts.signed_in import check_form, current_account
from lms.web.classroom import bp
from lms.web.classroom.desk_page import Bar, stuck_screen
from lms.web.classroom.needing import list_words, people_of
from lms.web.classroom.noted import note
from lms.web.classroom.rooms import Refused, Room, class_named, closed, room_of, said, steered, steered_open
from lms.web.classroom.seat_screen import seat_page
from lms.web.classroom.showing import walk_of
from lms.web.database import session
from lms.web.keepsake import qr_square
from lms.web.pages import private

COOKIE = "helper"
COOKIE_AGE = 16 * 3600  # seconds: a class lasts two hours, a festival a day
AGAIN = 10  # seconds, where no script runs
NAME_LENGTH = 40
GONE = Refused(
    404,
    "Mã này hết dùng rồi",
    "Mỗi mã dùng được mười phút, khi lớp đang mở. Nhờ người đứng lớp hiện mã mới rồi quét lại.",
    "/",
    "Về trang đầu",
)
AWAY = Refused(
    403, "Máy này không còn phụ lớp", "Muốn phụ tiếp thì xin người đứng lớp cho quét mã lại.", "/", "Về trang đầu"
)
OVER = Refused(409, "Lớp đã đóng", "Cảm ơn đã phụ lớp. Danh sách không còn nữa.", "/", "Về trang đầu")
NO_SEAT = "Lớp không có số này"
TO_LIST = "Về danh sách"
SAID = {"toi-den": "Mọi người đã biết có người đang đến.", "xong": "Đã ghi là xong.", "thoi": "Đã thôi."}
STEERING = frozenset({"moi-ra", "cho-vao", "dong-y", "khong"})  # what a helper may not


@dataclass(frozen=True, slots=True)
class Helping:
    """Who stands in the room: an account, or a helper; ``steers`` is there when the account also steers the class."""

    room: Room
    account: Account | None
    helper: Helper | None
    steers: bool

    @property
    def name(self) -> str:
        return self.account.name if self.account else self.helper.name

    @property
    def who(self) -> dict[str, str]:
        return {"account_id": self.account.id} if self.account else {"helper_id": self.helper.id}

    @property
    def stream(self) -> str:
        role = "desk" if self.steers else "helper"
        if self.account:
            ticket = Ticket(role, self.room.found.id, self.account.id, self.account.session_version)
        else:
            ticket = Ticket(role, self.room.found.id, self.helper.id)
        return f"/lop/dong?ve={issue(settings().secret_key, ticket)}"


@bp.get("/dung-lop/<class_id>/giup")
def see_who_needs_help(class_id: str) -> Response:
    return private(_list(helping_in(class_id)))


@bp.get("/dung-lop/<class_id>/cho/<int:number>")
def see_seat(class_id: str, number: int) -> Response:
    """What she sees, and never what she typed."""
    helping = helping_in(class_id)
    seat = seat_in(helping, number)
    return private(seat_page(helping.room, seat, me=helping.name, steers=helping.steers, said=said(SAID)))


@bp.post("/dung-lop/<class_id>/cho/<int:number>")
def act_on_seat(class_id: str, number: int) -> Response:
    """``viec``: toi-den, thoi, xong; for whoever steers also moi-ra, cho-vao, and of a claim dong-y, khong."""
    helping = helping_in(class_id)
    room, act, now = helping.room, request.form.get("viec", ""), clock.now()
    seat_in(helping, number)
    if act in STEERING and not helping.steers:
        raise Refused(403, "Việc này của người đứng lớp", "Nói với người đứng lớp nhé.", f"{room.base}/giup", TO_LIST)
    match act:
        case "toi-den":
            seats.helping(session(), class_id, number, name=helping.name, **helping.who, now=now)
        case "thoi":
            seats.helping(session(), class_id, number, name=None, **helping.who, now=now)
        case "xong":
            seats.helped(session(), class_id, number, **helping.who, now=now)
        case "moi-ra":
            seats.put_out(session(), class_id, number, account_id=helping.account.id, now=now)
        case "cho-vao":
            seats.let_in(session(), class_id, number, account_id=helping.account.id, now=now)
        case "dong-y" | "khong":
            seats.agree(
                session(), class_id, number, account_id=helping.account.id, agreed=act == "dong-y",
                library=library(), now=now,
            )  # fmt: skip
        case _:
            way = f"{room.base}/giup"
            raise Refused(422, "Máy chưa hiểu việc đó", "Mở lại danh sách rồi chạm lần nữa.", way, TO_LIST)
    back = {"giup": "/giup", "lop": "", "viec": "/viec"}.get(request.form.get("ve", ""), f"/cho/{number}")
    return redirect(f"{room.base}{back}?da={act}", 303)


@bp.route("/dung-lop/<class_id>/qr-giup", methods=["GET", "POST"])
def invite(class_id: str) -> Response:
    """The helpers' QR code. Of the one that is out there only a digest is kept, so a post makes a new one."""
    room = steered_open(class_id)
    address = ""
    if request.method == "POST":
        token = helpers.invite_helpers(session(), class_id, account_id=room.account.id, now=clock.now())
        address = f"{settings().public_url}/giup/{token}"
    return private(
        render_template(
            "classroom/helper_qr.html",
            account=room.account,
            bar=_bar(room),
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
def show_helpers_door(token: str) -> Response:
    """A tap joins, not a look: what draws previews of links must not become a helper."""
    class_id = helpers.invited_to(session(), token, now=clock.now())
    if class_id is not None and _helper(class_id) is not None:
        return redirect(f"/dung-lop/{class_id}/giup", 303)  # this phone helps already
    return private(_door(token))


@bp.post("/giup/<token>")
def become_helper(token: str) -> Response:
    class_id = helpers.invited_to(session(), token, now=clock.now())
    if class_id is not None and _helper(class_id) is not None:
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
        return private(_door(token, problem="Tên dài quá, viết ngắn lại nhé."), status=422)
    response = redirect(f"/dung-lop/{helper.class_id}/giup", 303)
    response.set_cookie(
        settings().cookie_prefix + COOKIE, secret, max_age=COOKIE_AGE, httponly=True, secure=settings().https,
        samesite="Lax",
    )  # fmt: skip
    return response


def _door(token: str, *, problem: str = "") -> str:
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


def helping_in(class_id: str) -> Helping:
    """Who asks, as an account of the class's ward, or as a helper of this class.

    Raises:
        NotSignedIn: neither. NotAllowed: an account that may not help here.
        Refused: there is no such class, it is over, or the helper was sent away.
    """
    account = current_account()
    helper = _helper(class_id)
    if account is None and helper is None:
        if settings().cookie_prefix + COOKIE in request.cookies:
            raise AWAY
        raise NotSignedIn
    found = class_named(class_id)
    if account is not None and rights.may(account, "help", Subject(found.ward)):
        if request.method == "POST":
            check_form()
        steers = rights.may(account, "steer", Subject(found.ward)) and opening.steers(session(), class_id, account.id)
        helping = Helping(room_of(found, account), account, None, steers)
    elif helper is not None:
        helping = Helping(room_of(found, None), None, helper, steers=False)
    else:
        raise NotAllowed("help")
    if found.closed:
        raise closed(helping.room.base) if helping.steers else OVER
    return helping


def _helper(class_id: str) -> Helper | None:
    secret = request.cookies.get(settings().cookie_prefix + COOKIE, "")
    helper = helpers.find_helper(session(), secret) if secret else None
    return helper if helper and helper.class_id == class_id else None


def seat_in(helping: Helping, number: int) -> Seat:
    """
    Raises:
        Refused: the class has no such seat.
    """
    try:
        return find_seat(session(), helping.room.found.id, number)
    except NotFound as error:
        way = f"{helping.room.base}/giup"
        raise Refused(404, NO_SEAT, "Xem lại số trên máy ấy rồi tìm lại.", way, TO_LIST) from error


def _list(helping: Helping) -> str:
    room = helping.room
    snapshot = snapshots.find_desk(session(), room.found.id, library(), clock.now())
    practice = room.lesson.practice
    people = people_of(snapshot["stuck_list"], practice)
    stuck = stuck_screen(practice, snapshot, walk_of(practice)) if helping.steers else None
    return render_template(
        "classroom/helper_list.html",
        bar=Bar(room.found.code, snapshot["machines"]),
        base=room.base,
        live=helping.stream,
        again=AGAIN,
        said=said(SAID),
        heading=list_words(len(people)),
        people=people,
        first=next((one.seat for one in people if one.helping in (None, helping.name)), None),
        claims=snapshot["claims"] if helping.steers else (),
        stuck=stuck if stuck and stuck.fields else None,
        me=helping.name,
        steers=helping.steers,
        account=helping.account,
    )


def _bar(room: Room) -> Bar:
    return Bar(room.found.code, snapshots.find_desk(session(), room.found.id, library(), clock.now())["machines"])

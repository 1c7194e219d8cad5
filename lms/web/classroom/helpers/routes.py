"""Going from phone to phone: who needs help, and what she sees; for facilitators, and helpers who came by a QR code."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, render_template, request

from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import Subject
from lms.learning.classroom.access import helpers
from lms.learning.classroom.access.helpers import Helper
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.queries import Seat, find_seat
from lms.learning.classroom.session.stream_tokens import Ticket, issue
from lms.learning.errors import NotAllowed, NotFound, NotSignedIn
from lms.web import clock
from lms.web.accounts.signed_in import check_form, current_account
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import Refused, Room, class_named, closed, room_of, said
from lms.web.classroom.desk.pages import Bar, stuck_screen
from lms.web.classroom.desk.preview import walk_of
from lms.web.classroom.helpers.help_list import list_words, people_of
from lms.web.classroom.helpers.seat_screen import seat_page
from lms.web.database import session
from lms.web.page_cache import private
from lms.web.request_context import library, settings

COOKIE = "helper"
AGAIN = 10  # seconds, where no script runs
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


def helping_in(class_id: str) -> Helping:
    """Who asks, as an account of the class's ward, or as a helper of this class.

    Raises:
        NotSignedIn: neither. NotAllowed: an account that may not help here.
        Refused: there is no such class, it is over, or the helper was sent away.
    """
    account = current_account()
    helper = helper_here(class_id)
    if account is None and helper is None:
        if cookie_name() in request.cookies:
            raise AWAY
        raise NotSignedIn
    found = class_named(class_id)
    if account is not None and permissions.may(account, "help", Subject(found.ward)):
        if request.method == "POST":
            check_form()
        steers = permissions.may(account, "steer", Subject(found.ward)) and opening.steers(
            session(), class_id, account.id
        )
        helping = Helping(room_of(found, account), account, None, steers)
    elif helper is not None:
        helping = Helping(room_of(found, None), None, helper, steers=False)
    else:
        raise NotAllowed("help")
    if found.closed:
        raise closed(helping.room.base) if helping.steers else OVER
    return helping


def cookie_name() -> str:
    return settings().cookie_prefix + COOKIE


def helper_here(class_id: str) -> Helper | None:
    """Who helps from this phone in this class; None when nobody does."""
    secret = request.cookies.get(cookie_name(), "")
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

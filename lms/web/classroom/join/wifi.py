"""/dung-lop/<class>/wifi: the hall's network, for wall and poster to let phones in. It lasts as long as the class."""

from __future__ import annotations

import re

from flask import Response, redirect, render_template, request
from markupsafe import Markup

from lms.learning.classroom.access.wifi import set_wifi
from lms.learning.classroom.session.queries import Class, find_seats
from lms.learning.classroom.session.state import Wifi
from lms.learning.errors import ClassClosed, InvalidNetwork
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import Room, closed, said, steered_open
from lms.web.classroom.desk.pages import Bar
from lms.web.classroom.join.links import class_address, class_square
from lms.web.database import session
from lms.web.learning_code_card import qr_square
from lms.web.page_cache import private

SAID = {"ghi": "Đã ghi. Màn chiếu hiện mã Wi-Fi trước mã lớp.", "bo": "Đã bỏ mã Wi-Fi khỏi màn chiếu."}
WRONG = {
    "name": "Tên Wi-Fi dài tối đa 32 chữ không dấu, ngắn hơn khi có dấu. Chép đúng tên đang hiện ở máy.",
    "password": "Mật khẩu Wi-Fi có từ 8 đến 63 chữ. Mạng không có mật khẩu thì để trống ô ấy.",
}
NO_NAME = "Gõ tên Wi-Fi của phòng."


@bp.get("/dung-lop/<class_id>/wifi")
def look_at_wifi(class_id: str) -> Response:
    room = steered_open(class_id)
    return private(_page(room, said=said(SAID)))


@bp.post("/dung-lop/<class_id>/wifi")
def keep_wifi(class_id: str) -> Response:
    """``bo``: take it away; else ``ten`` and ``mat-khau``, as they are, spaces and all."""
    room = steered_open(class_id)
    takes_away = "bo" in request.form
    name = "" if takes_away else request.form.get("ten", "")
    if not name.strip() and not takes_away:
        return private(_page(room, said=NO_NAME, tone="careful"), status=422)
    password = request.form.get("mat-khau", "")
    try:
        set_wifi(session(), class_id, account_id=room.account.id, name=name, password=password)
    except InvalidNetwork as error:
        return private(_page(room, said=WRONG[error.why], tone="careful", typed=(name, password)), status=422)
    except ClassClosed as error:
        raise closed(room.base) from error
    return redirect(f"{room.base}/wifi?da={'bo' if takes_away else 'ghi'}", 303)


def square_of(wifi: Wifi) -> Markup:
    """The square that lets a phone into the network; names and passwords may hold anything."""
    if not wifi.password:
        return qr_square(f"WIFI:T:nopass;S:{_escaped(wifi.name)};;")
    return qr_square(f"WIFI:T:WPA;S:{_escaped(wifi.name)};P:{_escaped(wifi.password)};;")


def wifi_of(klass: Class) -> tuple[Wifi, Markup] | None:
    """The network and its square, while the class lasts."""
    wifi = klass.state.wifi
    return (wifi, square_of(wifi)) if wifi and not klass.closed else None


def _escaped(text: str) -> str:
    """As phones read it: segno's own helper leaves commas out, which some of them take for an end."""
    return re.sub(r'([\\;,:"])', r"\\\1", text)


def _page(room: Room, *, said: str = "", tone: str = "tip", typed: tuple[str, str] | None = None) -> str:
    wifi = room.found.state.wifi
    seats = find_seats(session(), room.found.id)
    return render_template(
        "classroom/desk_wifi.html",
        account=room.account,
        bar=Bar(room.found.code, sum(not seat.added and not seat.out for seat in seats)),
        base=room.base,
        said=said,
        tone=tone,
        wifi=wifi,
        square=square_of(wifi) if wifi else "",
        door=class_square(room.found.code) if wifi else "",
        way=class_address(),
        typed=typed or ((wifi.name, wifi.password) if wifi else ("", "")),
    )

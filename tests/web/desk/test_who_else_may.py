"""Steering a class: a stranger may not, a colleague may, an account that was taken away may no more."""

from __future__ import annotations

from datetime import UTC, datetime

from lms.learning.accounts import account_admin
from tests.web.desks import found, in_class, open_desk
from tests.web.duty import OTHER_WARD, make_account, sign_in, signed_in, token


def test_hoa_of_another_ward_sees_and_steers_nothing(app, desk):
    hoa = signed_in(app, "Hoa", ward=OTHER_WARD)
    for path in ("", "/viec", "/giup", "/cho/1", "/qr-giup"):
        assert hoa.get(desk.base + path).status_code == 403, path
    sent = {"csrf_token": token(hoa), "to": "ket"}
    assert hoa.post(f"{desk.base}/lenh", data=sent).status_code == 403
    assert hoa.post(f"{desk.base}/cung-dung", data=sent).status_code == 403
    assert found(app, desk).state.step == "vao"


def test_a_colleague_of_the_ward_stands_beside_with_one_tap(app, desk):
    hoa = signed_in(app, "Hoa")
    sent = {"csrf_token": token(hoa)}
    assert "Đứng cùng lớp này" in hoa.get(desk.base).text
    assert hoa.post(f"{desk.base}/lenh", data=sent | {"to": "ket"}).status_code == 403
    assert hoa.post(f"{desk.base}/cung-dung", data=sent).status_code == 303
    assert hoa.post(f"{desk.base}/lenh", data=sent | {"to": "ket"}).status_code == 303
    assert found(app, desk).state.step == "ket"


def test_an_account_that_was_taken_away_steers_no_more(app):
    account = make_account(app, "Minh")
    organiser = make_account(app, "Thu", {"organiser"})
    desk = open_desk(sign_in(app, account))
    in_class(app, account_admin.disable, account_id=account.id, by=organiser, now=datetime.now(UTC))
    answer = desk.sends(to="ket")
    assert answer.status_code == 303
    assert answer.location.startswith("/vao")
    assert found(app, desk).state.step == "vao"

"""Who may steer a class: its facilitators, and colleagues of the ward who join them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lms.learning.accounts import account_admin
from lms.web import clock
from tests.web.desk_client import Desk, call_service, class_session_of, open_desk
from tests.web.signed_in_clients import OTHER_WARD, csrf_token, make_account, sign_in, signed_in_client


def test_hoa_of_another_ward_sees_and_steers_nothing(app, desk):
    hoa = signed_in_client(app, "Hoa", ward=OTHER_WARD)
    for path in ("", "/viec", "/giup", "/cho/1", "/qr-giup"):
        assert hoa.get(desk.base + path).status_code == 403, path
    sent = {"csrf_token": csrf_token(hoa), "to": "ket"}
    assert hoa.post(f"{desk.base}/lenh", data=sent).status_code == 403
    assert hoa.post(f"{desk.base}/cung-dung", data=sent).status_code == 403
    assert class_session_of(app, desk).state.step == "vao"


def test_a_colleague_of_the_ward_joins_the_facilitators_with_one_tap(app, desk):
    hoa = signed_in_client(app, "Hoa")
    sent = {"csrf_token": csrf_token(hoa)}
    assert "Đứng cùng lớp này" in hoa.get(desk.base).text
    assert hoa.post(f"{desk.base}/lenh", data=sent | {"to": "ket"}).status_code == 403
    assert hoa.post(f"{desk.base}/cung-dung", data=sent).status_code == 303
    assert hoa.post(f"{desk.base}/lenh", data=sent | {"to": "ket"}).status_code == 303
    assert class_session_of(app, desk).state.step == "ket"


def test_an_account_that_was_taken_away_steers_no_more(app):
    account = make_account(app, "Minh")
    organiser = make_account(app, "Thu", {"organiser"})
    desk = open_desk(sign_in(app, account))
    call_service(app, account_admin.disable_account, account_id=account.id, by=organiser, now=datetime.now(UTC))
    answer = desk.send_command(to="ket")
    assert answer.status_code == 303
    assert answer.location.startswith("/vao")
    assert class_session_of(app, desk).state.step == "vao"


def others_steer(desk) -> bool:
    [line] = desk.page().xpath("//*[@data-steered-by-others]")
    return "hidden" not in line.attrib


def test_each_desk_says_for_ten_minutes_that_a_colleague_steers_too(app, desk, monkeypatch):
    start = datetime.now(UTC)
    hoa = signed_in_client(app, "Hoa")
    sent = {"csrf_token": csrf_token(hoa)}
    hoa.post(f"{desk.base}/cung-dung", data=sent)
    desk.press_next()
    assert not others_steer(desk)  # she only looks on
    hoa.post(f"{desk.base}/lenh", data=sent | {"paused": "true"})
    assert others_steer(desk)
    assert others_steer(Desk(hoa, desk.base, sent["csrf_token"]))
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=11))
    assert not others_steer(desk)
    desk.send_command(paused="false")
    assert len(class_session_of(app, desk).state.steered_at) == 1  # hers is forgotten


def test_two_screens_of_one_facilitator_are_no_colleague(app, desk):
    desk.press_next(2)
    assert not others_steer(desk)

"""A signed-in browser hands its account on to the same person's phone: by a square of ten minutes that works once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from lms.learning.accounts import sign_in_slips
from lms.learning.accounts.account_store import find_account
from lms.learning.store.database import read_sessions
from tests.web.accounts.account_pages import account_named, post_form, post_sign_in
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import engine_of, issue_slip, make_account, sign_in


@pytest.fixture
def minh(app):
    return sign_in(app, make_account(app))


@pytest.fixture
def squares(monkeypatch):
    """The addresses of which QR codes were drawn."""
    drawn = []
    monkeypatch.setattr("lms.web.accounts.device_handoffs.qr_svg", lambda url: drawn.append(url) or "(square)")
    return drawn


def show_square(client, squares, **fields) -> tuple[str, str]:
    """Show a square; return its path and its code to type."""
    page = post_form(client, "/quan-ly/toi/dien-thoai", **fields)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    [code] = html.fromstring(page.text).xpath("//*[@class='learning-code']")
    return re.search(r"/vao/\w+\Z", squares[-1])[0], code.text_content()


def scan(app, path):
    """Open the address of a square on another phone and tap "Vào". Returns the phone and the response."""
    phone = app.test_client()
    page = html.fromstring(phone.get(path).text)
    token = (page.xpath("//form[starts-with(@action, '/vao/')]//input[@name='csrf_token']/@value") or [""])[0]
    return phone, phone.post(path, data={"csrf_token": token})


def open_class(client) -> str:
    """Open a class and return the path of its desk."""
    lesson = client.page("/dung-lop").xpath("//input[@name='bai']/@value")[0]
    return post_form(client, "/dung-lop", bai=lesson).headers["Location"]


def later(monkeypatch, **span) -> None:
    moment = datetime.now(UTC) + timedelta(**span)
    monkeypatch.setattr("lms.web.clock.now", lambda: moment)


@pytest.mark.slow
def test_a_phone_that_scans_the_desks_square_steers_the_same_class(app, minh, squares):
    desk = open_class(minh)
    [way] = {href for href in minh.page(desk).xpath("//a/@href") if href.startswith("/quan-ly/toi/dien-thoai")}
    assert way.endswith(f"?lop={desk.rpartition('/')[2]}")
    assert not squares, "looking at a page creates no square"
    assert minh.page(way).xpath("//form[@action='/quan-ly/toi/dien-thoai']//input[@name='lop']/@value")
    path, _ = show_square(minh, squares, lop=desk.rpartition("/")[2])
    for _ in range(3):  # as a preview of a link, or a scanner
        assert "Vào bằng tài khoản của Minh" in text_of(app.test_client().get(path))
    phone, response = scan(app, path)
    assert (response.status_code, response.headers["Location"]) == (303, desk)
    assert phone.get(desk).status_code == minh.get(desk).status_code == 200


@pytest.mark.slow
def test_the_squares_code_may_be_typed(app, minh, squares):
    desk = open_class(minh)
    _, code = show_square(minh, squares, lop=desk.rpartition("/")[2])
    phone = app.test_client()
    assert post_sign_in(phone, ma=code.lower()).headers["Location"] == desk


def test_a_square_works_once_and_says_what_else_opens(app, minh, squares):
    path, code = show_square(minh, squares)
    assert scan(app, path)[1].headers["Location"] == "/dung-lop"
    _, again = scan(app, path)
    assert again.status_code in (400, 410)
    refused = app.test_client().get(path)
    assert refused.status_code == 410
    text = text_of(refused)
    assert "mỗi mã chỉ vào được một máy" in text
    assert all(way in text for way in ("tên và mật khẩu", "Cầm điện thoại đi lại", "in phiếu mới"))
    assert "Minh" not in text
    assert post_sign_in(app.test_client(), ma=code).status_code == 422


def test_a_square_expires_after_ten_minutes(app, minh, squares, monkeypatch):
    path, _ = show_square(minh, squares)
    later(monkeypatch, minutes=11)
    refused = app.test_client().get(path)
    assert (refused.status_code, "quá mười phút" in text_of(refused)) == (410, True)


def test_a_new_square_replaces_the_one_before_and_leaves_the_printed_slip(app, minh, squares):
    account = account_named(app, "Minh")
    printed = issue_slip(app, account)
    first, _ = show_square(minh, squares)
    second, _ = show_square(minh, squares)
    assert app.test_client().get(first).status_code == 404
    assert scan(app, f"/vao/{printed.token}")[1].status_code == 303
    assert scan(app, second)[1].status_code == 303
    with read_sessions(engine_of(app))() as session:
        assert sign_in_slips.unused_slip_expiry(session, [account.id], now=datetime.now(UTC)) == {}


@pytest.mark.parametrize("ending", ["sign out", "other browsers", "disabled"])
def test_a_square_ends_with_the_sign_in_that_shows_it(app, minh, squares, thu, ending):
    path, _ = show_square(minh, squares)
    match ending:
        case "sign out":
            post_form(minh, "/ra", chac="co")
        case "other browsers":
            post_form(sign_in(app, account_named(app, "Minh")), "/quan-ly/toi/may-khac")
        case _:
            account = account_named(app, "Minh")
            assert post_form(thu, f"/quan-ly/nguoi/{account.id}/ngung").status_code == 303
            with read_sessions(engine_of(app))() as session:
                assert find_account(session, account.id).disabled
    refused = app.test_client().get(path)
    assert refused.status_code in (404, 410)
    assert "Minh" not in text_of(refused)
    assert scan(app, path)[1].status_code in (400, 404, 410)


@pytest.mark.slow
def test_a_sign_in_that_was_handed_on_lasts_no_longer_than_the_first(app, minh, squares, monkeypatch):
    later(monkeypatch, days=13)
    assert minh.get("/quan-ly/toi").status_code == 200
    for days in range(20, 61, 10):  # handed on every ten days, from phone to phone
        path, _ = show_square(minh, squares)
        minh, response = scan(app, path)
        assert response.status_code == 303
        later(monkeypatch, days=days)
    assert minh.get("/quan-ly/toi").status_code == 303


def test_who_came_by_a_square_sets_no_new_password_without_the_old_one(app, minh, squares):
    first = {"moi": "con cò bay lả", "lan-nua": "con cò bay lả"}
    assert post_form(minh, "/quan-ly/toi/mat-khau", **first).status_code == 303
    path, _ = show_square(minh, squares)
    phone, _ = scan(app, path)
    assert phone.page("/quan-ly/toi").xpath("//input[@name='dang-dung']")
    new = {"moi": "bay lả bay la", "lan-nua": "bay lả bay la"}
    assert post_form(phone, "/quan-ly/toi/mat-khau", **new).status_code == 422


def test_a_phone_of_somebody_else_is_warned(app, minh, squares, thu):
    path, _ = show_square(minh, squares)
    assert "đang vào bằng tài khoản của Thu" in text_of(thu.get(path))


def test_the_audit_log_tells_of_the_square_and_its_use(app, minh, squares, thu):
    path, _ = show_square(minh, squares)
    scan(app, path)
    text = text_of(thu.get("/quan-ly/nhat-ky"))
    assert "hiện mã để vào bằng máy khác của mình" in text
    assert "vào bằng mã từ máy khác của mình" in text


@pytest.mark.parametrize("class_id", ["x", "0" * 32, "../.." * 9, "%00"])
def test_a_square_for_a_class_that_does_not_exist_opens_the_list(app, minh, squares, class_id):
    path, _ = show_square(minh, squares, lop=class_id)
    assert scan(app, path)[1].headers["Location"] == "/dung-lop"


def test_a_square_is_shown_only_to_who_is_signed_in(app):
    stranger = app.test_client()
    assert stranger.get("/quan-ly/toi/dien-thoai").headers["Location"].startswith("/vao")
    assert stranger.post("/quan-ly/toi/dien-thoai").status_code == 303

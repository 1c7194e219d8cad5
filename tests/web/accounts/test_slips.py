"""Sign-in slips: valid once, for seven days, by QR code or by the typed code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from tests.web.accounts.account_pages import field_errors, post_sign_in
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import csrf_token, issue_slip, make_account


def test_a_slip_signs_in_once(app):
    slip = issue_slip(app, make_account(app))
    minh, other = app.test_client(), app.test_client()
    for _ in range(3):  # as the link preview of a chat program
        assert "Phiếu vào của Minh" in app.test_client().page(f"/vao/{slip.token}").text_content()
    for client, status in ((minh, 303), (other, 410)):
        page = html.fromstring(client.get(f"/vao/{slip.token}").text)
        form = {"csrf_token": (page.xpath("//input[@name='csrf_token']/@value") or [""])[0]}
        answer = client.post(f"/vao/{slip.token}", data=form)
        assert answer.status_code in (status, 400)
    assert minh.get("/quan-ly/toi").status_code == 200
    assert other.get("/quan-ly/toi").headers["Location"] == "/vao?tiep=/quan-ly/toi"
    assert "đã dùng rồi" in text_of(other.get(f"/vao/{slip.token}"))


def test_a_slips_code_may_be_typed_in_any_case_and_spacing(app, lan):
    slip = issue_slip(app, make_account(app))
    assert post_sign_in(lan, ma=slip.code.lower().replace(" ", "-")).status_code == 303
    assert lan.get("/quan-ly/toi").status_code == 200
    again = post_sign_in(app.test_client(), ma=slip.code)
    assert again.status_code == 422
    assert "đã dùng rồi" in text_of(again)


@pytest.mark.parametrize("code", ["7K2", "7K2 M9P 4XC 031", "%" * 40, "9" * 5000, "日本語" * 4])
def test_an_invalid_code_is_rejected(app, lan, code):
    answer = post_sign_in(lan, ma=code)
    assert answer.status_code == 422
    assert "Chưa tìm thấy phiếu này" in field_errors(answer)["ma"]


@pytest.mark.parametrize("code", ["", "   "])
def test_a_missing_code_is_reported_at_its_field(lan, code):
    answer = post_sign_in(lan, ma=code)
    assert answer.status_code == 422
    assert field_errors(answer) == {"ma": "Gõ mã trên phiếu vào ô này đã nhé. Mã có 12 chữ và số."}


@pytest.mark.parametrize("made_up", ["x", "A" * 24, "A" * 3000, "%00", "..%2f..", "<b>"])
def test_an_unknown_slip_is_not_found(lan, made_up):
    assert lan.get(f"/vao/{made_up}").status_code == 404


def test_a_slip_expires_after_seven_days(app, lan, monkeypatch):
    slip = issue_slip(app, make_account(app))
    page = lan.page(f"/vao/{slip.token}")
    later = datetime.now(UTC) + timedelta(days=7, minutes=1)
    monkeypatch.setattr("lms.web.clock.now", lambda: later)
    form = {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0]}
    assert lan.get(f"/vao/{slip.token}").status_code == 410
    assert lan.post(f"/vao/{slip.token}", data=form).status_code == 410
    assert "quá 7 ngày" in text_of(lan.get(f"/vao/{slip.token}"))


@pytest.mark.slow
def test_guesses_at_a_slips_code_are_blocked_and_its_qr_code_still_works(app):
    account = make_account(app)
    slip = issue_slip(app, account)
    wrong = slip.code[:-1] + ("0" if slip.code[-1] != "0" else "1")
    answers = [post_sign_in(app.test_client(), ma=wrong).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    right = post_sign_in(app.test_client(), ma=slip.code)
    assert right.status_code == 429
    assert "Đợi 15 phút" in text_of(right)
    other = issue_slip(app, make_account(app, "Hoa"))
    # Other slips are not blocked, although the IP address is the same.
    assert post_sign_in(app.test_client(), ma=other.code).status_code == 303
    client = app.test_client()
    page = client.page(f"/vao/{slip.token}")
    form = {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0]}
    assert client.post(f"/vao/{slip.token}", data=form).status_code == 303


def test_a_slip_opened_in_a_chat_app_offers_the_default_browser(app, lan):
    slip = issue_slip(app, make_account(app))
    page = lan.page(f"/vao/{slip.token}", headers={"User-Agent": "Mozilla/5.0 (Linux; Android 12) Zalo android/1"})
    [way_out] = page.xpath("//a[starts-with(@href, 'intent:')]/@href")
    assert slip.token in way_out


def test_another_accounts_slip_warns_and_then_replaces_the_sign_in(app, thu):
    slip = issue_slip(app, make_account(app))
    page = thu.page(f"/vao/{slip.token}")
    assert "đang vào bằng tài khoản của Thu" in page.text_content()
    before = csrf_token(thu)
    with thu.session_transaction() as cookie:
        old = cookie["_user_id"]
    form = {"csrf_token": page.xpath("//form[starts-with(@action, '/vao/')]//input[@name='csrf_token']/@value")[0]}
    assert thu.post(f"/vao/{slip.token}", data=form).status_code == 303
    assert "Tài khoản của Minh" in thu.page("/quan-ly/toi").text_content()
    with thu.session_transaction() as cookie:
        assert cookie["_user_id"] != old
        cookie["_user_id"] = old
    assert thu.get("/quan-ly/toi").status_code == 303  # the old sign-in has ended on the server, too
    assert thu.post("/ra", data={"csrf_token": before}).status_code == 400

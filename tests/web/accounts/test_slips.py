"""A slip of paper lets in: once, for seven days, by its square or by its code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from tests.web.accounts.office import entrance, text_of, told_at
from tests.web.duty import issue, make_account, token


def test_a_slip_lets_in_once(app):
    slip = issue(app, make_account(app))
    minh, other = app.test_client(), app.test_client()
    for _ in range(3):  # a preview of a link looks, too
        assert "Phiếu vào của Minh" in app.test_client().page(f"/vao/{slip.token}").text_content()
    for client, status in ((minh, 303), (other, 410)):
        page = html.fromstring(client.get(f"/vao/{slip.token}").text)
        form = {"csrf_token": (page.xpath("//input[@name='csrf_token']/@value") or [""])[0]}
        answer = client.post(f"/vao/{slip.token}", data=form)
        assert answer.status_code in (status, 400)
    assert minh.get("/quan-ly/toi").status_code == 200
    assert other.get("/quan-ly/toi").headers["Location"] == "/vao?tiep=/quan-ly/toi"
    assert "đã dùng rồi" in text_of(other.get(f"/vao/{slip.token}"))


def test_a_slips_code_lets_in_however_it_is_typed(app, lan):
    slip = issue(app, make_account(app))
    assert entrance(lan, ma=slip.code.lower().replace(" ", "-")).status_code == 303
    assert lan.get("/quan-ly/toi").status_code == 200
    again = entrance(app.test_client(), ma=slip.code)
    assert again.status_code == 422
    assert "đã dùng rồi" in text_of(again)


@pytest.mark.parametrize("code", ["7K2", "7K2 M9P 4XC 031", "%" * 40, "9" * 5000, "日本語" * 4])
def test_what_is_no_code_lets_nobody_in(app, lan, code):
    answer = entrance(lan, ma=code)
    assert answer.status_code == 422
    assert "Chưa tìm thấy phiếu này" in told_at(answer)["ma"]


@pytest.mark.parametrize("code", ["", "   "])
def test_a_code_that_was_not_typed_yet_is_asked_for_at_its_field(lan, code):
    answer = entrance(lan, ma=code)
    assert answer.status_code == 422
    assert told_at(answer) == {"ma": "Gõ mã trên phiếu vào ô này đã nhé. Mã có 12 chữ và số."}


@pytest.mark.parametrize("made_up", ["x", "A" * 24, "A" * 3000, "%00", "..%2f..", "<b>"])
def test_what_is_no_slip_lets_nobody_in(lan, made_up):
    assert lan.get(f"/vao/{made_up}").status_code == 404


def test_a_slip_is_over_after_seven_days(app, lan, monkeypatch):
    slip = issue(app, make_account(app))
    page = lan.page(f"/vao/{slip.token}")
    later = datetime.now(UTC) + timedelta(days=7, minutes=1)
    monkeypatch.setattr("lms.web.clock.now", lambda: later)
    form = {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0]}
    assert lan.get(f"/vao/{slip.token}").status_code == 410
    assert lan.post(f"/vao/{slip.token}", data=form).status_code == 410
    assert "quá 7 ngày" in text_of(lan.get(f"/vao/{slip.token}"))


def test_guesses_at_one_slips_code_are_slowed_down_and_its_square_still_works(app):
    account = make_account(app)
    slip = issue(app, account)
    wrong = slip.code[:-1] + ("0" if slip.code[-1] != "0" else "1")
    answers = [entrance(app.test_client(), ma=wrong).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    right = entrance(app.test_client(), ma=slip.code)
    assert right.status_code == 429
    assert "Đợi 15 phút" in text_of(right)
    other = issue(app, make_account(app, "Hoa"))
    assert entrance(app.test_client(), ma=other.code).status_code == 303  # nobody else waits, at the same address
    client = app.test_client()
    page = client.page(f"/vao/{slip.token}")
    form = {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0]}
    assert client.post(f"/vao/{slip.token}", data=form).status_code == 303


def test_a_slip_that_is_scanned_in_a_chat_program_offers_the_real_browser(app, lan):
    slip = issue(app, make_account(app))
    page = lan.page(f"/vao/{slip.token}", headers={"User-Agent": "Mozilla/5.0 (Linux; Android 12) Zalo android/1"})
    [way_out] = page.xpath("//a[starts-with(@href, 'intent:')]/@href")
    assert slip.token in way_out


def test_somebody_elses_slip_says_who_is_in_and_puts_her_out(app, thu):
    slip = issue(app, make_account(app))
    page = thu.page(f"/vao/{slip.token}")
    assert "đang vào bằng tài khoản của Thu" in page.text_content()
    before = token(thu)
    with thu.session_transaction() as cookie:
        old = cookie["_user_id"]
    form = {"csrf_token": page.xpath("//form[starts-with(@action, '/vao/')]//input[@name='csrf_token']/@value")[0]}
    assert thu.post(f"/vao/{slip.token}", data=form).status_code == 303
    assert "Tài khoản của Minh" in thu.page("/quan-ly/toi").text_content()
    with thu.session_transaction() as cookie:
        assert cookie["_user_id"] != old
        cookie["_user_id"] = old
    assert thu.get("/quan-ly/toi").status_code == 303  # the old one is out on the server, too
    assert thu.post("/ra", data={"csrf_token": before}).status_code == 400

"""The help list, one seat's screen, and helpers without an account."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.learning.classroom.access import class_helpers
from lms.learning.classroom.session.class_codes import luhn_check_digit
from lms.learning.classroom.session.seat_store import find_seat
from lms.learning.practice import events
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import (
    Desk,
    add_learner,
    call_service,
    class_session_of,
    open_desk,
    raise_hand,
    start_class_practice,
)
from tests.web.signed_in_clients import csrf_token, signed_in_client


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in_client(app, "Minh"))


@pytest.fixture
def invitation(desk: Desk) -> str:
    """The path of the helpers' QR code."""
    return re.search(r"/giup/[\w.-]+", desk.press("Hiện mã cho người phụ", "/viec").text)[0]


@pytest.fixture
def thu(app: Flask, invitation: str) -> CheckingClient:
    """The phone of a helper without an account."""
    phone = app.test_client()
    assert phone.post(invitation, data={"ten": "Cô Thu"}).status_code == 303
    return phone


def show_digits(desk: Desk) -> str:
    """Invite helpers anew and return the six digits beside the QR code."""
    return re.search(r'data-digits="([0-9]{6})"', desk.press("Hiện mã cho người phụ", "/viec").text)[1]


@pytest.mark.slow
def test_a_helper_joins_by_six_digits_and_sees_the_help_list(app: Flask, desk: Desk):
    digits = show_digits(desk)
    phone = app.test_client()
    assert "Sáu chữ số" in phone.page("/giup").text_content()
    joined = phone.post("/giup", data={"ma": f" {digits[:3]}-{digits[3:]} ", "ten": "Cô Thu"})
    assert (joined.status_code, joined.headers["Location"]) == (303, f"{desk.base}/giup")
    assert "Chưa ai cần giúp" in phone.page(f"{desk.base}/giup").text_content()
    assert "Cô Thu" in desk.words("/viec")


def test_six_digits_of_a_helper_are_never_a_class_code_and_say_so(app: Flask, desk: Desk):
    digits = show_digits(desk)
    phone, code = app.test_client(), class_session_of(app, desk).code
    assert phone.get(f"/lop?ma={digits}").status_code == 422
    refused = phone.post("/giup", data={"ma": code})
    assert (refused.status_code, "Sáu số này là mã lớp" in refused.text) == (422, True)


@pytest.mark.parametrize("typed", ["", "12", "1234567", "abcdef", "9" * 5000, "%00"])
def test_what_cannot_be_six_digits_is_explained(app: Flask, typed: str):
    refused = app.test_client().post("/giup", data={"ma": typed})
    assert refused.status_code == 422
    assert "Mã cho người phụ có sáu chữ số" in refused.text


def test_six_digits_end_with_their_invitation(app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch):
    old = show_digits(desk)
    new = show_digits(desk)
    assert old == new or app.test_client().post("/giup", data={"ma": old}).status_code == 404
    late = datetime.now(UTC) + timedelta(minutes=11)
    monkeypatch.setattr("lms.web.clock.now", lambda: late)
    refused = app.test_client().post("/giup", data={"ma": new})
    assert (refused.status_code, "hiện mã mới" in refused.text) == (404, True)


def test_guesses_at_six_digits_are_blocked_and_the_qr_code_still_works(app: Flask, desk: Desk):
    page = desk.press("Hiện mã cho người phụ", "/viec").text
    digits = re.search(r'data-digits="([0-9]{6})"', page)[1]
    guesses = [f"{digits[0]}{number:04d}" for number in range(12)]
    guesses = [guess + str((int(luhn_check_digit(guess)) + 5) % 10) for guess in guesses]
    statuses = [app.test_client().post("/giup", data={"ma": guess}).status_code for guess in guesses if guess != digits]
    assert statuses[:10] == [404] * 10
    assert set(statuses[10:]) == {429}
    right = app.test_client().post("/giup", data={"ma": digits})
    assert (right.status_code, "quét hình vuông" in right.text) == (429, True)
    square = re.search(r"/giup/[\w.-]+", page)[0]
    assert app.test_client().post(square, data={"ten": "Cô Thu"}).status_code == 303


def test_an_empty_help_list_says_so(desk):
    assert "Chưa ai cần giúp" in desk.words("/giup")


def test_a_raised_hand_is_listed_with_number_and_emblem(app, desk):
    _, learner_id = add_learner(app, desk)
    raise_hand(app, desk, learner_id)
    words = desk.words("/giup")
    assert "1 người cần giúp" in words
    assert "Số 1 – mặt trời Giơ tay" in words
    assert "Cần giúp: 1" in desk.words()


def test_everybody_sees_who_is_on_the_way(app, desk, thu):
    _, learner_id = add_learner(app, desk)
    raise_hand(app, desk, learner_id)
    desk.press("Tôi đến", "/giup")
    assert "Minh đang giúp" in thu.get(f"{desk.base}/giup").text
    desk.press("Xong rồi", "/giup")
    assert "Chưa ai cần giúp" in desk.words("/giup")


def test_a_seat_shows_the_learners_screen_but_not_what_was_typed(app, desk):
    number, learner_id = add_learner(app, desk, "Lan")
    assert "chưa vào bài tập" in desk.words(f"/cho/{number}")
    desk.send_command(to="tap")
    attempt = start_class_practice(app, desk, learner_id)
    words = desk.words(f"/cho/{number}")
    assert "Bác chạm “Kích hoạt”." in words
    assert "MÀN HÌNH TẬP" in words
    assert not desk.page(f"/cho/{number}").xpath("//div[@class='desk-mirror__phone']//form")
    now = datetime.now(UTC)
    call_service(
        app, events.save_events, learner_id=learner_id, attempt_id=attempt,
        events=[[1, 100, "chao", 0, "tap"], [2, 200, "xong", -1, "end"]], now=now,
    )  # fmt: skip
    assert "Máy này đã tập xong" in desk.words(f"/cho/{number}")


def test_a_seat_without_a_phone_has_no_screen(desk):
    desk.press("Thêm một chỗ", "/viec", nguoi="2")
    assert "không có máy" in desk.words("/cho/1")


def test_a_seat_can_be_removed_and_readmitted(app, desk):
    number, _ = add_learner(app, desk)
    desk.press("Mời ra khỏi lớp", f"/cho/{number}")
    assert call_service(app, find_seat, class_id=desk.id, number=number).removed
    assert "Số này đang ở ngoài lớp" in desk.words(f"/cho/{number}")
    assert "Đang ở ngoài lớp" in desk.words("/viec")
    desk.press("Cho vào lại", "/viec")
    assert not call_service(app, find_seat, class_id=desk.id, number=number).removed


def test_an_unknown_seat_is_not_found(desk):
    for path in ("/cho/99", "/cho/0", "/cho/" + "9" * 20):
        answer = desk.client.get(desk.base + path)
        assert answer.status_code == 404
        assert "Lớp không có số này" in answer.text
    assert desk.client.get(f"{desk.base}/cho/mot").status_code == 404


def test_an_unknown_action_is_rejected(app, desk):
    number, _ = add_learner(app, desk)
    sent = {"csrf_token": desk.token, "viec": "xóa"}
    assert desk.client.post(f"{desk.base}/cho/{number}", data=sent).status_code == 422
    assert desk.client.post(f"{desk.base}/cho/{number}", data={"viec": "toi-den"}).status_code == 400


# --- helpers without an account --------------------------------------------------------------------------------


def test_opening_the_invitation_creates_no_helper(app, desk, invitation):
    page = app.test_client().get(invitation)
    assert page.status_code == 200
    assert "Vào phụ lớp" in page.text
    assert call_service(app, class_helpers.find_helpers, class_id=desk.id) == ()


def test_a_helper_can_open_only_the_help_list(app, desk, thu):
    number, learner_id = add_learner(app, desk)
    raise_hand(app, desk, learner_id)
    page = thu.page(f"{desk.base}/giup")
    assert "Số 1 – mặt trời" in page.text_content()
    assert not page.xpath("//a[contains(@href, '/viec')]")
    assert thu.get(f"{desk.base}/cho/{number}").status_code == 200
    for path in ("", "/viec", "/dong", "/qr-giup", "/man/chao", "/dem-tay"):
        assert thu.get(desk.base + path).status_code == 303, path  # to sign-in
    assert thu.post(f"{desk.base}/lenh", data={"to": "ket"}).status_code in (303, 400)
    assert thu.post(f"{desk.base}/cho/{number}", data={"viec": "moi-ra"}).status_code == 403
    assert class_session_of(app, desk).state.step == "vao"


def test_a_helpers_name_is_shown_when_helping(app, desk, thu):
    number, learner_id = add_learner(app, desk)
    raise_hand(app, desk, learner_id)
    thu.post(f"{desk.base}/cho/{number}", data={"viec": "toi-den", "ve": "giup"})
    assert "Cô Thu đang giúp" in desk.words("/giup")
    thu.post(f"{desk.base}/cho/{number}", data={"viec": "xong", "ve": "giup"})
    assert "Chưa ai cần giúp" in desk.words("/giup")


def test_a_helper_of_one_class_cannot_open_another(app, thu):
    other = open_desk(signed_in_client(app, "Hoa"))
    answer = thu.get(f"{other.base}/giup")
    assert answer.status_code == 403
    assert "không còn phụ lớp" in answer.text


def test_a_removed_helper_loses_access(app, desk, thu):
    desk.press("Mời ra", "/qr-giup")
    answer = thu.get(f"{desk.base}/giup")
    assert answer.status_code == 403
    assert "xin người đứng lớp cho quét mã lại" in answer.text


def test_the_desk_lists_helpers_and_removes_one(app, desk, thu):
    assert "Cô Thu, vào lúc" in desk.words("/viec")
    desk.press("Mời ra", "/viec")
    assert "Cô Thu" not in desk.words("/viec")
    assert thu.get(f"{desk.base}/giup").status_code == 403


def test_scanning_twice_creates_one_helper(app, desk, invitation, thu):
    assert thu.get(invitation).location == f"{desk.base}/giup"
    assert thu.post(invitation, data={"ten": "Thu"}).location == f"{desk.base}/giup"
    assert len(call_service(app, class_helpers.find_helpers, class_id=desk.id)) == 1


def test_an_expired_invitation_says_what_to_do(app, desk, invitation, monkeypatch):
    late = datetime.now(UTC) + timedelta(minutes=11)
    monkeypatch.setattr("lms.web.clock.now", lambda: late)
    answer = app.test_client().get(invitation)
    assert answer.status_code == 404
    assert "hiện mã mới" in answer.text


def test_the_help_list_shows_the_learners_name(app, desk):
    _, learner_id = add_learner(app, desk, "Bà Sáu")
    raise_hand(app, desk, learner_id)
    assert "Số 1 – mặt trời Bà Sáu Giơ tay" in desk.words("/giup")


def test_a_new_invitation_replaces_the_old_one_but_keeps_helpers(app, desk, invitation, thu):
    desk.press("Hiện mã cho người phụ", "/viec")
    assert app.test_client().get(invitation).status_code == 404
    assert thu.get(f"{desk.base}/giup").status_code == 200


def test_a_closed_class_has_no_help_list(desk, thu, invitation, app):
    desk.send_command(close="true")
    answer = thu.get(f"{desk.base}/giup")
    assert answer.status_code == 409
    assert "Lớp đã đóng" in answer.text
    late = app.test_client().post(invitation, data={"ten": "Ai đó"})
    assert late.status_code == 404
    assert "Mã này hết dùng rồi" in late.text


def test_an_invalid_token_is_rejected(app):
    assert app.test_client().get("/giup/khong-co-that").status_code == 404


def test_a_helpers_name_is_escaped(app, desk, invitation):
    phone = app.test_client()
    phone.post(invitation, data={"ten": "<b>Thu</b>" + "x" * 10_000})
    number, learner_id = add_learner(app, desk)
    raise_hand(app, desk, learner_id)
    phone.post(f"{desk.base}/cho/{number}", data={"viec": "toi-den"})
    assert "<b>Thu" not in desk.client.get(f"{desk.base}/giup").text


def test_a_helper_account_sees_the_help_lists_of_its_ward(app, desk):
    hoa = signed_in_client(app, "Hoa", {"helper"})
    assert hoa.page("/dung-lop").xpath("//a[text()='Xem ai cần giúp']/@href") == [f"{desk.base}/giup"]
    assert hoa.get(f"{desk.base}/giup").status_code == 200
    assert hoa.get(desk.base).status_code == 403
    number, _ = add_learner(app, desk)
    sent = {"csrf_token": csrf_token(hoa), "viec": "moi-ra"}
    assert hoa.post(f"{desk.base}/cho/{number}", data=sent).status_code == 403

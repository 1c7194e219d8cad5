"""Who needs help: the list, one seat's screen, and helpers who came by a QR code."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.learning.classroom.access import helpers
from lms.learning.classroom.session.queries import find_seat
from lms.learning.practice import events
from tests.web.careful import CarefulClient
from tests.web.desks import Desk, begins_to_practise, found, in_class, open_desk, raise_hand, seat
from tests.web.duty import signed_in, token


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in(app, "Minh"))


@pytest.fixture
def invitation(desk: Desk) -> str:
    """The path of the helpers' QR code."""
    return re.search(r"/giup/[\w.-]+", desk.press("Hiện mã cho người phụ", "/viec").text)[0]


@pytest.fixture
def thu(app: Flask, invitation: str) -> CarefulClient:
    """A helper's phone. She has no account."""
    phone = app.test_client()
    assert phone.post(invitation, data={"ten": "Cô Thu"}).status_code == 303
    return phone


def test_nobody_needs_help_is_said_in_words(desk):
    assert "Chưa ai cần giúp" in desk.words("/giup")


def test_a_raised_hand_stands_in_the_list_with_number_and_picture(app, desk):
    _, learner_id = seat(app, desk)
    raise_hand(app, desk, learner_id)
    words = desk.words("/giup")
    assert "1 người cần giúp" in words
    assert "Số 1 – mặt trời Giơ tay" in words
    assert "Cần giúp: 1" in desk.words()


def test_who_is_on_the_way_is_told_to_all(app, desk, thu):
    _, learner_id = seat(app, desk)
    raise_hand(app, desk, learner_id)
    desk.press("Tôi đến", "/giup")
    assert "Minh đang giúp" in thu.get(f"{desk.base}/giup").text
    desk.press("Xong rồi", "/giup")
    assert "Chưa ai cần giúp" in desk.words("/giup")


def test_what_she_sees_is_drawn_and_what_she_typed_is_not(app, desk):
    number, learner_id = seat(app, desk, "Lan")
    assert "chưa vào bài tập" in desk.words(f"/cho/{number}")
    desk.sends(to="tap")
    attempt = begins_to_practise(app, desk, learner_id)
    words = desk.words(f"/cho/{number}")
    assert "Bác chạm “Kích hoạt”." in words
    assert "MÀN HÌNH TẬP" in words
    assert not desk.page(f"/cho/{number}").xpath("//div[@class='watched__phone']//form")
    now = datetime.now(UTC)
    in_class(
        app, events.keep_events, learner_id=learner_id, attempt_id=attempt,
        events=[[1, 100, "chao", 0, "tap"], [2, 200, "xong", -1, "end"]], now=now,
    )  # fmt: skip
    assert "Máy này đã tập xong" in desk.words(f"/cho/{number}")


def test_a_seat_without_a_phone_has_no_screen(desk):
    desk.press("Thêm một chỗ", "/viec", nguoi="2")
    assert "không có máy" in desk.words("/cho/1")


def test_a_phone_is_shown_the_door_and_let_in_again(app, desk):
    number, _ = seat(app, desk)
    desk.press("Mời ra khỏi lớp", f"/cho/{number}")
    assert in_class(app, find_seat, class_id=desk.id, number=number).out
    assert "Số này đang ở ngoài lớp" in desk.words(f"/cho/{number}")
    assert "Đang ở ngoài lớp" in desk.words("/viec")
    desk.press("Cho vào lại", "/viec")
    assert not in_class(app, find_seat, class_id=desk.id, number=number).out


def test_an_unknown_seat_is_not_found(desk):
    for path in ("/cho/99", "/cho/0", "/cho/" + "9" * 20):
        answer = desk.client.get(desk.base + path)
        assert answer.status_code == 404
        assert "Lớp không có số này" in answer.text
    assert desk.client.get(f"{desk.base}/cho/mot").status_code == 404


def test_an_act_that_is_none_is_refused(app, desk):
    number, _ = seat(app, desk)
    sent = {"csrf_token": desk.token, "viec": "xóa"}
    assert desk.client.post(f"{desk.base}/cho/{number}", data=sent).status_code == 422
    assert desk.client.post(f"{desk.base}/cho/{number}", data={"viec": "toi-den"}).status_code == 400


# --- helpers without an account --------------------------------------------------------------------------------


def test_looking_at_the_code_does_not_make_a_helper(app, desk, invitation):
    page = app.test_client().get(invitation)
    assert page.status_code == 200
    assert "Vào phụ lớp" in page.text
    assert in_class(app, helpers.helpers, class_id=desk.id) == ()


def test_a_helper_sees_the_list_and_nothing_else(app, desk, thu):
    number, learner_id = seat(app, desk)
    raise_hand(app, desk, learner_id)
    page = thu.page(f"{desk.base}/giup")
    assert "Số 1 – mặt trời" in page.text_content()
    assert not page.xpath("//a[contains(@href, '/viec')]")
    assert thu.get(f"{desk.base}/cho/{number}").status_code == 200
    for path in ("", "/viec", "/dong", "/qr-giup", "/man/chao", "/dem-tay"):
        assert thu.get(desk.base + path).status_code == 303, path  # to the door for accounts
    assert thu.post(f"{desk.base}/lenh", data={"to": "ket"}).status_code in (303, 400)
    assert thu.post(f"{desk.base}/cho/{number}", data={"viec": "moi-ra"}).status_code == 403
    assert found(app, desk).state.step == "vao"


def test_a_helper_goes_to_somebody_by_name(app, desk, thu):
    number, learner_id = seat(app, desk)
    raise_hand(app, desk, learner_id)
    thu.post(f"{desk.base}/cho/{number}", data={"viec": "toi-den", "ve": "giup"})
    assert "Cô Thu đang giúp" in desk.words("/giup")
    thu.post(f"{desk.base}/cho/{number}", data={"viec": "xong", "ve": "giup"})
    assert "Chưa ai cần giúp" in desk.words("/giup")


def test_a_helper_of_one_class_sees_no_other(app, thu):
    other = open_desk(signed_in(app, "Hoa"))
    answer = thu.get(f"{other.base}/giup")
    assert answer.status_code == 403
    assert "không còn phụ lớp" in answer.text


def test_a_helper_who_was_sent_away_sees_it_no_more(app, desk, thu):
    desk.press("Mời ra", "/qr-giup")
    answer = thu.get(f"{desk.base}/giup")
    assert answer.status_code == 403
    assert "xin người đứng lớp cho quét mã lại" in answer.text


def test_the_desk_lists_helpers_phones_and_sends_one_away(app, desk, thu):
    assert "Cô Thu, vào lúc" in desk.words("/viec")
    desk.press("Mời ra", "/viec")
    assert "Cô Thu" not in desk.words("/viec")
    assert thu.get(f"{desk.base}/giup").status_code == 403


def test_a_phone_that_scans_twice_is_one_helper(app, desk, invitation, thu):
    assert thu.get(invitation).location == f"{desk.base}/giup"
    assert thu.post(invitation, data={"ten": "Thu"}).location == f"{desk.base}/giup"
    assert len(in_class(app, helpers.helpers, class_id=desk.id)) == 1


def test_a_code_that_is_too_old_says_what_to_do(app, desk, invitation, monkeypatch):
    late = datetime.now(UTC) + timedelta(minutes=11)
    monkeypatch.setattr("lms.web.clock.now", lambda: late)
    answer = app.test_client().get(invitation)
    assert answer.status_code == 404
    assert "hiện mã mới" in answer.text


def test_the_name_that_was_given_stands_in_the_list(app, desk):
    _, learner_id = seat(app, desk, "Bà Sáu")
    raise_hand(app, desk, learner_id)
    assert "Số 1 – mặt trời Bà Sáu Giơ tay" in desk.words("/giup")


def test_a_new_code_ends_the_old_one_but_nobodys_help(app, desk, invitation, thu):
    desk.press("Hiện mã cho người phụ", "/viec")
    assert app.test_client().get(invitation).status_code == 404
    assert thu.get(f"{desk.base}/giup").status_code == 200


def test_when_the_class_is_closed_the_list_is_over(desk, thu, invitation, app):
    desk.sends(close="true")
    answer = thu.get(f"{desk.base}/giup")
    assert answer.status_code == 409
    assert "Lớp đã đóng" in answer.text
    late = app.test_client().post(invitation, data={"ten": "Ai đó"})
    assert late.status_code == 404
    assert "Mã này hết dùng rồi" in late.text


def test_a_strangers_token_opens_nothing(app):
    assert app.test_client().get("/giup/khong-co-that").status_code == 404


def test_a_helpers_name_is_text(app, desk, invitation):
    phone = app.test_client()
    phone.post(invitation, data={"ten": "<b>Thu</b>" + "x" * 10_000})
    number, learner_id = seat(app, desk)
    raise_hand(app, desk, learner_id)
    phone.post(f"{desk.base}/cho/{number}", data={"viec": "toi-den"})
    assert "<b>Thu" not in desk.client.get(f"{desk.base}/giup").text


def test_a_helper_by_role_sees_the_lists_of_her_ward(app, desk):
    hoa = signed_in(app, "Hoa", {"helper"})
    assert hoa.page("/dung-lop").xpath("//a[text()='Xem ai cần giúp']/@href") == [f"{desk.base}/giup"]
    assert hoa.get(f"{desk.base}/giup").status_code == 200
    assert hoa.get(desk.base).status_code == 403
    number, _ = seat(app, desk)
    sent = {"csrf_token": token(hoa), "viec": "moi-ra"}
    assert hoa.post(f"{desk.base}/cho/{number}", data=sent).status_code == 403

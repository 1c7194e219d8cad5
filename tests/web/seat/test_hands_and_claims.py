"""A raised hand, being put out, and a lost cookie."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import html

from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.steps import question_key
from tests.web.desks import found, in_class
from tests.web.phones import JSON, questions, words


def test_a_hand_goes_up_and_down_and_says_who_is_coming(app, desk, code, lan):
    assert lan.post(f"/lop/{code}/tay", data={"tay": "len"}).location == f"/lop/{code}"
    assert "Bác đang giơ tay" in words(lan, f"/lop/{code}")
    desk.client.post(f"{desk.base}/cho/1", data={"csrf_token": desk.token, "viec": "giup"})
    said = lan.post(f"/lop/{code}/tay", data={"tay": "xuong"}, headers=JSON).get_json()
    assert said["hand"] is False
    assert "Giơ tay nhờ giúp" in words(lan, f"/lop/{code}")


def test_a_hand_of_nobody_is_no_hand(app, code):
    assert app.test_client().post(f"/lop/{code}/tay", data={"tay": "len"}).status_code == 409


def test_whoever_was_put_out_is_told_and_let_in_again(app, desk, code, lan):
    minh = found(app, desk).opened_by
    here = {"class_id": desk.id, "number": 1, "account_id": minh, "now": datetime.now(UTC)}
    in_class(app, seats.put_out, **here)
    assert "đang ở ngoài lớp" in words(lan, f"/lop/{code}")
    assert lan.post(f"/lop/{code}/tay", data={"tay": "len"}).status_code == 403
    in_class(app, seats.let_in, **here)
    assert "Bài sẽ tự mở ở đây" in words(lan, f"/lop/{code}")


def test_a_lost_cookie_gets_its_seat_back_with_the_facilitators_word(app, desk, code, lan):
    phone = app.test_client()
    assert phone.post(f"/lop/{code}/toi-da-vao", data={"so": "1"}).status_code == 303
    assert "Đang chờ người đứng lớp" in words(phone, f"/lop/{code}/toi-da-vao")
    assert phone.get(f"/lop/{code}/toi-da-vao", headers=JSON).get_json() == {"seat": None, "waiting": 1}
    minh, library = found(app, desk).opened_by, app.extensions["shelf"].library
    in_class(app, seats.agree, class_id=desk.id, number=1, account_id=minh, library=library, now=datetime.now(UTC))
    assert phone.get(f"/lop/{code}/toi-da-vao", headers=JSON).get_json() == {"seat": 1, "waiting": None}
    assert "Số 1" in words(phone, f"/lop/{code}")
    assert "Vào lớp" in words(lan, f"/lop/{code}")


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "", "9" * 20, "9" * 4000])
def test_a_seat_that_is_not_there_cannot_be_claimed(app, code, lan, number):
    answer = app.test_client().post(f"/lop/{code}/toi-da-vao", data={"so": number})
    assert answer.status_code == 409
    said = (html.fromstring(answer.text).xpath("//form//*[@role='alert']")[0]).text_content()
    assert ("Lớp không có số ấy" if number else "gõ số của mình") in said


def test_whoever_waits_for_her_seat_looks_again_and_does_not_become_somebody_new(app, code, lan):
    phone = app.test_client()
    phone.post(f"/lop/{code}/toi-da-vao", data={"so": "1"})
    (again,) = html.fromstring(phone.get(f"/lop/{code}/toi-da-vao").text).xpath(
        "//main//a[contains(@class, 'button--main')]/@href"
    )
    assert "Đang chờ người đứng lớp" in words(phone, again)


def test_what_a_script_is_told_about_a_seat_is_kept_by_no_cache(app, desk, code, lan):
    desk.sends(to=question_key(questions(app)[0].id))
    for answer in (
        lan.get(f"/lop/{code}/toi-da-vao", headers=JSON),
        lan.post(f"/lop/{code}/tay", data={"tay": "len"}, headers=JSON),
        lan.post(f"/lop/{code}/tra-loi", data={"question": "x"}, headers=JSON),
    ):
        assert (answer.is_json, answer.headers["Cache-Control"]) == (True, "no-store")

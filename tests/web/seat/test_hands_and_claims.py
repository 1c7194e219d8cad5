"""Raised hands, removed seats, and claims after a lost cookie."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import html

from lms.learning.classroom.seats import seat_claims, seats
from lms.learning.classroom.session.steps import question_step_key
from tests.web.class_phones import JSON, questions, visible_text
from tests.web.desk_client import call_service, class_session_of


def test_a_hand_is_raised_and_lowered_and_shows_who_is_coming(app, desk, code, lan):
    assert lan.post(f"/lop/{code}/tay", data={"tay": "len"}).location == f"/lop/{code}"
    assert "Bác đang giơ tay" in visible_text(lan, f"/lop/{code}")
    desk.client.post(f"{desk.base}/cho/1", data={"csrf_token": desk.token, "viec": "giup"})
    said = lan.post(f"/lop/{code}/tay", data={"tay": "xuong"}, headers=JSON).get_json()
    assert said["hand"] is False
    assert "Giơ tay nhờ giúp" in visible_text(lan, f"/lop/{code}")


def test_a_hand_needs_a_seat(app, code):
    assert app.test_client().post(f"/lop/{code}/tay", data={"tay": "len"}).status_code == 409


def test_a_removed_learner_sees_a_message_and_can_be_readmitted(app, desk, code, lan):
    minh = class_session_of(app, desk).opened_by
    here = {"class_id": desk.id, "number": 1, "account_id": minh, "now": datetime.now(UTC)}
    call_service(app, seats.remove_seat, **here)
    assert "đang ở ngoài lớp" in visible_text(lan, f"/lop/{code}")
    assert lan.post(f"/lop/{code}/tay", data={"tay": "len"}).status_code == 403
    call_service(app, seats.readmit_seat, **here)
    assert "Bài sẽ tự mở ở đây" in visible_text(lan, f"/lop/{code}")


def test_a_learner_who_lost_the_cookie_gets_the_seat_back_after_approval(app, desk, code, lan):
    phone = app.test_client()
    assert phone.post(f"/lop/{code}/toi-da-vao", data={"so": "1"}).status_code == 303
    assert "Đang chờ người đứng lớp" in visible_text(phone, f"/lop/{code}/toi-da-vao")
    assert phone.get(f"/lop/{code}/toi-da-vao", headers=JSON).get_json() == {"seat": None, "waiting": 1}
    minh, library = class_session_of(app, desk).opened_by, app.extensions["catalog"].library
    call_service(
        app,
        seat_claims.resolve_claim,
        class_id=desk.id,
        number=1,
        account_id=minh,
        library=library,
        now=datetime.now(UTC),
    )
    assert phone.get(f"/lop/{code}/toi-da-vao", headers=JSON).get_json() == {"seat": 1, "waiting": None}
    assert "Số 1" in visible_text(phone, f"/lop/{code}")
    assert "Vào lớp" in visible_text(lan, f"/lop/{code}")


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "", "9" * 20, "9" * 4000])
def test_a_seat_that_is_not_there_cannot_be_claimed(app, code, lan, number):
    answer = app.test_client().post(f"/lop/{code}/toi-da-vao", data={"so": number})
    assert answer.status_code == 409
    said = (html.fromstring(answer.text).xpath("//form//*[@role='alert']")[0]).text_content()
    assert ("Lớp không có số ấy" if number else "gõ số của mình") in said


def test_a_learner_with_a_waiting_claim_gets_no_second_seat(app, code, lan):
    phone = app.test_client()
    phone.post(f"/lop/{code}/toi-da-vao", data={"so": "1"})
    (again,) = html.fromstring(phone.get(f"/lop/{code}/toi-da-vao").text).xpath(
        "//main//a[contains(@class, 'button--main')]/@href"
    )
    assert "Đang chờ người đứng lớp" in visible_text(phone, again)


def test_json_about_a_seat_is_not_cached(app, desk, code, lan):
    desk.send_command(to=question_step_key(questions(app)[0].id))
    for answer in (
        lan.get(f"/lop/{code}/toi-da-vao", headers=JSON),
        lan.post(f"/lop/{code}/tay", data={"tay": "len"}, headers=JSON),
        lan.post(f"/lop/{code}/tra-loi", data={"question": "x"}, headers=JSON),
    ):
        assert (answer.is_json, answer.headers["Cache-Control"]) == (True, "no-store")

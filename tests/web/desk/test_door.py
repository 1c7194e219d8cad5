"""The door of a class and its idle seats: closed to strangers, never to learners with a seat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.learning.classroom.seats import idle_seats, joining
from lms.learning.classroom.session.seat_store import find_seat
from lms.learning.learners.learner_store import new_learner_id
from lms.web.classroom.desk import settings
from lms.web.classroom.join import routes
from tests.web.desk_client import (
    QUESTION_LESSON,
    Desk,
    add_learner,
    call_service,
    class_session_of,
    open_desk,
    raise_hand,
)
from tests.web.page_texts import page_text_at, text_of
from tests.web.signed_in_clients import csrf_token, signed_in_client

DOOR_CLOSED = "Cửa lớp đang khép"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in_client(app, "Minh"), QUESTION_LESSON)


@pytest.fixture
def class_url(app, desk) -> str:
    return f"/lop/{class_session_of(app, desk).code}"


def add_idle_learner(app: Flask, desk: Desk) -> tuple[int, str]:
    """Join five minutes ago and do nothing; the seat number and the learner's id."""
    learner_id = new_learner_id()
    joined = call_service(
        app, joining.join_class_session, learner_id=learner_id, code=class_session_of(app, desk).code,
        now=datetime.now(UTC) - timedelta(minutes=5),
    )  # fmt: skip
    return joined.number, learner_id


# --- the door ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_learner_at_a_closed_door_gets_a_message_and_joins_when_it_opens(app, desk, class_url):
    desk.press("Khép cửa", "/viec")
    phone = app.test_client()
    assert DOOR_CLOSED in page_text_at(phone, class_url)
    rejected = phone.post(class_url, data={"nguoi": "3", "ten": "Bà Sáu"})
    assert rejected.status_code == 409
    assert "Bác gọi người đứng lớp mở cửa giúp" in rejected.text
    assert 'value="Bà Sáu"' in rejected.text  # the form keeps what was typed
    assert 'value="3" checked' in rejected.text
    assert phone.get(f"{class_url}/cua").json == {"shut": True}
    desk.press("Mở cửa")
    assert phone.get(f"{class_url}/cua").json == {"shut": False}
    assert DOOR_CLOSED not in page_text_at(phone, class_url)
    assert phone.post(class_url, data={"nguoi": "3", "ten": "Bà Sáu"}).status_code == 303
    assert "Số 1" in page_text_at(phone, class_url)


def test_rendering_a_closed_door_holds_no_lock_that_a_raised_hand_needs(app, desk, class_url, monkeypatch):
    _, learner_id = add_learner(app, desk)
    desk.press("Khép cửa", "/viec")
    draw = routes.render_template

    def draw_while_a_hand_is_raised(*args, **plain):
        raise_hand(app, desk, learner_id)
        return draw(*args, **plain)

    monkeypatch.setattr(routes, "render_template", draw_while_a_hand_is_raised)
    assert app.test_client().post(class_url, data={"nguoi": "1"}).status_code == 409
    assert call_service(app, find_seat, class_id=desk.id, number=1).hand_raised_at is not None


def test_a_learner_with_a_seat_can_use_it_behind_a_closed_door(app, desk, class_url):
    phone = app.test_client()
    phone.post(class_url, data={"nguoi": "1"})
    desk.press("Khép cửa", "/viec")
    assert "Số 1" in page_text_at(phone, class_url)
    assert phone.post(class_url, data={"nguoi": "2"}).status_code == 303
    assert phone.post(f"{class_url}/tay", data={"tay": "len"}).status_code == 303
    lost = app.test_client()
    assert lost.post(f"{class_url}/toi-da-vao", data={"so": "1"}).status_code == 303
    desk.press("Đúng người, cho vào")
    assert "Số 1" in page_text_at(lost, class_url)


def test_the_desk_shows_that_the_door_is_closed_and_opens_it_with_one_tap(app, desk):
    assert "Khép cửa" not in desk.words()  # not among the frequent buttons
    desk.press("Khép cửa", "/viec")
    assert "Cửa lớp đang khép, máy mới chưa vào được" in desk.words()
    assert "Cửa đang khép" in desk.words("/viec")
    desk.press("Mở cửa")
    assert not class_session_of(app, desk).state.door_closed
    assert "Cửa lớp đang khép" not in desk.words()


@pytest.mark.slow
def test_the_wall_shows_no_qr_code_while_the_door_is_closed(app, desk):
    wall = app.test_client()
    wall.post("/chieu")
    desk.press("Ghép", so=wall.get("/chieu", headers={"Accept": "application/json"}).json["code"])
    assert "Mã QR để vào lớp" in wall.get("/chieu").text
    desk.press("Khép cửa", "/viec")
    page = wall.get("/chieu").text
    assert DOOR_CLOSED in page
    assert "Mã QR" not in page
    desk.press_next()
    page = wall.get("/chieu").text
    assert DOOR_CLOSED in page
    assert "Mã QR" not in page
    desk.press("Mở cửa")
    assert "Mã QR để vào lớp" in wall.get("/chieu").text


def test_a_closed_class_accepts_no_join(app, desk, class_url):
    desk.press("Khép cửa", "/viec")
    desk.send_command(close="true")
    assert app.test_client().get(f"{class_url}/cua").status_code == 410
    assert app.test_client().post(class_url, data={}).status_code == 410


# --- empty seats -------------------------------------------------------------------------------------------------


def test_idle_seats_are_counted_before_they_are_removed_and_come_back_by_themselves(app, desk):
    assert "ghế trống" not in desk.words("/viec")
    idle_learners = [add_idle_learner(app, desk)[1] for _ in range(3)]
    _, learner_id = add_idle_learner(app, desk)
    raise_hand(app, desk, learner_id)
    add_learner(app, desk)  # joined within the grace period
    assert "3 chỗ chưa làm gì từ lúc vào" in desk.words("/viec")
    removed = desk.press("Dọn 3 ghế trống", "/viec")
    assert "Đã dọn 3 chỗ" in desk.client.get(removed.location).text
    assert "Dọn 3" not in desk.words("/viec")
    assert "2 máy" in text_of(desk.page())
    for idle_learner in idle_learners:
        call_service(
            app, idle_seats.reactivate_idle_seat, class_id=desk.id, learner_id=idle_learner, now=datetime.now(UTC)
        )
    assert "5 máy" in text_of(desk.page())


@pytest.mark.slow
def test_behind_a_closed_door_named_seats_that_never_did_anything_are_removed_too(app, desk, class_url):
    lan = app.test_client()
    lan.post(class_url, data={"nguoi": "1", "ten": "Lan"})
    lan.post(f"{class_url}/tay", data={"tay": "len"})
    named = [app.test_client() for _ in range(2)]
    for phone in named:
        phone.post(class_url, data={"nguoi": "1", "ten": "Lạ"})
    add_idle_learner(app, desk)
    assert "1 chỗ chưa làm gì từ lúc vào" in desk.words("/viec")
    desk.press("Khép cửa", "/viec")
    removed = desk.press("Dọn 3 ghế trống", "/viec")
    assert "Đã dọn 3 chỗ" in desk.client.get(removed.location).text
    assert "ghế trống" not in desk.words("/viec")
    assert "Số 1" in page_text_at(lan, class_url)
    assert named[0].post(f"{class_url}/con-day").status_code == 303
    assert "2 máy" in text_of(desk.page())


def test_a_phone_whose_idle_seat_was_removed_rejoins_with_its_number(app, desk, class_url, monkeypatch):
    phone = app.test_client()
    phone.post(class_url, data={"nguoi": "2"})
    monkeypatch.setattr("lms.learning.classroom.seats.idle_seats.JOIN_GRACE", timedelta(minutes=-1))
    desk.press("Dọn 1 ghế trống", "/viec")
    desk.press("Khép cửa", "/viec")
    assert "Bác còn ngồi ở đây không" in page_text_at(phone, class_url)
    assert call_service(app, find_seat, class_id=desk.id, number=1).removed  # reading changes nothing
    assert phone.post(f"{class_url}/con-day").status_code == 303
    assert not call_service(app, find_seat, class_id=desk.id, number=1).removed
    assert phone.page(class_url).xpath("//@data-current-part") == ["cho"]


def test_a_seat_removed_by_the_facilitator_cannot_rejoin(app, desk, class_url):
    phone = app.test_client()
    phone.post(class_url, data={"nguoi": "1"})
    desk.press("Mời ra khỏi lớp", "/cho/1")
    assert phone.post(f"{class_url}/con-day").status_code == 403
    assert app.test_client().post(f"{class_url}/con-day").status_code == 409


def test_the_desk_warns_of_a_join_flood_next_to_the_door_button(app, desk, class_url, monkeypatch):
    monkeypatch.setattr(idle_seats, "HALL_SIZE", 2)
    for _ in range(3):
        add_idle_learner(app, desk)
    assert "Có nhiều ghế mới mà chưa ai làm gì. Nếu lạ, hãy khép cửa." in desk.words()
    desk.press("Khép cửa")
    assert class_session_of(app, desk).state.door_closed
    assert desk.page().xpath("//a[contains(., 'Dọn ghế trống')]/@href") == [f"{desk.base}/viec?mo=cua-lop#cua-lop"]
    assert desk.page("/viec").xpath("//*[@id='cua-lop']//button[contains(., 'Dọn 3 ghế trống')]")
    desk.press("Dọn 3 ghế trống", "/viec")
    desk.press("Mở cửa")
    assert "Khép cửa" not in desk.words()


def test_a_full_class_makes_room_for_a_late_learner_and_the_desk_explains_it(app, desk, class_url, monkeypatch):
    monkeypatch.setattr(idle_seats, "HALL_SIZE", 1)
    for module in (idle_seats, settings):
        monkeypatch.setattr(module, "MAX_ACTIVE_SEATS", 2)
    add_idle_learner(app, desk)
    stays = app.test_client()
    stays.post(class_url, data={"nguoi": "1"})
    late = app.test_client()
    assert late.post(class_url, data={"nguoi": "2", "ten": "Bà Sáu"}).status_code == 303
    assert "Số 3" in page_text_at(late, class_url)
    assert "ghế chưa ai làm gì thì nhường chỗ" in desk.words()
    assert "Khép cửa" in desk.words()
    assert "Lớp đã đủ chỗ" in desk.words("/viec")
    assert late.post(f"{class_url}/tay", data={"tay": "len"}).status_code == 303


def test_only_a_facilitator_can_remove_idle_seats(app, desk):
    add_idle_learner(app, desk)
    hoa = signed_in_client(app, "Hoa", {"helper"})
    assert hoa.post(f"{desk.base}/don-ghe", data={"csrf_token": csrf_token(hoa)}).status_code == 403
    assert desk.client.post(f"{desk.base}/don-ghe", data={}).status_code == 400
    assert not call_service(app, find_seat, class_id=desk.id, number=1).removed

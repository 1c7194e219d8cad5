"""The door of a class: shut against strangers, and empty seats cleared away. Who belongs there loses nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.learning.classroom.seats import join_flood, seats
from lms.learning.classroom.session import seat_store
from lms.learning.classroom.session.queries import find_seat
from lms.learning.learners.learner_store import new_learner_id
from lms.web.classroom.desk import settings
from lms.web.classroom.join import routes
from tests.web.careful import CarefulClient
from tests.web.desks import ASKED, Desk, found, in_class, open_desk, raise_hand, seat
from tests.web.duty import signed_in, token

SHUT = "Cửa lớp đang khép"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in(app, "Minh"), ASKED)


@pytest.fixture
def way(app, desk) -> str:
    return f"/lop/{found(app, desk).code}"


def words(phone: CarefulClient, path: str) -> str:
    return " ".join(phone.page(path).text_content().split())


def quiet(app: Flask, desk: Desk) -> tuple[int, str]:
    """A phone that came five minutes ago and has done nothing since."""
    learner_id = new_learner_id()
    joined = in_class(
        app, seats.join, learner_id=learner_id, code=found(app, desk).code,
        now=datetime.now(UTC) - timedelta(minutes=5),
    )  # fmt: skip
    return joined.number, learner_id


# --- the door ----------------------------------------------------------------------------------------------------


def test_who_is_late_at_a_shut_door_is_told_kindly_and_comes_in_when_it_opens(app, desk, way):
    desk.press("Khép cửa", "/viec")
    phone = app.test_client()
    assert SHUT in words(phone, way)
    knocked = phone.post(way, data={"nguoi": "3", "ten": "Bà Sáu"})
    assert knocked.status_code == 409
    assert "Bác gọi người đứng lớp mở cửa giúp" in knocked.text
    assert 'value="Bà Sáu"' in knocked.text  # nothing is typed twice
    assert 'value="3" checked' in knocked.text
    assert phone.get(f"{way}/cua").json == {"shut": True}
    desk.press("Mở cửa")
    assert phone.get(f"{way}/cua").json == {"shut": False}
    assert SHUT not in words(phone, way)
    assert phone.post(way, data={"nguoi": "3", "ten": "Bà Sáu"}).status_code == 303
    assert "Số 1" in words(phone, way)


def test_a_knock_at_a_shut_door_keeps_nobodys_hand_waiting(app, desk, way, monkeypatch):
    _, learner_id = seat(app, desk)
    desk.press("Khép cửa", "/viec")
    draw = routes.render_template

    def draw_while_a_hand_is_raised(*args, **plain):
        raise_hand(app, desk, learner_id)
        return draw(*args, **plain)

    monkeypatch.setattr(routes, "render_template", draw_while_a_hand_is_raised)
    assert app.test_client().post(way, data={"nguoi": "1"}).status_code == 409
    assert in_class(app, find_seat, class_id=desk.id, number=1).hand_at is not None


def test_who_has_a_seat_comes_and_goes_through_a_shut_door(app, desk, way):
    phone = app.test_client()
    phone.post(way, data={"nguoi": "1"})
    desk.press("Khép cửa", "/viec")
    assert "Số 1" in words(phone, way)
    assert phone.post(way, data={"nguoi": "2"}).status_code == 303
    assert phone.post(f"{way}/tay", data={"tay": "len"}).status_code == 303
    lost = app.test_client()
    assert lost.post(f"{way}/toi-da-vao", data={"so": "1"}).status_code == 303
    desk.press("Đúng người, cho vào")
    assert "Số 1" in words(lost, way)


def test_the_desk_says_that_the_door_is_shut_and_opens_it_with_one_tap(app, desk):
    assert "Khép cửa" not in desk.words()  # not where a thumb is on its way to something else
    desk.press("Khép cửa", "/viec")
    assert "Cửa lớp đang khép, máy mới chưa vào được" in desk.words()
    assert "Cửa đang khép" in desk.words("/viec")
    desk.press("Mở cửa")
    assert not found(app, desk).state.shut
    assert "Cửa lớp đang khép" not in desk.words()


def test_the_wall_invites_nobody_through_a_shut_door(app, desk):
    wall = app.test_client()
    wall.post("/chieu")
    desk.press("Ghép", so=wall.get("/chieu", headers={"Accept": "application/json"}).json["code"])
    assert "Mã QR để vào lớp" in wall.get("/chieu").text
    desk.press("Khép cửa", "/viec")
    page = wall.get("/chieu").text
    assert SHUT in page
    assert "Mã QR" not in page
    desk.goes_on()
    page = wall.get("/chieu").text
    assert SHUT in page
    assert "Mã QR" not in page
    desk.press("Mở cửa")
    assert "Mã QR để vào lớp" in wall.get("/chieu").text


def test_a_class_that_is_over_has_no_door(app, desk, way):
    desk.press("Khép cửa", "/viec")
    desk.sends(close="true")
    assert app.test_client().get(f"{way}/cua").status_code == 410
    assert app.test_client().post(way, data={}).status_code == 410


# --- empty seats -------------------------------------------------------------------------------------------------


def test_empty_seats_are_counted_before_they_are_swept_and_let_in_again_afterwards(app, desk):
    assert "ghế trống" not in desk.words("/viec")
    for _ in range(3):
        quiet(app, desk)
    _, learner_id = quiet(app, desk)
    raise_hand(app, desk, learner_id)
    seat(app, desk)  # came this minute
    assert "3 chỗ chưa làm gì từ lúc vào" in desk.words("/viec")
    swept = desk.press("Dọn 3 ghế trống", "/viec")
    assert "Đã dọn 3 chỗ" in desk.client.get(swept.location).text
    assert "Dọn 3" not in desk.words("/viec")
    assert "2 máy" in " ".join(desk.page().text_content().split())
    desk.press("Cho vào lại cả 3 chỗ", "/viec")
    assert "5 máy" in " ".join(desk.page().text_content().split())


def test_behind_a_shut_door_a_strangers_named_seats_are_cleared_away_together_and_let_in_again(app, desk, way):
    hers = app.test_client()
    hers.post(way, data={"nguoi": "1", "ten": "Lan"})
    hers.post(f"{way}/tay", data={"tay": "len"})
    for name in ("Lạ", "Xa"):
        app.test_client().post(way, data={"nguoi": "1", "ten": name})
    quiet(app, desk)
    assert "ghế có tên" not in desk.words("/viec")
    desk.press("Khép cửa", "/viec")
    assert "2 chỗ có tên nhưng cũng chưa làm gì" in desk.words("/viec")
    swept = desk.press("Dọn cả ghế có tên", "/viec")
    assert "Đã dọn 3 chỗ" in desk.client.get(swept.location).text
    assert "ghế có tên" not in desk.words("/viec")
    assert "Số 1" in words(hers, way)
    desk.press("Cho vào lại cả 3 chỗ", "/viec")
    assert "4 máy" in " ".join(desk.page().text_content().split())


def test_a_swept_phone_that_is_still_there_takes_its_number_again(app, desk, way, monkeypatch):
    phone = app.test_client()
    phone.post(way, data={"nguoi": "2"})
    monkeypatch.setattr("lms.learning.classroom.seats.idle_seat_removal.JUST_CAME", timedelta(minutes=-1))
    desk.press("Dọn 1 ghế trống", "/viec")
    desk.press("Khép cửa", "/viec")
    assert "Bác còn ngồi ở đây không" in words(phone, way)
    assert in_class(app, find_seat, class_id=desk.id, number=1).out  # a look changes nothing
    assert phone.post(f"{way}/con-day").status_code == 303
    assert not in_class(app, find_seat, class_id=desk.id, number=1).out
    assert phone.page(way).xpath("//@data-part-now") == ["cho"]


def test_a_phone_that_was_put_out_cannot_say_that_it_is_still_there(app, desk, way):
    phone = app.test_client()
    phone.post(way, data={"nguoi": "1"})
    desk.press("Mời ra khỏi lớp", "/cho/1")
    assert phone.post(f"{way}/con-day").status_code == 403
    assert app.test_client().post(f"{way}/con-day").status_code == 409


def test_a_burst_of_empty_seats_is_said_at_the_desk_with_the_door_at_hand(app, desk, way, monkeypatch):
    monkeypatch.setattr(join_flood, "A_HALL", 2)
    for _ in range(3):
        quiet(app, desk)
    assert "Có nhiều ghế mới mà chưa ai làm gì. Nếu lạ, hãy khép cửa." in desk.words()
    desk.press("Khép cửa")
    assert found(app, desk).state.shut
    assert desk.page().xpath("//a[contains(., 'Dọn ghế trống')]/@href") == [f"{desk.base}/viec?mo=cua-lop#cua-lop"]
    assert desk.page("/viec").xpath("//*[@id='cua-lop']//button[contains(., 'Dọn 3 ghế trống')]")
    desk.press("Dọn 3 ghế trống", "/viec")
    desk.press("Mở cửa")
    assert "Khép cửa" not in desk.words()


def test_a_full_class_lets_the_late_one_in_and_the_desk_says_how(app, desk, way, monkeypatch):
    monkeypatch.setattr(join_flood, "A_HALL", 1)
    for room in (seat_store, join_flood, settings):
        monkeypatch.setattr(room, "MOST_SEATS", 2)
    quiet(app, desk)
    stays = app.test_client()
    stays.post(way, data={"nguoi": "1"})
    late = app.test_client()
    assert late.post(way, data={"nguoi": "2", "ten": "Bà Sáu"}).status_code == 303
    assert "Số 3" in words(late, way)
    assert "ghế chưa ai làm gì thì nhường chỗ" in desk.words()
    assert "Khép cửa" in desk.words()
    assert "Lớp đã đủ chỗ" in desk.words("/viec")
    assert late.post(f"{way}/tay", data={"tay": "len"}).status_code == 303


def test_who_may_not_steer_sweeps_nothing(app, desk):
    quiet(app, desk)
    hoa = signed_in(app, "Hoa", {"helper"})
    assert hoa.post(f"{desk.base}/don-ghe", data={"csrf_token": token(hoa)}).status_code == 403
    assert desk.client.post(f"{desk.base}/don-ghe", data={}).status_code == 400
    assert not in_class(app, find_seat, class_id=desk.id, number=1).out

"""After the class: next meeting and homework reach everybody, a note reaches the ward's next facilitator."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from lms.config import Settings, SettingsError, load_settings
from lms.web import clock
from tests.web.checking_client import CheckingClient
from tests.web.class_phones import join_class, visible_text
from tests.web.desk_client import PRACTICE_LESSON, QUESTION_LESSON, Desk, class_session_of, open_desk
from tests.web.page_texts import main_text_at, page_text_at
from tests.web.signed_in_clients import OTHER_WARD, signed_in_client
from tests.web.wall.projector import pair_projector, pairing_code, wall_text

MEETING, HOMEWORK = "Thứ bảy 5/12, 8 giờ", "Mở VNeID <b>một lần</b>"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in_client(app, "Minh"), QUESTION_LESSON)


def write(desk: Desk, meeting: str = MEETING, homework: str = HOMEWORK):
    fields = {"csrf_token": desk.token, "buoi": meeting, "viec": homework}
    return desk.client.post(f"{desk.base}/buoi-sau", data=fields)


def leave_note(desk: Desk, text: str):
    return desk.client.post(f"{desk.base}/loi-nhan", data={"csrf_token": desk.token, "loi": text})


@pytest.mark.slow
def test_wall_phones_and_the_closed_desk_show_what_was_written(app, desk):
    wall = app.test_client()
    wall.post("/chieu")
    pair_projector(desk, pairing_code(wall))
    code = class_session_of(app, desk).code
    phone = join_class(app, code)
    desk.send_command(to="ket")
    assert "Buổi sau" not in wall_text(wall)
    assert "Buổi sau" not in visible_text(phone, f"/lop/{code}/ket")
    assert write(desk).location == f"{desk.base}/buoi-sau?da=ghi"
    for words in (wall_text(wall), visible_text(phone, f"/lop/{code}/ket")):
        assert f"Buổi sau: {MEETING}" in words
        assert f"Việc ở nhà: {HOMEWORK}" in words  # as typed, no markup
    desk.send_command(close="true")
    assert f"Buổi sau: {MEETING}" in desk.words()
    assert f"Buổi sau: {MEETING}" in wall_text(wall)
    write(desk, "", "")
    assert "Buổi sau:" not in desk.words()


def test_the_text_for_the_chat_group_says_the_same(desk):
    assert not desk.page("/buoi-sau").xpath("//textarea")
    write(desk)
    [text] = desk.page("/buoi-sau").xpath("//textarea[@readonly]")
    assert f"Buổi sau: {MEETING}." in text.text_content()
    assert "http://hoc.example/vneid/ba-loai-ma" in text.text_content()


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("Mở ví... rồi thoát", "Mở ví... rồi thoát."),
        ("Mở VNeID.", "Mở VNeID."),
        ("Bác nhớ chưa?", "Bác nhớ chưa?"),
        ("Còn nữa…", "Còn nữa…"),
    ],
)
def test_the_text_for_the_chat_group_keeps_what_was_typed(desk, typed, line):
    write(desk, "", typed)
    [text] = desk.page("/buoi-sau").xpath("//textarea[@readonly]")
    assert f"Việc ở nhà: {line}" in text.text_content().splitlines()


class TestDataDueAfterADay:
    """A sign-in outlives it."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, class_days=1)

    def test_a_class_whose_data_is_due_takes_no_more_text(self, app, desk, monkeypatch):
        desk.send_command(close="true")
        assert desk.page().xpath("//*[@id='loi-nhan']")
        late = class_session_of(app, desk).personal_until
        monkeypatch.setattr(clock, "now", lambda: late)
        assert not desk.page().xpath("//*[@id='loi-nhan']")
        for refused in (write(desk), leave_note(desk, "Dây HDMI")):
            assert (refused.status_code, "Lớp đã đóng" in refused.text) == (409, True)
        assert class_session_of(app, desk).next_meeting == ""


def test_what_is_too_long_is_refused_and_keeps_what_was_typed(app, desk):
    long = write(desk, "a" * 61)
    assert (long.status_code, "a" * 61 in long.text, "dài quá 60 chữ" in long.text) == (422, True, True)
    assert write(desk, "", "b" * 81).status_code == 422
    assert write(desk, " a\n b\u202e ", "").status_code == 303
    assert class_session_of(app, desk).next_meeting == "a b"
    desk.send_command(close="true")
    note = leave_note(desk, "c" * 201)
    assert (note.status_code, "c" * 201 in note.text) == (422, True)


def test_the_note_is_for_the_next_facilitator_of_the_ward_until_it_is_deleted(app, desk):
    colleague = signed_in_client(app, "Hà")
    stranger = signed_in_client(app, "Nga", ward=OTHER_WARD)
    leave_note(desk, "Nhớ mang dây HDMI")
    assert "HDMI" not in page_text_at(colleague, "/dung-lop")  # the class goes on
    desk.send_command(close="true")
    assert "HDMI" in page_text_at(colleague, "/dung-lop")
    assert "HDMI" not in page_text_at(stranger, "/dung-lop")
    address = f"{desk.base}/loi-nhan/xoa"
    assert stranger.post(address, data={"csrf_token": token_of(stranger)}).status_code == 403
    assert "HDMI" in page_text_at(colleague, "/dung-lop")
    assert colleague.post(address, data={"csrf_token": token_of(colleague)}).location == "/dung-lop"
    assert "HDMI" not in page_text_at(colleague, "/dung-lop")


def write_to_author(desk: Desk, text: str):
    return desk.press("Ghi cho người soạn", **{"ve-bai": text})


def notes_to_author(client: CheckingClient) -> str:
    return main_text_at(client, f"/soan/bai/{QUESTION_LESSON}")


@pytest.mark.slow
def test_what_is_written_about_the_lesson_reaches_its_author_alone(app, desk):
    author = signed_in_client(app, "Khoa", {"author"}, ward="")
    organiser = signed_in_client(app, "Thu", {"organiser"})
    assert "Chưa có lời nhắn nào" in notes_to_author(author)
    desk.send_command(close="true")
    saved = write_to_author(desk, "Câu 2 bà con <b>hay nhầm</b>")
    assert saved.location == f"{desk.base}#loi-ve-bai"
    assert "Câu 2 bà con <b>hay nhầm</b>" in desk.words()
    shown = notes_to_author(author)
    assert "Câu 2 bà con <b>hay nhầm</b>" in shown  # as typed, no markup
    assert "Tuần từ" in shown
    assert "Minh" not in shown
    assert "hay nhầm" not in notes_to_author(organiser)
    assert "Người đứng lớp nhắn" not in notes_to_author(organiser)
    other_lesson = author.page(f"/soan/bai/{PRACTICE_LESSON}").text_content()
    assert "hay nhầm" not in other_lesson
    assert write_to_author(desk, "").status_code == 303
    assert "Chưa có lời nhắn nào" in notes_to_author(author)


def test_a_note_about_the_lesson_is_short_and_of_a_class_that_may_be_steered(app, desk):
    desk.send_command(close="true")
    long = write_to_author(desk, "c" * 201)
    assert (long.status_code, "c" * 201 in long.text, "dài quá 200 chữ" in long.text) == (422, True, True)
    stranger = signed_in_client(app, "Nga", ward=OTHER_WARD)
    fields = {"csrf_token": token_of(stranger), "ve-bai": "Câu 1"}
    assert stranger.post(f"{desk.base}/loi-ve-bai", data=fields).status_code in (403, 404)
    assert "Câu 1" not in desk.words()


def token_of(client: CheckingClient) -> str:
    return client.page("/dung-lop").xpath("//input[@name='csrf_token']/@value")[0]


class TestHallWithoutInternet:
    """The laptop knows the address of the city's site."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, public_url="http://192.168.1.5", city_url="https://hoc.thanhpho.example")

    @pytest.mark.slow
    def test_wall_phones_and_the_sheet_of_steps_name_the_citys_site(self, app, desk):
        wall = app.test_client()
        wall.post("/chieu")
        pair_projector(desk, pairing_code(wall))
        code = class_session_of(app, desk).code
        phone = join_class(app, code)
        desk.send_command(to="ket")
        write(desk)
        sheet = visible_text(app.test_client(), "/vneid/kich-hoat/lam?che-do=to-buoc")
        chat = desk.page("/buoi-sau").xpath("//textarea")[0].text_content()
        assert "https://hoc.thanhpho.example/vneid/ba-loai-ma" in chat
        for words in (wall_text(wall), visible_text(phone, f"/lop/{code}/ket"), sheet):
            assert "hoc.thanhpho.example" in words
            assert "nộp lớp xong" in words


def test_the_citys_own_site_names_no_other(app, desk):
    code = class_session_of(app, desk).code
    phone = join_class(app, code)
    desk.send_command(to="ket")
    assert "nộp lớp xong" not in visible_text(phone, f"/lop/{code}/ket")


@pytest.mark.parametrize("typed", ["hoc.example", "https://hoc.example/a", "ftp://hoc.example"])
def test_a_city_address_that_cannot_be_used_is_named(tmp_path, typed):
    with pytest.raises(SettingsError, match="LMS_CITY_URL"):
        load_settings({"LMS_CITY_URL": typed}, data_dir=tmp_path)
    assert load_settings({"LMS_CITY_URL": "https://hoc.example/"}, data_dir=tmp_path).city_url == "https://hoc.example"

"""A class is opened from a page that works without a script, and is over when the desk says so."""

from __future__ import annotations

from lxml import html

from tests.web.desks import ASKED, PRACTISED, found, open_desk, seat
from tests.web.duty import WARD, signed_in, token

JSON = {"Accept": "application/json"}


def test_whoever_is_not_signed_in_is_led_to_the_door_and_back(app):
    answer = app.test_client().get("/dung-lop")
    assert (answer.status_code, answer.location) == (303, "/vao?tiep=/dung-lop")


def test_a_class_belongs_to_the_accounts_ward_and_practises_by_following(app, minh):
    opened = found(app, open_desk(minh, PRACTISED, noi="Nhà văn hóa khu phố 3"))
    assert (opened.ward, opened.place, opened.state.mode) == (WARD, "Nhà văn hóa khu phố 3", "lam-theo")


def test_from_signed_in_to_the_code_on_the_wall_it_takes_three_taps(app, minh):
    page = minh.page("/dung-lop")
    assert page.xpath("//input[@type='radio'][@name='bai'][@value='vneid/kich-hoat']")  # one: the lesson
    desk = open_desk(minh)  # two: "Mở lớp"
    shown = desk.press("Chiếu bằng máy này")  # three
    assert (shown.status_code, shown.location) == (303, "/chieu")
    assert minh.get("/chieu", headers=JSON).get_json()["paired"]


def test_the_lesson_after_the_last_one_is_picked_already(minh):
    desk = open_desk(minh, ASKED)
    desk.sends(close="true")
    assert minh.page("/dung-lop").xpath("//input[@name='bai'][@checked]/@value") == [PRACTISED]


def test_what_is_amiss_is_said_on_the_page_itself(minh):
    amiss = [
        ({}, "Chạm vào tên một bài"),
        ({"bai": "vneid/khong-co"}, "Chạm vào tên một bài"),
        ({"bai": PRACTISED, "noi": "x" * 81}, "dài quá 80 chữ"),
        ({"bai": PRACTISED, "cach": "thi"}, "chưa nhận ra"),
    ]
    mine = {"csrf_token": token(minh)}
    for sent, said in amiss:
        answer = minh.post("/dung-lop", data=mine | sent)
        assert (answer.status_code, said in answer.text) == (422, True), sent


def test_without_the_forms_token_nothing_is_opened(minh):
    assert minh.post("/dung-lop", data={"bai": PRACTISED}).status_code == 400


def test_a_helper_by_role_opens_nothing(app):
    hoa = signed_in(app, "Hoa", {"helper"})
    assert "Mở lớp" not in hoa.get("/dung-lop").text
    assert hoa.post("/dung-lop", data={"csrf_token": token(hoa), "bai": PRACTISED}).status_code == 403


def test_an_author_is_told_whom_to_ask(app):
    assert "hỏi người tổ chức" in signed_in(app, "Hoa", {"author"}).get("/dung-lop").text


def test_my_open_class_stands_on_top(minh, desk, app):
    seat(app, desk)
    words = " ".join(minh.page("/dung-lop").find(".//main").text_content().split())
    assert words.index("đang mở") < words.index("Mở lớp khác")
    assert "1 máy" in words
    assert minh.page("/dung-lop").xpath("//a[text()='Vào lớp này']/@href") == [desk.base]


def test_closing_asks_first_and_then_is_over(app, desk):
    desk.sends(to="ket")
    assert desk.page().xpath("//a[@data-on]/@href") == [f"{desk.base}/dong"]
    answer = desk.press("Đóng lớp", "/dong")
    assert "Lớp đã đóng" in desk.client.get(answer.location).text
    late = desk.sends(to="vao")
    assert late.status_code == 409
    assert "Lớp đã đóng" in late.text
    assert desk.client.get(f"{desk.base}/viec").status_code == 409
    assert desk.sends(close="true").status_code == 303


def test_a_head_count_can_be_told_after_the_end(app, desk):
    desk.sends(close="true")
    desk.press("Ghi lại", nguoi="30")
    assert found(app, desk).head_count == 30


def test_a_head_count_that_is_none_is_asked_for_at_its_field_after_the_end(app, desk):
    desk.sends(close="true")
    for typed in ("", "ba mươi"):
        answer = desk.press("Ghi lại", nguoi=typed)
        assert answer.status_code == 422
        page = html.fromstring(answer.text)
        assert "Lớp đã đóng" in page.findtext(".//h1")
        [field] = page.xpath("//input[@name='nguoi'][@aria-invalid='true'][@autofocus][not(@required)]")
        assert field.get("value") == typed
        [said] = page.xpath("//form//*[@role='alert'][@id=$id]", id=field.get("aria-describedby"))
        assert "Ghi một số từ 0" in said.text_content()
        assert found(app, desk).head_count is None


def test_the_wards_journal_says_who_opened_and_closed_a_class(app):
    desk = open_desk(signed_in(app, "Minh", {"facilitator"}))
    open_desk(desk.client)  # a second tap finds the same class
    desk.sends(close="true")
    journal = signed_in(app, "Thu", {"organiser"}).get("/quan-ly/nhat-ky").text
    assert journal.count("mở lớp") == 1
    assert journal.count("đóng lớp") == 1

"""Opening and closing a class, without JavaScript."""

from __future__ import annotations

from lxml import html

from tests.web.desk_client import PRACTICE_LESSON, QUESTION_LESSON, add_learner, class_session_of, open_desk
from tests.web.page_texts import main_text_at
from tests.web.signed_in_clients import WARD, csrf_token, signed_in_client

JSON = {"Accept": "application/json"}


def test_an_anonymous_visitor_is_sent_to_sign_in_and_back(app):
    answer = app.test_client().get("/dung-lop")
    assert (answer.status_code, answer.location) == (303, "/vao?tiep=/dung-lop")


def test_a_class_belongs_to_the_accounts_ward_and_practises_by_following(app, minh):
    opened = class_session_of(app, open_desk(minh, PRACTICE_LESSON, noi="Nhà văn hóa khu phố 3"))
    assert (opened.ward, opened.venue, opened.state.mode) == (WARD, "Nhà văn hóa khu phố 3", "lam-theo")


def test_from_signed_in_to_the_code_on_the_wall_it_takes_three_taps(app, minh):
    page = minh.page("/dung-lop")
    assert page.xpath("//input[@type='radio'][@name='bai'][@value='vneid/kich-hoat']")  # one: the lesson
    desk = open_desk(minh)  # two: "Mở lớp"
    shown = desk.press("Chiếu bằng máy này")  # three
    assert (shown.status_code, shown.location) == (303, "/chieu")
    assert minh.get("/chieu", headers=JSON).get_json()["paired"]


def test_the_lesson_after_the_last_taught_one_is_preselected(minh):
    desk = open_desk(minh, QUESTION_LESSON)
    desk.send_command(close="true")
    assert minh.page("/dung-lop").xpath("//input[@name='bai'][@checked]/@value") == [PRACTICE_LESSON]


def test_the_page_explains_invalid_input(minh):
    amiss = [
        ({}, "Chạm vào tên một bài"),
        ({"bai": "vneid/khong-co"}, "Chạm vào tên một bài"),
        ({"bai": PRACTICE_LESSON, "noi": "x" * 81}, "dài quá 80 chữ"),
        ({"bai": PRACTICE_LESSON, "cach": "thi"}, "chưa nhận ra"),
    ]
    mine = {"csrf_token": csrf_token(minh)}
    for sent, said in amiss:
        answer = minh.post("/dung-lop", data=mine | sent)
        assert (answer.status_code, said in answer.text) == (422, True), sent


def test_without_the_forms_token_nothing_is_opened(minh):
    assert minh.post("/dung-lop", data={"bai": PRACTICE_LESSON}).status_code == 400


def test_a_helper_by_role_opens_nothing(app):
    hoa = signed_in_client(app, "Hoa", {"helper"})
    assert "Mở lớp" not in hoa.get("/dung-lop").text
    assert hoa.post("/dung-lop", data={"csrf_token": csrf_token(hoa), "bai": PRACTICE_LESSON}).status_code == 403


def test_an_author_learns_whom_to_ask_for_permission(app):
    assert "hỏi người tổ chức" in signed_in_client(app, "Hoa", {"author"}).get("/dung-lop").text


def test_my_open_class_is_listed_first(minh, desk, app):
    add_learner(app, desk)
    words = main_text_at(minh, "/dung-lop")
    assert words.index("đang mở") < words.index("Mở lớp khác")
    assert "1 máy" in words
    assert minh.page("/dung-lop").xpath("//a[text()='Vào lớp này']/@href") == [desk.base]


def test_closing_asks_first_and_then_is_over(app, desk):
    desk.send_command(to="ket")
    assert desk.page().xpath("//a[@data-next-step]/@href") == [f"{desk.base}/dong"]
    answer = desk.press("Đóng lớp", "/dong")
    assert "Lớp đã đóng" in desk.client.get(answer.location).text
    late = desk.send_command(to="vao")
    assert late.status_code == 409
    assert "Lớp đã đóng" in late.text
    assert desk.client.get(f"{desk.base}/viec").status_code == 409
    assert desk.send_command(close="true").status_code == 303


def test_a_closed_class_has_one_main_thing_and_the_others_under_headings(desk):
    desk.send_command(close="true")
    page = desk.page()
    assert page.xpath("//*[contains(@class, 'button--main')]/@href") == [f"{desk.base}/bao-cao"]
    assert page.xpath("//main//h2/text()") == [
        "Ghi lại buổi này",
        "Cho bà con",
        "Cho người soạn bài",
        "Cho buổi sau của phường",
    ]
    linked = page.xpath("//main//a/@href")
    for path in ("/bao-cao", "/buoi-sau", "/huy-hieu"):
        assert f"{desk.base}{path}" in linked
    assert [form.get("action").rpartition("/")[2] for form in page.xpath("//main//form")][:4] == [
        "mo-lai", "so-nguoi", "loi-ve-bai", "loi-nhan",
    ]  # fmt: skip
    assert not page.xpath("//details[@open]")
    desk.press("Ghi lời nhắn", loi="Máy chiếu ở tủ bên trái")
    assert "Máy chiếu ở tủ bên trái" in " ".join(desk.page().xpath("//details/summary//text()"))


def test_a_head_count_can_be_saved_after_the_class(app, desk):
    desk.send_command(close="true")
    desk.press("Ghi lại", nguoi="30")
    assert class_session_of(app, desk).head_count == 30


def test_a_head_count_that_is_none_is_asked_for_at_its_field_after_the_end(app, desk):
    desk.send_command(close="true")
    for typed in ("", "ba mươi"):
        answer = desk.press("Ghi lại", nguoi=typed)
        assert answer.status_code == 422
        page = html.fromstring(answer.text)
        assert "Lớp đã đóng" in page.findtext(".//h1")
        [field] = page.xpath("//input[@name='nguoi'][@aria-invalid='true'][@autofocus][not(@required)]")
        assert field.get("value") == typed
        [said] = page.xpath("//form//*[@role='alert'][@id=$id]", id=field.get("aria-describedby"))
        assert "Ghi một số từ 0" in said.text_content()
        assert class_session_of(app, desk).head_count is None


def test_the_audit_log_records_who_opened_and_closed_a_class(app):
    desk = open_desk(signed_in_client(app, "Minh", {"facilitator"}))
    open_desk(desk.client)  # a double tap gets the same class
    desk.send_command(close="true")
    journal = signed_in_client(app, "Thu", {"organiser"}).get("/quan-ly/nhat-ky").text
    assert journal.count("mở lớp") == 1
    assert journal.count("đóng lớp") == 1

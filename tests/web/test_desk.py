"""The desk: a class is opened, steered and closed from a page that works without a script."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from lms.learning.accounts import changes
from lms.learning.classroom import asking, seats
from lms.learning.classroom.steps import question_of
from tests.web.careful import CarefulClient
from tests.web.desks import ASKED, PRACTISED, Desk, found, in_class, open_desk, seat
from tests.web.duty import OTHER_WARD, WARD, make_account, sign_in, signed_in, token

JSON = {"Accept": "application/json"}


@pytest.fixture
def minh(app: Flask) -> CarefulClient:
    return signed_in(app, "Minh")


@pytest.fixture
def desk(minh: CarefulClient) -> Desk:
    return open_desk(minh)


# --- opening ---------------------------------------------------------------------------------------------------


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


# --- going on --------------------------------------------------------------------------------------------------


def test_the_big_button_names_what_comes_next(minh):
    desk = open_desk(minh, ASKED)
    assert desk.button().startswith("Tiếp ")
    desk.goes_on(2)
    assert "Mã" in desk.button() or "Câu hỏi" in desk.button()


def test_two_at_once_move_one_step(app, minh, desk):
    drawn = desk.on()
    for _ in range(2):
        assert minh.post(f"{desk.base}/lenh", data=drawn).status_code == 303
    assert found(app, desk).state.step == drawn["to"]


def test_back_is_one_step_back(app, desk):
    desk.goes_on()
    before = found(app, desk).state.step
    desk.goes_on()
    assert found(app, desk).state.step != before
    desk.press("Lùi")
    assert found(app, desk).state.step == before


def test_a_question_is_read_opened_locked_and_shown_by_the_same_button(app, minh):
    desk = open_desk(minh, ASKED)
    while "Mở câu hỏi" not in desk.button():
        desk.goes_on()
    said = []
    for _ in range(4):
        said.append(desk.button().split(" Từ ")[0].split(" Bà con")[0].split(" Hiện")[0])
        desk.goes_on()
    assert said[:3] == ["Mở câu hỏi", "Khóa câu trả lời", "Xem đáp án"]
    assert said[3].startswith("Tiếp")


def test_a_second_round_begins_with_talking_to_the_neighbour(app, minh):
    desk = open_desk(minh, ASKED)
    while "Xem đáp án" not in desk.button():
        desk.goes_on()
    desk.press("Hỏi lại lần hai")
    state = found(app, desk).state
    assert (state.round, state.phase) == (2, "read")
    assert "lần hai" in desk.words()


def test_a_question_locked_by_a_slip_of_the_thumb_opens_again(app, minh):
    desk = open_desk(minh, ASKED)
    while "Xem đáp án" not in desk.button():
        desk.goes_on()
    desk.press("Mở lại cho sửa")
    assert found(app, desk).state.phase == "open"


def test_notes_and_the_right_answer_are_on_the_desk(minh):
    desk = open_desk(minh, ASKED)
    while "Mở câu hỏi" not in desk.button():
        desk.goes_on()
    words = desk.words()
    assert "Hỏi cả phòng trước khi giảng." in words
    assert "Đáp án" in words and "Cúp máy" in words


def test_how_many_chose_what_is_told_from_the_lock_on(app, minh):
    desk = open_desk(minh, ASKED)
    while "Khóa" not in desk.button():
        desk.goes_on()
    _, learner_id = seat(app, desk)
    opened = found(app, desk)
    question_id = question_of(opened.state.step)
    library = app.extensions["shelf"].library
    question = library.lesson("vneid", "ba-loai-ma").understand.question(question_id)
    picked = [option.key for option in question.options if option.right]
    in_class(
        app, asking.keep_class_answer, learner_id=learner_id, code=opened.code, question_id=question_id, round=1,
        given=picked, library=library, now=opened.opened_at,
    )  # fmt: skip
    assert "1 câu trả lời từ 1 máy" in desk.words()
    assert "1 người" not in desk.words()
    desk.goes_on()
    assert "1 người" in desk.words()


def test_hands_of_people_without_a_phone_are_counted(app, minh):
    desk = open_desk(minh, ASKED)
    while "Khóa" not in desk.button():
        desk.goes_on()
    page = desk.page("/dem-tay")
    assert "<p>" not in page.text_content()
    fields = page.xpath("//input[starts-with(@name, 'tay-')]/@name")
    sent = {one.get("name"): one.get("value") for one in page.xpath("//main//form//input[@type='hidden']")}
    wrong = desk.client.post(f"{desk.base}/dem-tay", data=sent | {fields[0]: "nhiều"})
    assert wrong.status_code == 422
    assert "Ghi một số từ 0" in wrong.text
    kept = desk.client.post(f"{desk.base}/dem-tay", data=sent | {fields[0]: "7"})
    assert kept.status_code == 303
    desk.goes_on()
    assert "7 người" in desk.words()
    stale = desk.client.post(f"{desk.base}/dem-tay", data=sent | {"round": "2", fields[0]: "9"})
    assert stale.status_code == 409


# --- the practice ----------------------------------------------------------------------------------------------


def at_the_practice(desk: Desk) -> None:
    desk.sends(to="tap")


def test_the_demo_goes_step_by_step_and_then_on(app, desk):
    desk.sends(to="mau")
    assert "Bước tiếp" in desk.button()
    assert "Chạm" in desk.words() or "chạm" in desk.words()
    desk.goes_on()
    assert found(app, desk).state.demo == 1
    assert desk.button().startswith("Tiếp")


def test_a_pause_asks_everybody_to_look_up_and_is_taken_back(app, desk):
    at_the_practice(desk)
    desk.press("Mời nhìn lên màn chiếu")
    assert found(app, desk).state.paused
    assert "Các máy đang dừng" in desk.words()
    desk.press("Cho làm tiếp")
    assert not found(app, desk).state.paused


def test_a_screen_can_hold_the_class_and_be_shown_to_all(app, desk):
    at_the_practice(desk)
    assert "Chào" in desk.words()
    desk.press("Dừng cả lớp ở màn này", "/man/chao")
    assert found(app, desk).state.gate == "chao"
    assert "Cả lớp dừng ở màn “Chào”" in desk.words()
    desk.press("Cho đi tiếp")
    assert found(app, desk).state.gate is None
    desk.press("Làm mẫu cho cả lớp", "/man/chao")
    assert (found(app, desk).state.demo_of, found(app, desk).state.demo) == ("chao", 0)
    assert "Đang làm mẫu màn “Chào”" in desk.words()
    desk.goes_on()
    assert desk.button().startswith("Xong, về hàng máy")
    desk.goes_on()
    assert found(app, desk).state.demo_of is None


def test_how_the_class_practises_is_changed_with_a_tap(app, desk):
    desk.press("Tự làm", "/viec")
    assert found(app, desk).state.mode == "tu-lam"
    desk.press("Làm theo", "/viec")
    desk.press("Chỉ nói bằng lời", "/viec")
    assert found(app, desk).state.level == 1
    desk.press("Tùy từng người", "/viec")
    assert found(app, desk).state.level is None


def test_an_unknown_screen_is_said_to_be_none(desk):
    answer = desk.client.get(f"{desk.base}/man/khong-co")
    assert answer.status_code == 404
    assert "Bài tập không có màn này" in answer.text


# --- people ----------------------------------------------------------------------------------------------------


def test_people_without_a_phone_get_a_seat(app, desk):
    answer = desk.press("Thêm một chỗ", "/viec", nguoi="3")
    assert answer.status_code == 303
    assert "Đã thêm chỗ số 1." in desk.client.get(answer.location).text
    assert "0 máy, 3 người" in desk.words("/viec")


def test_heads_are_counted_and_nonsense_is_not(app, desk):
    assert desk.press("Ghi lại", "/viec", nguoi="nhiều").status_code == 422
    desk.press("Ghi lại", "/viec", nguoi="24")
    assert found(app, desk).head_count == 24


def test_a_lost_cookie_is_agreed_to_with_one_tap(app, desk):
    number, _ = seat(app, desk, "Lan")
    opened = found(app, desk)
    again = "b" * 32
    in_class(app, seats.claim, learner_id=again, code=opened.code, number=number, now=opened.opened_at)
    assert "Số 1 – mặt trời (Lan)" in desk.words()
    desk.press("Đúng người, cho vào")
    assert "Xin vào lại số cũ" not in desk.words()


# --- the wall --------------------------------------------------------------------------------------------------


def test_a_projector_elsewhere_is_paired_by_its_four_digits(app, desk):
    projector = app.test_client()
    projector.post("/chieu")
    digits = projector.get("/chieu", headers=JSON).get_json()["code"]
    assert desk.press("Ghép", so="12").status_code == 422
    unknown = desk.press("Ghép", so="0000" if digits != "0000" else "1111")
    assert unknown.status_code == 404
    assert "Không có máy chiếu nào" in unknown.text
    assert desk.press("Ghép", so=f"{digits[:2]} {digits[2:]}").status_code == 303
    assert "Máy chiếu đã nối" in desk.words()
    assert projector.get("/chieu", headers=JSON).get_json()["paired"]
    desk.press("Thôi chiếu", "/viec")
    assert "Chưa nối máy chiếu nào" in desk.words("/viec")


# --- the end ---------------------------------------------------------------------------------------------------


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


def test_the_wards_journal_says_who_opened_and_closed_a_class(app):
    desk = open_desk(signed_in(app, "Minh", {"facilitator"}))
    open_desk(desk.client)  # a second tap finds the same class
    desk.sends(close="true")
    journal = signed_in(app, "Thu", {"organiser"}).get("/quan-ly/nhat-ky").text
    assert journal.count("mở lớp") == 1
    assert journal.count("đóng lớp") == 1


# --- bad input -------------------------------------------------------------------------------------------------


def test_commands_that_say_nothing_leave_the_class_alone(app, desk):
    before = found(app, desk).state
    for command in (
        {},
        {"to": "khong-co"},
        {"phase": "open"},
        {"round": "9", "step": "x"},
        {"demo": "-1"},
        {"gate": "khong-co"},
    ):
        answer = desk.sends(**command)
        assert (answer.status_code, "Mở lại trang điều khiển" in answer.text) == (422, True), command
    assert found(app, desk).state == before


def test_json_of_any_shape_gets_a_sentence(desk):
    for sent in ([], "tiếp", {"to": ["x"]}, {"to": "x" * 10_000}, None):
        answer = desk.asks(sent)
        assert answer.status_code == 422
        assert "Mở lại trang điều khiển" in answer.get_json()["error"]
    headers = {"Accept": "application/json", "X-CSRFToken": desk.token, "Content-Type": "application/json"}
    for sent in (
        "[" * 100_000,
        '{"to":' + "[" * 20_000 + "]" * 20_000 + "}",
        '{"demo":NaN}',
        '{"to":"\\ud800"}',
        b"\xff",
    ):
        assert desk.client.post(f"{desk.base}/lenh", data=sent, headers=headers).status_code == 422


@pytest.mark.parametrize("projector", ["", "\0", "x" * 10_000, "0" * 32])
def test_a_projector_that_is_none_cannot_be_taken_off(desk, projector):
    assert (
        desk.client.post(f"{desk.base}/chieu/thoi", data={"csrf_token": desk.token, "may": projector}).status_code
        == 303
    )


def test_a_script_gets_the_snapshot_back(desk):
    answer = desk.asks({"paused": True})
    assert answer.get_json()["paused"] is True
    assert desk.asks({"paused": False}, **{"X-CSRFToken": "khác"}).status_code == 400


def test_an_unknown_class_is_not_found(minh):
    for path in ("", "/viec", "/giup", "/dong", "/dem-tay", "/cho/1", "/man/chao"):
        answer = minh.get(f"/dung-lop/{'0' * 32}{path}")
        assert (answer.status_code, "Lớp này không có" in answer.text) == (404, True), path


def test_hoa_of_another_ward_sees_and_steers_nothing(app, desk):
    hoa = signed_in(app, "Hoa", ward=OTHER_WARD)
    for path in ("", "/viec", "/giup", "/cho/1", "/qr-giup"):
        assert hoa.get(desk.base + path).status_code == 403, path
    sent = {"csrf_token": token(hoa), "to": "ket"}
    assert hoa.post(f"{desk.base}/lenh", data=sent).status_code == 403
    assert hoa.post(f"{desk.base}/cung-dung", data=sent).status_code == 403
    assert found(app, desk).state.step == "vao"


def test_a_colleague_of_the_ward_stands_beside_with_one_tap(app, desk):
    hoa = signed_in(app, "Hoa")
    sent = {"csrf_token": token(hoa)}
    assert "Đứng cùng lớp này" in hoa.get(desk.base).text
    assert hoa.post(f"{desk.base}/lenh", data=sent | {"to": "ket"}).status_code == 403
    assert hoa.post(f"{desk.base}/cung-dung", data=sent).status_code == 303
    assert hoa.post(f"{desk.base}/lenh", data=sent | {"to": "ket"}).status_code == 303
    assert found(app, desk).state.step == "ket"


def test_an_account_that_was_taken_away_steers_no_more(app):
    account = make_account(app, "Minh")
    organiser = make_account(app, "Thu", {"organiser"})
    desk = open_desk(sign_in(app, account))
    in_class(app, changes.disable, account_id=account.id, by=organiser, now=datetime.now(UTC))
    answer = desk.sends(to="ket")
    assert answer.status_code == 303
    assert answer.location.startswith("/vao")
    assert found(app, desk).state.step == "vao"

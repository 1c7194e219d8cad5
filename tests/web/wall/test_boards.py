"""The boards of the wall: joining, slides, questions and demonstrations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.learning.classroom.session.steps import lesson_steps, question_step_key
from lms.web import clock
from lms.web.classroom.desk.preview import demo_path, preview_step
from lms.web.classroom.wall.boards import question_board
from lms.web.classroom.wall.practice_demonstration import demo_board
from tests.web.class_phones import question_of_kind
from tests.web.desk_client import add_learners, class_session_of, open_desk
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import signed_in_client
from tests.web.wall.projector import pair_projector, pairing_code, wall_text


def test_the_join_board_has_the_code_and_the_newest_seats_but_no_names(app, desk, wall):
    add_learners(app, desk, 5, name="Nguyễn Văn Tập")
    code = class_session_of(app, desk).code
    page = wall.page("/chieu")
    assert f"{code[:3]} {code[3:]}" in wall_text(wall)
    assert page.xpath("//*[@data-machines]/text()") == ["5"]
    assert page.xpath("//*[@data-newest]/li/img/@alt")[0] == "cái trống"
    assert "Tập" not in wall_text(wall)


def test_the_join_board_names_lesson_hall_and_hour_and_has_a_line_for_the_last_row(app):
    desk = open_desk(signed_in_client(app, "Minh"), noi="Nhà văn hóa khu phố 5")
    wall = app.test_client()
    wall.post("/chieu")
    assert "Hàng cuối đọc được dòng này là vừa" in wall_text(wall)
    pair_projector(desk, pairing_code(wall))
    lesson = app.extensions["catalog"].library.lesson("vneid", "kich-hoat")
    [said] = wall.page("/chieu").xpath("//*[@class='wall-join__class']")
    words = text_of(said)
    assert words.startswith(f"{lesson.name} Nhà văn hóa khu phố 5, mở lớp lúc ")
    [line] = wall.page("/chieu").xpath("//*[@data-test-line]")
    assert line.get("hidden") is None
    add_learners(app, desk)
    [line] = wall.page("/chieu").xpath("//*[@data-test-line]")
    assert line.get("hidden") is not None


def test_later_boards_keep_the_wifi_for_who_comes_late(app, desk, wall):
    desk.client.post(f"{desk.base}/wifi", data={"csrf_token": desk.token, "ten": "NhaVanHoa", "mat-khau": "tam chu so"})
    desk.press_next(1)
    [strip] = wall.page("/chieu").xpath("//footer")
    assert "Wi-Fi NhaVanHoa, mật khẩu tam chu so" in text_of(strip)
    long = {"ten": "NhaVanHoa", "mat-khau": "mot mat khau qua dai cho mot dong"}
    desk.client.post(f"{desk.base}/wifi", data={"csrf_token": desk.token} | long)
    [strip] = wall.page("/chieu").xpath("//footer")
    assert "mật khẩu hỏi người đứng lớp" in text_of(strip)


def test_the_desk_shows_the_codes_again_over_any_board_for_twenty_seconds(desk, wall, monkeypatch):
    assert "Hiện lại mã" not in desk.words("/viec")  # the wall shows them anyway
    desk.press_next(2)
    desk.press("Hiện lại mã", "/viec")
    page = wall.page("/chieu")
    [codes] = page.xpath("//*[@data-codes-seconds]")
    assert 0 < int(codes.get("data-codes-seconds")) <= 20
    assert codes.xpath(".//*[@aria-label='Mã QR để vào lớp']")
    assert "Không đọc mã cho ai." in page.xpath("string(//main)")  # what lies under it
    real = clock.now()
    monkeypatch.setattr("lms.web.clock.now", lambda: real + timedelta(seconds=21))
    assert wall.page("/chieu").xpath("//*[@data-codes-seconds]") == []


def test_the_end_board_says_what_the_class_did(app, desk, wall):
    learners = add_learners(app, desk, 3)
    desk.send_command(to=question_step_key(question_of_kind(app, "choice").id))
    desk.send_command(step=question_step_key(question_of_kind(app, "choice").id), phase="open")
    desk.send_command(to="ket")
    page = wall.page("/chieu")
    figures = [text_of(each) for each in page.xpath("//*[@class='wall-end__figure']")]
    assert figures == [f"{len(learners)} bác", "1 câu hỏi"]
    assert len(page.xpath("//*[@class='wall-end__emblem']")) == len(learners)
    desk.client.post(f"{desk.base}/so-nguoi", data={"csrf_token": desk.token, "nguoi": "41"})
    desk.send_command(close="true")
    assert "41 bác" in wall_text(wall)
    assert "Phường An Đông" in wall_text(wall)


def test_a_slide_shows_prose_and_callouts_and_never_the_facilitators_notes(desk, wall):
    desk.press_next(2)
    text = wall_text(wall)
    assert "Không đọc mã cho ai." in text
    assert "Hỏi cả phòng trước khi giảng" not in text


def test_options_are_hidden_in_the_read_phase(app, desk, wall):
    key = question_step_key(question_of_kind(app, "choice").id)
    desk.send_command(to=key)
    assert "Cúp máy" not in wall_text(wall)
    desk.send_command(step=key, phase="open")
    assert "Cúp máy" in wall_text(wall)


@pytest.mark.slow
def test_desk_wall_and_phones_number_questions_alike(app, desk, wall):
    steps = lesson_steps(app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma"))
    for step in (one for one in steps if one.kind == "question"):
        desk.send_command(to=step.key)
        [said] = wall.page("/chieu").xpath("//*[@class='wall-question__count']/text()")
        assert f"Phòng đang thấy: {said.lower()}" in desk.words()


def test_a_single_screen_demonstration_counts_only_its_own_steps(library):
    lesson = library.lesson("vneid", "kich-hoat")
    steps, walk = lesson_steps(lesson), demo_path(lesson.practice)
    at = next(place for place, step in enumerate(steps) if step.kind == "practice")
    for screen in set(walk.screens):
        first, last = walk.step_range(screen)
        for demo in range(first, last + 1):
            wall = demo_board(lesson, lesson.practice, demo, screen)
            desk = preview_step(lesson, steps, at, walk, demo_step=demo, single_screen=screen)
            assert (wall.step_number, wall.step_count) == (demo - first + 1, last - first + 1)
            assert desk.position == f"bước {wall.step_number} trong {wall.step_count} của màn này"
            assert (wall.instruction,) == desk.lines
        assert demo_board(lesson, lesson.practice, last + 1, screen).step_number == 0
        assert preview_step(lesson, steps, at, walk, demo_step=last + 1, single_screen=screen).position == "màn kế tiếp"


def test_a_pause_keeps_the_board_and_adds_a_message(desk, wall):
    desk.press_next(2)
    desk.send_command(paused="true")
    text = wall_text(wall)
    assert "nhìn lên đây" in text
    assert "Không đọc mã cho ai." in text


def test_without_javascript_the_wall_reloads(wall):
    assert '<noscript><meta http-equiv="refresh"' in wall.get("/chieu").text


def test_the_address_breaks_after_a_dot_or_a_slash_and_never_inside_a_word(desk, wall):
    assert "hoc.<wbr>example/<wbr>lop" in wall.get("/chieu").text
    desk.press_next(1)
    assert "hoc.<wbr>example/<wbr>lop" in wall.get("/chieu").text


def test_four_addresses_stand_below_each_other_and_four_short_answers_in_two_columns(library):
    columns = {
        option.text: question_board(lesson, question, "open").columns
        for lesson in (library.lesson("vssid", "tra-cuu-ma-so-noi-kham"), library.lesson("bat-dau", "mat-khau"))
        for question in lesson.understand.questions
        if question.kind == "choice" and len(question.options) == 4
        for option in question.options
    }
    assert columns["dichvucong.baohiemxahoi.gov.vn"] == 1
    assert set(columns.values()) == {1, 2}

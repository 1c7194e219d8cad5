"""The main button and the back button: steps of a class and phases of a question."""

from __future__ import annotations

import pytest

from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.session.steps import question_step_key, step_question_id
from tests.web.desk_client import QUESTION_LESSON, add_learner, call_service, class_session_of, open_desk, raise_hand
from tests.web.page_texts import text_of


def test_the_main_button_names_the_next_step(minh):
    desk = open_desk(minh, QUESTION_LESSON)
    assert desk.main_button_text().startswith("Tiếp ")
    desk.press_next(2)
    assert "Mã" in desk.main_button_text() or "Câu hỏi" in desk.main_button_text()


def test_two_simultaneous_commands_move_one_step(app, minh, desk):
    drawn = desk.main_action_fields()
    for _ in range(2):
        assert minh.post(f"{desk.base}/lenh", data=drawn).status_code == 303
    assert class_session_of(app, desk).state.step == drawn["to"]


def test_the_back_button_goes_one_step_back(app, desk):
    desk.press_next()
    before = class_session_of(app, desk).state.step
    desk.press_next()
    assert class_session_of(app, desk).state.step != before
    desk.press("Lùi")
    assert class_session_of(app, desk).state.step == before


@pytest.mark.slow
def test_the_main_button_takes_a_question_through_its_phases(app, minh):
    desk = open_desk(minh, QUESTION_LESSON)
    while "Mở câu hỏi" not in desk.main_button_text():
        desk.press_next()
    said = []
    for _ in range(4):
        said.append(desk.main_button_text().split(" Từ ")[0].split(" Bà con")[0].split(" Hiện")[0])
        desk.press_next()
    assert said[:3] == ["Mở câu hỏi", "Khóa câu trả lời", "Xem đáp án"]
    assert said[3].startswith("Tiếp")


@pytest.mark.slow
def test_a_second_round_starts_in_the_read_phase(app, minh):
    desk = open_desk(minh, QUESTION_LESSON)
    while "Xem đáp án" not in desk.main_button_text():
        desk.press_next()
    desk.press("Hỏi lại lần hai")
    state = class_session_of(app, desk).state
    assert (state.round, state.phase) == (2, "read")
    assert "lần hai" in desk.words()


@pytest.mark.slow
def test_a_locked_question_can_be_reopened(app, minh):
    desk = open_desk(minh, QUESTION_LESSON)
    while "Xem đáp án" not in desk.main_button_text():
        desk.press_next()
    desk.press("Mở lại cho sửa")
    assert class_session_of(app, desk).state.phase == "open"


def test_the_desk_shows_notes_and_the_correct_answer(minh):
    desk = open_desk(minh, QUESTION_LESSON)
    while "Mở câu hỏi" not in desk.main_button_text():
        desk.press_next()
    words = desk.words()
    assert "Hỏi cả phòng trước khi giảng." in words
    assert "Đáp án" in words and "Cúp máy" in words


@pytest.mark.slow
def test_the_desk_shows_counts_per_option_once_the_question_is_locked(app, minh):
    desk = open_desk(minh, QUESTION_LESSON)
    while "Khóa" not in desk.main_button_text():
        desk.press_next()
    _, learner_id = add_learner(app, desk)
    opened = class_session_of(app, desk)
    question_id = step_question_id(opened.state.step)
    library = app.extensions["catalog"].library
    question = library.lesson("vneid", "ba-loai-ma").understand.question(question_id)
    picked = [option.key for option in question.options if option.right]
    call_service(
        app, class_answers.save_class_answer, learner_id=learner_id, code=opened.code, question_id=question_id, round=1,
        given=picked, library=library, now=opened.opened_at,
    )  # fmt: skip
    assert "1 câu trả lời từ 1 máy" in desk.words()
    assert "1 lượt" not in desk.words()
    desk.press_next()
    assert "1 lượt" in desk.words()


@pytest.mark.slow
def test_hands_of_people_without_a_phone_are_counted(app, minh):
    desk = open_desk(minh, QUESTION_LESSON)
    while "Khóa" not in desk.main_button_text():
        desk.press_next()
    page = desk.page("/dem-tay")
    assert "<p>" not in page.text_content()
    fields = page.xpath("//input[starts-with(@name, 'tay-')]/@name")
    sent = {one.get("name"): one.get("value") for one in page.xpath("//main//form//input[@type='hidden']")}
    wrong = desk.client.post(f"{desk.base}/dem-tay", data=sent | {fields[0]: "nhiều"})
    assert wrong.status_code == 422
    assert "Ghi một số từ 0" in wrong.text
    kept = desk.client.post(f"{desk.base}/dem-tay", data=sent | {fields[0]: "7"})
    assert kept.status_code == 303
    desk.press_next()
    assert "7 lượt" in desk.words()
    stale = desk.client.post(f"{desk.base}/dem-tay", data=sent | {"round": "2", fields[0]: "9"})
    assert stale.status_code == 409


def go_to_question(app, desk, kind: str) -> None:
    """Ask the first question of this kind."""
    understand = app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma").understand
    asked = next(part for section in understand.sections for part in section.parts if getattr(part, "kind", "") == kind)
    desk.send_command(to=question_step_key(asked.id))


def preview(desk) -> str:
    return " ".join(" ".join(desk.page().find_class("desk-preview")[0].itertext()).split())


@pytest.mark.slow
def test_the_desk_shows_what_is_to_be_ordered_or_matched_with_the_letters_of_the_wall(app, minh):
    desk = open_desk(minh, QUESTION_LESSON)
    go_to_question(app, desk, "ordering")
    assert "Mở VNeID" in preview(desk) and "cả phòng mới thấy các mục" in preview(desk)
    go_to_question(app, desk, "matching")
    desk.press_next()
    assert "1 Mã OTP" in preview(desk) and "2 Mật khẩu" in preview(desk)
    assert sorted(letter for letter in ("A sáu", "B sáu", "A tám", "B tám") if letter in preview(desk)) in (
        ["A sáu", "B tám"],
        ["A tám", "B sáu"],
    )


@pytest.mark.slow
def test_the_revealed_right_answer_is_marked_in_words_and_not_before(app, minh):
    desk = open_desk(minh, QUESTION_LESSON)
    go_to_question(app, desk, "choice")
    desk.press_next(2)
    assert "đúng" not in preview(desk)
    desk.press_next()
    assert "Cúp máy đúng" in preview(desk) and "Đọc mã cho họ đúng" not in preview(desk)
    go_to_question(app, desk, "ordering")
    desk.press_next(3)
    assert "Đáp án đúng 1 Mở máy 2 Mở VNeID 3 Gõ mã" in preview(desk)
    go_to_question(app, desk, "poll")
    desk.press_next(3)
    assert "đúng" not in preview(desk)


def test_a_raised_hand_stands_near_the_top_until_somebody_is_on_the_way(app, desk):
    def line() -> tuple[str, bool]:
        link = desk.page().xpath("//*[@role='status']/a[@data-hands]")[0]
        return text_of(link), link.get("hidden") is None

    assert not line()[1]
    number, learner_id = add_learner(app, desk)
    raise_hand(app, desk, learner_id)
    assert line() == ("1 bác giơ tay Xem", True)
    desk.press("Tôi đến", "/giup")
    assert not line()[1]
    assert f"Số {number}" in desk.words("/giup")

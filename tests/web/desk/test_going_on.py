"""The one big button, and the way back: steps of a class and the moments of a question."""

from __future__ import annotations

from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.session.steps import question_of
from tests.web.desks import ASKED, found, in_class, open_desk, seat


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
        app, class_answers.keep_class_answer, learner_id=learner_id, code=opened.code, question_id=question_id, round=1,
        given=picked, library=library, now=opened.opened_at,
    )  # fmt: skip
    assert "1 câu trả lời từ 1 máy" in desk.words()
    assert "1 lượt" not in desk.words()
    desk.goes_on()
    assert "1 lượt" in desk.words()


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
    assert "7 lượt" in desk.words()
    stale = desk.client.post(f"{desk.base}/dem-tay", data=sent | {"round": "2", fields[0]: "9"})
    assert stale.status_code == 409

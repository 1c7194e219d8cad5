"""What a learner takes home from a class."""

from __future__ import annotations

from tests.web.careful import CarefulClient
from tests.web.phones import answer, asks, questions, words


def test_the_end_page_gives_marks_learning_code_and_what_comes_next(app, desk, code, lan):
    desk.sends(to="ket")
    assert "Hết bài rồi" in words(lan, f"/lop/{code}")
    desk.sends(close="true")
    assert lan.get(f"/lop/{code}").location == f"/lop/{code}/ket"
    text = words(lan, f"/lop/{code}/ket")
    assert "Cảm ơn bác" in text
    assert "Mã học của bác" in text
    assert "Làm phần Dùng liền" in text
    assert main_way(lan, f"/lop/{code}/ket") == main_way(lan, "/vneid/ba-loai-ma")


def test_where_a_mark_is_missing_she_reads_what_she_did_and_what_is_left(app, desk, code, lan):
    assert "Hiểu ngay: trả lời đúng" in words(lan, f"/lop/{code}/ket")
    first = questions(app)[0]
    asks(desk, first)
    answer(lan, code, first, *(option.key for option in first.options if option.right))
    desk.sends(to="ket")
    lesson = app.extensions["shelf"].library.lesson("vneid", "ba-loai-ma")
    tasks = [task.id for task in lesson.use.tasks]
    before = words(lan, f"/lop/{code}/ket")
    assert "bác đã đúng 1 câu" in before
    assert f"làm đủ {len(tasks)} việc trên máy thật là có dấu" in before
    sent = {"csrf_token": desk.token, "viec": tasks[:1], "cho": "1"}
    desk.client.post(f"{desk.base}/chung-kien", data=sent)
    assert "bác đã làm 1 việc, người đứng lớp đã thấy. Còn" in words(lan, f"/lop/{code}/ket")


def main_way(client: CarefulClient, address: str) -> str:
    """Where the one main button of a page leads."""
    [href] = client.page(address).xpath("//main//a[contains(@class, 'button--main')]/@href")
    return href


def test_marks_earned_in_class_are_her_own(app, desk, code, lan):
    for question in questions(app):
        if question.kind != "choice":
            continue
        key = asks(desk, question)
        answer(lan, code, question, *(option.key for option in question.options if option.right))
        desk.sends(step=key, phase="locked")
        desk.sends(step=key, phase="shown")
    assert "Bác đã đúng 2 trong" in words(lan, "/vneid/ba-loai-ma/hieu")

"""The second lesson of an evening: the desk goes on with it, and phones, wall and forms follow."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask

from lms.web import clock
from tests.web.checking_client import CheckingClient
from tests.web.class_phones import JSON, join_class, open_question, post_answer, practice_page, questions, visible_text
from tests.web.desk_client import (
    PRACTICE_LESSON,
    QUESTION_LESSON,
    Desk,
    add_learner,
    class_session_of,
    open_desk,
    start_class_practice,
)
from tests.web.signed_in_clients import csrf_token, signed_in_client


@pytest.fixture
def desk(minh: CheckingClient) -> Desk:
    return open_desk(minh, QUESTION_LESSON)


@pytest.fixture
def code(app: Flask, desk: Desk) -> str:
    return class_session_of(app, desk).code


@pytest.fixture
def lan(app: Flask, code: str) -> CheckingClient:
    return join_class(app, code)


def go_on(desk: Desk, lesson: str = PRACTICE_LESSON, number: str = "1"):
    return desk.client.post(f"{desk.base}/bai-khac", data={"csrf_token": desk.token, "bai": lesson, "lesson": number})


@pytest.mark.slow
def test_the_desk_offers_the_next_lesson_at_the_end_and_in_the_other_tasks(app, desk, code, lan):
    desk.send_command(to="ket")
    link = f"{desk.base}/bai-khac"
    for path in ("", "/viec", "/dong"):
        assert desk.page(path).xpath(f"//a[@href='{link}']"), path
    page = desk.page("/bai-khac")
    assert page.xpath("//input[@name='bai' and @checked]/@value") == [PRACTICE_LESSON]  # the next of the course
    assert not page.xpath(f"//input[@value='{QUESTION_LESSON}']")  # the class is there
    assert len(page.xpath("//*[contains(@class, 'button--main')]")) == 1
    went = desk.press("Học tiếp", "/bai-khac", bai=PRACTICE_LESSON)
    assert went.location == f"{desk.base}?da=bai-khac"
    assert "Các máy tự theo" in desk.words("?da=bai-khac")
    after = class_session_of(app, desk)
    assert (after.code, after.lesson, after.lesson_number, after.is_closed) == (code, "kich-hoat", 2, False)
    assert "Kích hoạt" in visible_text(lan, f"/lop/{code}")
    assert "Số 1" in visible_text(lan, f"/lop/{code}")


def test_two_taps_and_two_facilitators_go_on_once(app, desk):
    assert go_on(desk).status_code == go_on(desk).status_code == 303
    hanh = signed_in_client(app, "Hạnh")
    token = csrf_token(hanh)
    hanh.post(f"{desk.base}/cung-dung", data={"csrf_token": token})
    assert class_session_of(app, desk).lesson_number == 2
    # The page of the first lesson lies open on the other desk: its choice comes late.
    chosen = {"csrf_token": token, "bai": QUESTION_LESSON, "lesson": "1"}
    assert hanh.post(f"{desk.base}/bai-khac", data=chosen).location == desk.base
    assert class_session_of(app, desk).lesson == "kich-hoat"
    page = desk.page("/bai-khac")
    [back] = page.xpath("//form[.//button[contains(., 'Quay lại bài')]]//input[@name='bai']/@value")
    assert back == QUESTION_LESSON
    desk.press("Quay lại bài", "/bai-khac")
    assert class_session_of(app, desk).lesson == "ba-loai-ma"


def test_without_a_lesson_the_page_asks_for_one_and_a_closed_class_says_so(app, desk):
    answer = go_on(desk, "khong/co")
    assert answer.status_code == 422
    assert "rồi chạm “Học tiếp”" in answer.text
    assert go_on(desk, number="x").status_code == 400
    desk.send_command(close="true")
    answer = go_on(desk)
    assert answer.status_code == 409
    assert "Lớp đã đóng" in answer.text


def test_an_answer_from_a_page_of_the_lesson_before_is_not_counted(app, desk, code, lan):
    question = questions(app)[0]
    open_question(desk, question)
    form = lan.page(f"/lop/{code}").xpath(f"//class-question[@data-question='{question.id}']//form")[0]
    assert form.xpath(".//input[@name='lesson']/@value") == ["1"]
    go_on(desk)
    page = practice_page(lan, f"/lop/{code}")
    assert page.xpath("//class-seat/@data-lesson") == ["2"]
    late = post_answer(lan, code, question, question.options[0].key)
    assert late.status_code == 409
    assert "tới khi lớp đã khóa câu ấy" in late.text
    assert post_answer(lan, code, question, question.options[0].key, headers=JSON).status_code == 409
    # Back in the first lesson the class may open the question again, and the phone answers.
    go_on(desk, QUESTION_LESSON, number="2")
    desk.send_command(step=class_session_of(app, desk).state.step, phase="open")
    assert post_answer(lan, code, question, question.options[0].key).status_code == 303


def test_who_practises_the_first_lesson_is_not_stopped_at_a_screen_of_the_second(app, minh):
    desk = open_desk(minh, PRACTICE_LESSON)
    code = class_session_of(app, desk).code
    lan = join_class(app, code)
    desk.send_command(to="tap")
    attempt = lan.post(f"/lop/{code}/tap").location
    page = practice_page(lan, attempt)
    assert page.xpath("//class-bar/@data-lesson") == ["1"]
    [screen] = page.xpath("//main//*[@data-screen]/@data-screen")[:1]
    go_on(desk, QUESTION_LESSON)
    page = practice_page(lan, attempt)
    assert page.xpath("//class-bar/@data-lesson") == [""]
    assert not page.xpath("//*[@data-status and @hidden]")  # "Lớp đã sang phần khác"
    assert screen in page.xpath("//main//*[@data-screen]/@data-screen")
    # A tap on "Vào tập" of the page before leads to the class as it is now.
    assert lan.post(f"/lop/{code}/tap", data={"lesson": "1"}).location == f"/lop/{code}"
    assert lan.post(f"/lop/{code}/tap", data={"lesson": "1"}, headers=JSON).status_code == 409


def test_the_wall_shows_the_other_lesson_with_the_styles_of_its_app(app, minh, desk):
    minh.post(f"{desk.base}/chieu", data={"csrf_token": desk.token})
    before = minh.page("/chieu")
    go_on(desk)
    after = minh.page("/chieu")
    snapshots = [json.loads(page.xpath("//@data-snapshot")[0]) for page in (before, after)]
    assert [snapshot["lesson"] for snapshot in snapshots] == [1, 2]
    assert before.xpath("//class-wall/@data-class") == after.xpath("//class-wall/@data-class")
    assert "Kích hoạt" in after.xpath("string(//title)")
    assert len(after.xpath("//link[@rel='stylesheet']")) > len(before.xpath("//link[@rel='stylesheet']"))


@pytest.mark.slow
def test_hands_and_attestations_of_a_page_of_the_lesson_before_are_refused(app, minh):
    desk = open_desk(minh, PRACTICE_LESSON)
    code = class_session_of(app, desk).code
    join_class(app, code)
    go_on(desk, QUESTION_LESSON)
    question = questions(app)[0]
    key = open_question(desk, question)
    counted = {"csrf_token": desk.token, "step": key, "round": "1", f"tay-{question.options[0].key}": "3"}
    assert desk.client.post(f"{desk.base}/dem-tay", data=counted).status_code == 409
    assert desk.client.post(f"{desk.base}/dem-tay", data=counted | {"lesson": "2"}).status_code == 303
    tasks = [task.id for task in app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma").use.tasks]
    seen = {"csrf_token": desk.token, "viec": tasks[:1], "cho": "1"}
    refused = desk.client.post(f"{desk.base}/chung-kien", data=seen)
    assert (refused.status_code, "Lớp đã sang bài khác" in refused.text) == (409, True)
    assert desk.client.post(f"{desk.base}/chung-kien", data=seen | {"lesson": "2"}).status_code == 303
    refused = desk.client.post(f"{desk.base}/cho/1/da-thay", data=seen)
    assert (refused.status_code, "Lớp đã sang bài khác" in refused.text) == (409, True)
    assert desk.client.post(f"{desk.base}/cho/1/da-thay", data=seen | {"lesson": "2"}).status_code == 303


def test_in_the_second_lesson_the_help_list_demonstrates_the_screen_where_many_are_stuck(app, desk, monkeypatch):
    learners = [add_learner(app, desk)[1] for _ in range(2)]
    go_on(desk)
    desk.send_command(to="tap", lesson="2")
    for learner_id in learners:
        start_class_practice(app, desk, learner_id)
    later = clock.now() + timedelta(minutes=30)
    monkeypatch.setattr(clock, "now", lambda: later)
    desk.press("Làm mẫu cho cả lớp", "/giup")
    assert class_session_of(app, desk).state.demo_screen == "chao"
    seat = desk.page("/cho/1").xpath("//input[@name='lesson']/@value")
    assert set(seat) == {"2"}


@pytest.mark.slow
def test_the_summary_lists_both_lessons_and_leads_back_when_the_class_goes_on(app, desk, code, lan):
    desk.send_command(to="ket")
    summary = lan.page(f"/lop/{code}/ket")
    [refresh] = summary.xpath("//noscript//meta/@content")
    reload_url = refresh.partition("url=")[2]
    assert lan.get(reload_url).status_code == 200
    assert summary.xpath("//seat-summary[@data-open]/@data-lesson") == ["1"]
    go_on(desk)
    assert lan.get(reload_url).location == f"/lop/{code}"
    text = visible_text(lan, f"/lop/{code}/ket")
    assert text.index("Ba loại mã Hiểu ngay") < text.index("Kích hoạt Hiểu ngay")
    late = join_class(app, code)  # has nothing of the first lesson
    assert "Ba loại mã Hiểu ngay" not in visible_text(late, f"/lop/{code}/ket")

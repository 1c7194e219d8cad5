"""Without a script a small frame on the page of an open question says where the class is by now; the page stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.learning.classroom.seats import seats
from lms.learning.classroom.seats.idle_seat_removal import sweep
from tests.web.careful import CarefulClient
from tests.web.desks import Desk, found, in_class
from tests.web.phones import answer, asks, joined, of_kind

CALM = "Lớp vẫn đang ở câu này."


def frame_of(client: CarefulClient, address: str) -> str:
    """Where the frame on this page looks."""
    [frame] = client.page(address).xpath("//noscript//iframe")
    assert frame.get("title") == "Lớp đang ở đâu"
    return frame.get("src")


def said(client: CarefulClient, frame: str) -> tuple[str, dict[str, str]]:
    """The sentence in it, and its links that load the whole page: words by address."""
    page = client.page(frame)
    [sentence] = page.xpath("//p")
    links = page.xpath("//a")
    assert all(link.get("target") == "_top" for link in links), "a page in the frame"
    return sentence.text_content(), {link.get("href"): link.text_content() for link in links}


@pytest.fixture
def question(app: Flask, desk: Desk):
    question = of_kind(app, "choice")
    asks(desk, question)
    return question


@pytest.fixture
def frame(lan: CarefulClient, code: str, question) -> str:
    return frame_of(lan, f"/lop/{code}")


def test_it_is_calm_while_the_class_is_where_the_page_is_and_looks_again(lan, desk, frame):
    assert said(lan, frame) == (CALM, {})
    [again] = lan.page(frame).xpath("//meta[@http-equiv='refresh']/@content")
    assert int(again) <= 10
    desk.sends(shut="1")
    assert said(lan, frame) == (CALM, {})


@pytest.mark.parametrize("phase", ["locked", "shown"])
def test_a_question_that_was_locked_is_said_with_one_link_to_where_the_class_is(
    lan, desk, code, question, frame, phase
):
    desk.sends(step=f"hoi-{question.id}", phase="locked")
    if phase == "shown":
        desk.sends(step=f"hoi-{question.id}", phase="shown")
    words, links = said(lan, frame)
    assert words == "Câu này đã khóa. Mời bác nhìn lên màn chiếu."
    assert links == {f"/lop/{code}?truoc=1": "Xem bước mới"}
    [there] = links
    assert lan.page(there).xpath(f"//section[contains(@class, 'asked--{phase}')][not(@hidden)]")


def test_another_step_and_another_round_are_said(app, lan, desk, code, question, frame):
    key = f"hoi-{question.id}"
    for phase in ("locked", "shown"):
        desk.sends(step=key, phase=phase)
    desk.sends(step=key, round="2")
    assert said(lan, frame)[0] == "Câu này được hỏi thêm một lần nữa."
    asks(desk, of_kind(app, "typed"))
    assert said(lan, frame) == ("Lớp đã sang bước mới.", {f"/lop/{code}?truoc=1": "Xem bước mới"})
    assert said(lan, frame_of(lan, f"/lop/{code}")) == (CALM, {})


def test_a_pause_takes_nothing_from_her_page_and_its_end_is_said_where_it_began_in_one(lan, desk, code, frame):
    desk.sends(paused="1")
    assert said(lan, frame) == ("Mời bác nghỉ tay, nhìn lên màn chiếu.", {})
    paused = frame_of(lan, f"/lop/{code}")
    assert said(lan, paused) == (CALM, {})
    desk.sends(paused="0")
    assert said(lan, frame) == (CALM, {})
    assert said(lan, paused) == ("Lớp làm tiếp rồi. Mời bác trả lời câu này.", {})


def test_it_is_there_too_while_an_answer_is_changed_and_nowhere_else(app, lan, desk, code, question, frame):
    answer(lan, code, question, question.options[0].key)
    assert not lan.page(f"/lop/{code}").xpath("//iframe")
    assert frame_of(lan, f"/lop/{code}?doi") == frame
    desk.sends(step=f"hoi-{question.id}", phase="locked")
    assert not lan.page(f"/lop/{code}").xpath("//iframe")


def test_the_end_of_the_class_leads_to_what_she_takes_home(lan, desk, code, frame):
    desk.sends(close="true")
    words, links = said(lan, frame)
    assert words == "Lớp đã kết thúc."
    [way] = links
    assert lan.get(way).location == f"/lop/{code}/ket"


def test_a_seat_that_is_out_is_told_only_that(app, lan, desk, code, question, frame):
    here = {"class_id": desk.id, "number": 1, "account_id": found(app, desk).opened_by, "now": datetime.now(UTC)}
    in_class(app, seats.put_out, **here)
    desk.sends(step=f"hoi-{question.id}", phase="locked")
    words, links = said(lan, frame)
    assert words.startswith("Máy này đang ở ngoài lớp.")
    assert links == {}
    out = lan.page(f"/lop/{code}")
    assert not out.xpath("//iframe")
    assert out.xpath("//noscript/meta[@http-equiv='refresh']"), "it opens by itself when she is let in"
    in_class(app, seats.let_in, **here)
    assert said(lan, frame)[0].startswith("Câu này đã khóa.")


def test_a_seat_that_was_swept_as_empty_comes_back_with_the_answer(app, lan, desk, code, question, frame):
    here = {"class_id": desk.id, "account_id": found(app, desk).opened_by}
    assert in_class(app, sweep, now=datetime.now(UTC) + timedelta(hours=1), **here) == 1
    assert said(lan, frame) == ("Bác gửi câu trả lời là vào lại lớp.", {f"/lop/{code}?truoc=1": "Vào lại lớp"})
    answer(lan, code, question, question.options[0].key)
    assert said(lan, frame) == (CALM, {})


def test_to_whoever_has_no_seat_it_says_that_and_nothing_of_the_class(app, lan, desk, code, question, frame):
    before = [said(phone, frame) for phone in (app.test_client(), joined(app, code))]
    desk.sends(step=f"hoi-{question.id}", phase="locked")
    stranger = said(app.test_client(), frame)
    assert stranger == before[0] == ("Máy này chưa có chỗ trong lớp.", {f"/lop/{code}?truoc=1": "Xem trang vào lớp"})
    for nowhere in ("000000", "abc", "x" * 300):
        assert said(lan, f"/lop/{nowhere}/dang-o") == (stranger[0], {"/lop": "Xem trang vào lớp"})


@pytest.mark.parametrize(
    "query", ["", "truoc=%27%22%3E&buoc=%3Cb%3E&pha=&lan=x&nghi", "truoc=-1&lan=99999999999999999999"]
)
def test_whatever_stands_in_its_address_it_answers(lan, code, question, query):
    assert said(lan, f"/lop/{code}/dang-o?{query}")[0]


def test_no_page_but_this_one_may_stand_in_a_frame(lan, code, frame):
    for address in (frame, f"/lop/{code}", "/", "/toi", f"/lop/{code}/ket", f"/lop/{code}/dang-o/x"):
        headers = lan.get(address).headers
        is_the_one = address == frame
        assert headers["X-Frame-Options"] == ("SAMEORIGIN" if is_the_one else "DENY")
        assert ("frame-ancestors 'self'" if is_the_one else "frame-ancestors 'none'") in headers[
            "Content-Security-Policy"
        ]
    assert lan.get(frame).headers["Cache-Control"] == "no-store"

"""Bài này ra sao: stages and questions in counts, the published version beside those before it, nobody pointed at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from lms.learning.marks.marks import save_ticks
from lms.learning.store.database import write_sessions
from lms.learning.store.models import Response
from lms.learning.understand.answers import save_answer
from tests.stored_learner import store_learner
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import engine_of, signed_in_client

PAGE = "/soan/bai/vneid/ba-loai-ma"
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
EARLY = NOW - timedelta(days=5)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.web.clock.now", lambda: NOW)


def answer(app: Flask, people: int, *choices: int, now: datetime = EARLY, is_earlier: bool = False) -> list[str]:
    """So many new learners answer the first question with these options, one after the other."""
    understand = app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma").understand
    question, learners = understand.questions[0], []
    with write_sessions(engine_of(app)).begin() as session:
        for _ in range(people):
            learner = store_learner(session, now=now)
            learners.append(learner.id)
            for place in choices:
                save_answer(
                    session, learner_id=learner.id, course="vneid", lesson="ba-loai-ma", understand=understand,
                    question_id=question.id, given=[question.options[place].key], now=now,
                )  # fmt: skip
        if is_earlier:
            old = update(Response).where(Response.learner_id.in_(learners)).values(content_digest="0" * 64)
            session.execute(old)
    return learners


def rows(client: CheckingClient, place: int) -> dict[str, list[str]]:
    """The rows of a table of the page, by their heading."""
    table = client.page(PAGE).xpath("//table")[place]
    cells = [[text_of(cell) for cell in row] for row in table.xpath(".//tbody/tr")]
    return {first: rest for first, *rest in cells}


def first_question(client: CheckingClient) -> list[str]:
    return next(iter(rows(client, 1).values()))


def test_the_page_needs_a_permission(app, lan):
    assert lan.get(PAGE).location.startswith("/vao")
    assert signed_in_client(app, "Minh", {"facilitator"}).get(PAGE).status_code == 403
    assert signed_in_client(app, "Thu", {"organiser"}).get(PAGE).status_code == 200


def test_the_first_answers_are_counted_with_the_wrong_option_that_draws_people(app, author):
    answer(app, 4, 0, 1)  # wrong at first, right later
    answer(app, 3, 1)
    right, wrong, stopped = first_question(author)
    assert right == "3 trong 7 người"
    assert wrong == "“Đọc mã cho họ”: 4 người"
    assert stopped == "7"


def test_who_began_and_stopped_is_counted_after_a_day(app, author):
    answer(app, 3, 1)
    answer(app, 4, 1, now=NOW - timedelta(hours=1))
    assert rows(author, 0)["Hiểu ngay"] == ["7", "dưới 3", "3"]


def test_no_count_is_of_fewer_than_three_people(app, author):
    assert "Chưa có đủ ba người" in author.page(PAGE).text_content()
    answer(app, 2, 0)
    assert "Chưa có đủ ba người" in author.page(PAGE).text_content()
    answer(app, 2, 1)
    right, wrong, _ = first_question(author)
    assert right == "dưới 3 trong 4 người"
    assert wrong == "không có gì từ ba người trở lên"


def test_versions_stand_side_by_side_each_learner_in_the_first_she_met(app, author):
    answer(app, 3, 1)
    assert "bản trước" not in author.page(PAGE).xpath("//table")[0].text_content()
    answer(app, 5, 0, is_earlier=True)
    assert rows(author, 0)["Hiểu ngay"][0] == "3bản trước: 5"
    right, wrong, _ = first_question(author)
    assert right == "3 trong 3 ngườibản trước: dưới 3 trong 5 người"
    assert wrong.endswith("bản trước: “Đọc mã cho họ”: 5 người")


def test_ticked_tasks_and_their_mark_are_counted(app, author):
    use = app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma").use
    answer(app, 3, 1)
    with write_sessions(engine_of(app)).begin() as session:
        for count in (1, 1, 2, 2, 2):
            learner = store_learner(session, now=EARLY)
            ticked = [task.id for task in use.tasks[:count]]
            save_ticks(session, learner.id, "vneid", "ba-loai-ma", use, ticked, now=EARLY)
    assert rows(author, 0)["Dùng liền"] == ["5", "3", "dưới 3"]


def test_an_unknown_lesson_has_no_page(author):
    assert author.get("/soan/bai/vneid/khong-co").status_code == 404

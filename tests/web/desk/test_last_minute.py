"""“Còn 1 phút” on an open question: one tap says it on all screens, and it locks nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lms.web import clock
from tests.web.class_phones import join_class, open_question, post_answer, question_of_kind, visible_text
from tests.web.desk_client import QUESTION_LESSON, Desk, class_session_of, open_desk

START = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
MOMENT = int(START.timestamp())
TOLD = "Còn 1 phút"


@pytest.fixture
def set_clock(monkeypatch):
    def set_second(second: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: START + timedelta(seconds=second))

    set_second(0)
    return set_second


@pytest.fixture
def question(app):
    return question_of_kind(app, "choice")


@pytest.fixture
def asking_desk(set_clock, minh, question) -> Desk:
    """The desk of a class whose question is open, with a wall in the same browser."""
    desk = open_desk(minh, QUESTION_LESSON)
    open_question(desk, question)
    minh.post(f"{desk.base}/chieu", data={"csrf_token": desk.token})
    return desk


@pytest.fixture
def phone(app, asking_desk):
    return join_class(app, class_session_of(app, asking_desk).code)


def last_minute_until(app, desk: Desk) -> int | None:
    return class_session_of(app, desk).state.last_minute_until


def seat_text(app, desk: Desk, phone) -> str:
    return visible_text(phone, f"/lop/{class_session_of(app, desk).code}")


@pytest.mark.slow
def test_one_tap_says_it_on_wall_and_phones_until_the_minute_is_over(app, asking_desk, phone, set_clock):
    assert TOLD not in visible_text(phone, f"/lop/{class_session_of(app, asking_desk).code}")
    asking_desk.press(TOLD)
    set_clock(59)
    assert TOLD in visible_text(asking_desk.client, "/chieu")
    assert TOLD in seat_text(app, asking_desk, phone)
    version = class_session_of(app, asking_desk).version
    set_clock(60)
    assert TOLD not in visible_text(asking_desk.client, "/chieu")
    assert TOLD not in seat_text(app, asking_desk, phone)
    assert class_session_of(app, asking_desk).version == version  # nothing was written or pushed


def test_it_locks_nothing(app, asking_desk, phone, question, set_clock):
    asking_desk.press(TOLD)
    set_clock(90)
    assert post_answer(phone, class_session_of(app, asking_desk).code, question, "a").status_code == 303
    assert asking_desk.main_button_text().startswith("Khóa câu trả lời")
    assert class_session_of(app, asking_desk).state.phase == "open"


def test_a_second_desk_makes_it_no_longer_and_another_tap_takes_it_back(app, asking_desk, set_clock):
    url, fields = asking_desk.form(TOLD)
    for second in (0, 20):
        set_clock(second)
        asking_desk.client.post(url, data=fields)
    assert last_minute_until(app, asking_desk) == MOMENT + 60
    asking_desk.press("Thôi báo")
    assert last_minute_until(app, asking_desk) is None
    assert TOLD not in visible_text(asking_desk.client, "/chieu")


@pytest.mark.parametrize(
    "command", [{"phase": "locked"}, {"round": "2"}, {"to": "vao"}], ids=["locked", "second round", "another step"]
)
def test_it_ends_with_the_open_question(app, asking_desk, command):
    step = class_session_of(app, asking_desk).state.step
    asking_desk.press(TOLD)
    asking_desk.send_command(**({"step": step} | command))
    assert last_minute_until(app, asking_desk) is None
    asking_desk.send_command(to=step)
    assert last_minute_until(app, asking_desk) is None


@pytest.mark.parametrize("phase", ["read", "locked", "shown"])
def test_a_question_that_takes_no_answers_has_no_last_minute(app, asking_desk, phase):
    step = class_session_of(app, asking_desk).state.step
    if phase == "read":
        asking_desk.send_command(round="2", step=step)
    else:
        asking_desk.send_command(phase=phase, step=step)
    asking_desk.send_command(last_minute="true", step=step)
    assert last_minute_until(app, asking_desk) is None
    assert TOLD not in asking_desk.words()


def test_a_late_tap_from_another_question_begins_nothing(app, asking_desk):
    asking_desk.send_command(last_minute="true", step="hoi-khac")
    assert last_minute_until(app, asking_desk) is None


def test_a_command_that_names_no_question_is_refused(app, asking_desk):
    assert asking_desk.send_command(last_minute="true").status_code == 422
    assert asking_desk.send_command(last_minute="bao giờ", step="hoi-1").status_code == 422
    assert last_minute_until(app, asking_desk) is None

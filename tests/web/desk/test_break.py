"""A break: begun by one tap, shown on all screens, over by itself at one moment or by one tap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lms.learning.classroom.display import snapshots
from lms.learning.classroom.session.seat_store import find_seats
from lms.learning.store.database import write_sessions
from lms.web import clock
from tests.web.desk_client import Desk, add_learner, class_session_of
from tests.web.signed_in_clients import engine_of

START = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)  # 19:30 in Vietnam
MOMENT = int(START.timestamp())


@pytest.fixture
def set_clock(monkeypatch):
    def set_minute(minute: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: START + timedelta(minutes=minute))

    set_minute(0)
    return set_minute


@pytest.fixture
def paused_desk(set_clock, desk: Desk) -> Desk:
    """The desk of a class that has begun a break of ten minutes at 19:30."""
    desk.press_next()
    assert desk.send_command(**{"break": "10"}).status_code == 303
    return desk


def break_until(app, desk: Desk) -> int | None:
    return class_session_of(app, desk).state.break_until


def test_a_break_lasts_ten_minutes_and_a_second_tap_makes_it_no_longer(app, paused_desk, set_clock):
    set_clock(1)
    paused_desk.send_command(**{"break": "15"})
    assert break_until(app, paused_desk) == MOMENT + 600


@pytest.mark.slow
def test_desk_and_wall_say_when_the_class_goes_on(paused_desk, minh):
    assert "Đang nghỉ, học tiếp lúc 19:40" in paused_desk.words()
    minh.post(f"{paused_desk.base}/chieu", data={"csrf_token": paused_desk.token})
    wall = minh.get("/chieu").text
    assert "Mời các bác nghỉ giải lao" in wall
    assert "19:40" in wall
    assert "10:00" in wall


def test_a_break_is_over_by_itself_at_its_moment(app, paused_desk, set_clock):
    set_clock(9.99)
    assert paused_desk.main_button_text().startswith("Hết nghỉ, học tiếp")
    version = class_session_of(app, paused_desk).version
    set_clock(10)
    assert paused_desk.main_button_text().startswith("Tiếp")
    assert "Đang nghỉ" not in paused_desk.words()
    assert class_session_of(app, paused_desk).version == version  # nothing was written or pushed
    paused_desk.send_command(**{"break": "5"})
    assert break_until(app, paused_desk) == MOMENT + 900


def test_one_tap_ends_a_break_early(app, paused_desk):
    step = class_session_of(app, paused_desk).state.step
    paused_desk.press_next()
    state = class_session_of(app, paused_desk).state
    assert (state.break_until, state.step) == (None, step)


def test_going_to_another_step_ends_a_break(app, paused_desk):
    paused_desk.press("Cả lớp tập", "/cac-buoc")
    assert break_until(app, paused_desk) is None


def test_nobody_is_slow_for_having_had_a_break(app, paused_desk):
    add_learner(app, paused_desk)
    with write_sessions(engine_of(app)).begin() as session:
        view = snapshots.find_class_view(session, paused_desk.id, app.extensions["catalog"].library)
        seats = find_seats(session, paused_desk.id)
        snapshot = snapshots.phone_snapshot(view)
        assert snapshots.desk_snapshot(view, seats, START)["stuck_list"] == []
    assert snapshot["break_until"] == MOMENT + 600


def test_a_break_of_another_length_is_refused(app, desk):
    assert desk.send_command(**{"break": "120"}).status_code == 422
    assert break_until(app, desk) is None

"""The signed cookie with the learners of a browser."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.config import Settings
from lms.http.learner_cookie import (
    CLOCK_TOLERANCE_SECONDS,
    MAX_AGE_SECONDS,
    MAX_LEARNERS,
    LearnerCookie,
    dump_cookie,
    load_cookie,
    read_cookie_header,
    set_cookie_header,
)
from lms.learning.learners.learner_store import new_learner_id

SECRET = "a secret"
LAN, HOA, MINH = "1" * 32, "2" * 32, "3" * 32


def test_a_dumped_cookie_can_be_loaded():
    for cookie in (LearnerCookie(), LearnerCookie((LAN,)), LearnerCookie((HOA, LAN))):
        assert load_cookie(SECRET, dump_cookie(SECRET, cookie)) == cookie


def test_a_cookie_signed_with_another_secret_is_rejected():
    assert load_cookie(SECRET, dump_cookie("another secret", LearnerCookie((LAN,)))) is None


def test_a_changed_cookie_is_rejected():
    text = dump_cookie(SECRET, LearnerCookie((LAN,)))
    assert load_cookie(SECRET, text.replace("1", "2", 1)) is None


def test_an_expired_cookie_is_rejected(monkeypatch):
    text = dump_cookie(SECRET, LearnerCookie((LAN,)))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + MAX_AGE_SECONDS + 10)
    assert load_cookie(SECRET, text) is None


@pytest.fixture
def clock(monkeypatch):
    """Sets how far the clock of this host is ahead of the right time, in seconds."""
    right = time.time

    def set_clock_ahead(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: right() + seconds)

    return set_clock_ahead


def settings(tmp_path) -> Settings:
    return Settings(tmp_path, tmp_path, "sqlite://", SECRET, "http://hoc.example")


def test_a_cookie_of_a_host_whose_clock_is_a_little_ahead_is_accepted(clock):
    for ahead in (1, CLOCK_TOLERANCE_SECONDS - 5):
        clock(ahead)
        text = dump_cookie(SECRET, LearnerCookie((LAN,)))
        clock(0)
        assert load_cookie(SECRET, text) == LearnerCookie((LAN,))


def test_a_cookie_from_far_in_the_future_is_refused_until_that_time_is_near(clock, tmp_path):
    clock(3600)
    header = set_cookie_header(settings(tmp_path), LearnerCookie((HOA,)))
    clock(0)
    assert read_cookie_header(settings(tmp_path), header) == LearnerCookie()
    clock(3600 - CLOCK_TOLERANCE_SECONDS + 5)  # the refusal is not remembered
    assert read_cookie_header(settings(tmp_path), header) == LearnerCookie((HOA,))


@given(st.text())
def test_any_text_is_rejected_without_an_error(text):
    assert load_cookie(SECRET, text) is None


def test_learners_can_switch_on_a_shared_phone():
    phone = LearnerCookie((LAN,)).with_current(HOA)
    assert phone.current == HOA
    assert phone.with_current(LAN) == LearnerCookie((LAN, HOA))


def test_no_other_learner_becomes_current_when_one_leaves():
    phone = LearnerCookie((LAN, HOA))
    assert phone.without(LAN, next_id=MINH) == LearnerCookie((MINH, HOA))
    assert phone.without(HOA, next_id=MINH) == LearnerCookie((LAN,))
    assert LearnerCookie((LAN,)).without(LAN, next_id=MINH) == LearnerCookie()


def test_a_shared_phone_remembers_a_dozen_people():
    phone = LearnerCookie()
    people = [new_learner_id() for _ in range(MAX_LEARNERS + 3)]
    for one in people:
        phone = phone.with_current(one)
    assert phone.learner_ids == tuple(reversed(people))[:MAX_LEARNERS]
    assert len(dump_cookie(SECRET, phone)) < 600
    assert load_cookie(SECRET, dump_cookie(SECRET, phone)) == phone

"""A trial of the hall's network: phones that came, how quick they are, and nothing of whose they are."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lms.learning.classroom.access import network_checks
from lms.learning.classroom.access.network_checks import (
    LASTS,
    MOST_PHONES,
    PRESENT,
    begin_trial,
    find_trial,
    find_trial_of,
    hear_phone,
    judged,
    measured,
)
from lms.learning.errors import NotFound, TooOften
from lms.learning.store.models import Learner, TrialPhone, TrialRow
from tests.learning.classroom.room import account
from tests.learning.school import LATER, NOW


@pytest.fixture
def minh(session) -> str:
    return account(session, "Minh")


@pytest.fixture
def code(session, minh) -> str:
    return begin_trial(session, account_id=minh, now=NOW).code


def test_an_account_has_one_trial_at_a_time(session, minh, code):
    assert begin_trial(session, account_id=minh, now=LATER).code == code
    assert find_trial_of(session, account_id=minh, now=LATER).code == code
    assert find_trial_of(session, account_id=minh, now=NOW + LASTS) is None
    again = begin_trial(session, account_id=minh, now=NOW + LASTS)
    assert again.begun_at == NOW + LASTS
    assert session.scalar(select(func.count()).select_from(TrialRow)) == 1


def test_a_phone_is_counted_once_however_often_it_is_heard_of(session, code):
    phone = hear_phone(session, code, None, delay=None, now=NOW)
    for delay in (80, 120):
        assert hear_phone(session, code, phone, delay=delay, now=LATER) == phone
    found = measured(session, code, now=LATER)
    assert (found.phones, found.silent, found.middle) == (1, 0, 120)


def test_a_phone_that_has_gone_is_not_counted_any_more(session, code):
    hear_phone(session, code, None, delay=80, now=NOW)
    assert measured(session, code, now=NOW + PRESENT).phones == 0


def test_a_phone_without_a_script_is_counted_and_not_measured(session, code):
    hear_phone(session, code, None, delay=None, now=NOW)
    found = measured(session, code, now=NOW)
    assert (found.phones, found.silent, found.middle, found.verdict) == (1, 1, None, "none")


@pytest.mark.parametrize("phone", ["", "x", "g" * 16, "a" * 15, "a" * 10_000])
def test_a_word_that_we_never_drew_is_another_phone(session, code, phone):
    assert hear_phone(session, code, phone, delay=10, now=NOW) != phone


@pytest.mark.parametrize("delay", [-5, 0, 10**12])
def test_no_delay_is_less_than_nothing_or_more_than_a_minute(session, code, delay):
    hear_phone(session, code, None, delay=delay, now=NOW)
    assert 0 <= measured(session, code, now=NOW).middle <= 60_000


def test_a_hall_has_no_more_than_four_hundred_phones(session, code, monkeypatch):
    monkeypatch.setattr(network_checks, "MOST_PHONES", 3)
    phones = [hear_phone(session, code, None, delay=1, now=NOW) for _ in range(3)]
    with pytest.raises(TooOften):
        hear_phone(session, code, None, delay=1, now=NOW)
    assert hear_phone(session, code, phones[0], delay=2, now=NOW) == phones[0]
    assert MOST_PHONES == 400


def test_a_code_that_nobody_tries_under_is_not_there(session, code):
    other = f"{(int(code) + 1) % 10_000:04}"
    for wrong, when in ((other, NOW), (code, NOW + LASTS), ("", NOW), ("x" * 5000, NOW)):
        with pytest.raises(NotFound):
            find_trial(session, wrong, now=when)
        with pytest.raises(NotFound):
            hear_phone(session, wrong, None, delay=1, now=when)


def test_nothing_is_kept_of_anybody(session, code):
    hear_phone(session, code, None, delay=80, now=NOW)
    assert session.scalar(select(func.count()).select_from(Learner)) == 0
    assert {column.name for column in TrialPhone.__table__.columns} == {"code", "phone", "seen_at", "delay"}


@pytest.mark.parametrize(
    ("delays", "verdict"),
    [
        ([], "none"),
        ([None, None], "none"),
        ([80] * 40, "good"),
        ([80] * 36 + [1400] * 4, "good"),
        ([80] * 30 + [4000] * 10, "slow"),
        ([900] * 40, "slow"),
        ([2500] * 40, "bad"),
        ([399], "good"),
    ],
)
def test_the_verdict_follows_from_the_middle_and_the_slow_tenth(delays, verdict):
    assert judged(delays).verdict == verdict

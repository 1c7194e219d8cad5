"""Network checks: phones are counted and measured, and nothing about their owners is stored."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lms.learning.classroom.access import network_checks
from lms.learning.classroom.access.network_checks import (
    MAX_PHONES,
    NETWORK_CHECK_LIFETIME,
    PHONE_LIFETIME,
    find_network_check,
    find_network_check_result,
    find_running_network_check,
    record_phone_delay,
    start_network_check,
    summarize_delays,
)
from lms.learning.errors import NotFound, RateLimited
from lms.learning.store.models import Learner, NetworkCheckPhone, NetworkCheckRow
from tests.learning.classroom.live_class import account
from tests.learning.sample_courses import LATER, NOW


@pytest.fixture
def minh(session) -> str:
    return account(session, "Minh")


@pytest.fixture
def code(session, minh) -> str:
    return start_network_check(session, account_id=minh, now=NOW).code


def test_an_account_has_one_network_check_at_a_time(session, minh, code):
    assert start_network_check(session, account_id=minh, now=LATER).code == code
    assert find_running_network_check(session, account_id=minh, now=LATER).code == code
    assert find_running_network_check(session, account_id=minh, now=NOW + NETWORK_CHECK_LIFETIME) is None
    again = start_network_check(session, account_id=minh, now=NOW + NETWORK_CHECK_LIFETIME)
    assert again.started_at == NOW + NETWORK_CHECK_LIFETIME
    assert session.scalar(select(func.count()).select_from(NetworkCheckRow)) == 1


def test_a_phone_is_counted_once(session, code):
    phone = record_phone_delay(session, code, None, delay=None, now=NOW)
    for delay in (80, 120):
        assert record_phone_delay(session, code, phone, delay=delay, now=LATER) == phone
    found = find_network_check_result(session, code, now=LATER)
    assert (found.phones, found.without_script, found.median) == (1, 0, 120)


def test_a_silent_phone_is_no_longer_counted(session, code):
    record_phone_delay(session, code, None, delay=80, now=NOW)
    assert find_network_check_result(session, code, now=NOW + PHONE_LIFETIME).phones == 0


def test_a_phone_without_a_script_is_counted_and_not_measured(session, code):
    record_phone_delay(session, code, None, delay=None, now=NOW)
    found = find_network_check_result(session, code, now=NOW)
    assert (found.phones, found.without_script, found.median, found.verdict) == (1, 1, None, "none")


@pytest.mark.parametrize("phone", ["", "x", "g" * 16, "a" * 15, "a" * 10_000])
def test_an_unknown_word_is_a_new_phone(session, code, phone):
    assert record_phone_delay(session, code, phone, delay=10, now=NOW) != phone


@pytest.mark.parametrize("delay", [-5, 0, 10**12])
def test_delays_are_limited_to_one_minute(session, code, delay):
    record_phone_delay(session, code, None, delay=delay, now=NOW)
    assert 0 <= find_network_check_result(session, code, now=NOW).median <= 60_000


def test_a_check_has_at_most_400_phones(session, code, monkeypatch):
    monkeypatch.setattr(network_checks, "MAX_PHONES", 3)
    phones = [record_phone_delay(session, code, None, delay=1, now=NOW) for _ in range(3)]
    with pytest.raises(RateLimited):
        record_phone_delay(session, code, None, delay=1, now=NOW)
    assert record_phone_delay(session, code, phones[0], delay=2, now=NOW) == phones[0]
    assert MAX_PHONES == 400


def test_an_unknown_code_is_not_found(session, code):
    other = f"{(int(code) + 1) % 10_000:04}"
    for wrong, when in ((other, NOW), (code, NOW + NETWORK_CHECK_LIFETIME), ("", NOW), ("x" * 5000, NOW)):
        with pytest.raises(NotFound):
            find_network_check(session, wrong, now=when)
        with pytest.raises(NotFound):
            record_phone_delay(session, wrong, None, delay=1, now=when)


def test_nothing_personal_is_stored(session, code):
    record_phone_delay(session, code, None, delay=80, now=NOW)
    assert session.scalar(select(func.count()).select_from(Learner)) == 0
    assert {column.name for column in NetworkCheckPhone.__table__.columns} == {"code", "phone", "seen_at", "delay"}


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
def test_the_verdict_follows_from_the_median_and_the_90th_percentile(delays, verdict):
    assert summarize_delays(delays).verdict == verdict

"""Sign-in slips: each can be used once, also concurrently, and the database alone does not reveal them."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from time import sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from lms.learning.accounts import account_admin, audit_log, sign_in_slips, sign_in_throttle, sign_ins
from lms.learning.accounts.account_store import add_account
from lms.learning.errors import InvalidSignInSlip, ServiceBusy, TooManySignInTries, WrongNameOrPassword
from lms.learning.learning_codes import ALPHABET, LENGTH, normalize_code
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import Base, SignIn, SlipRow
from tests.learning.sample_courses import LATER, NOW, SECRET

AN_DONG = "27316"


def person(session, name="Minh", roles=("facilitator",)):
    return add_account(session, name=name, roles=roles, ward=AN_DONG, by=None, now=NOW)


def issued(session, account, now=NOW):
    return sign_in_slips.issue_slip(session, account.id, by=None, secret=SECRET, now=now)


def run_concurrently(functions) -> list:
    """Call the functions in threads that start together; return their results or expected errors."""
    start, outcomes = Barrier(len(functions)), []

    def run(function) -> None:
        start.wait()
        try:
            outcomes.append(function())
        except (InvalidSignInSlip, TooManySignInTries, WrongNameOrPassword) as error:
            outcomes.append(error)

    threads = [Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_concurrent_uses_of_one_slip_one_succeeds(engine: Engine):
    for _ in range(3):
        with write_sessions(engine).begin() as session:
            slip = issued(session, person(session))
        by_square = [lambda s=slip: sign_ins.sign_in_with_slip(engine, s.token, now=NOW)] * 3
        by_code = [lambda s=slip: sign_ins.sign_in_with_code(engine, s.code, secret=SECRET, now=NOW)] * 3
        outcomes = run_concurrently(by_square + by_code)
        assert len([outcome for outcome in outcomes if isinstance(outcome, str)]) == 1
        assert {outcome.why for outcome in outcomes if isinstance(outcome, InvalidSignInSlip)} == {"used"}
        with read_sessions(engine)() as session:
            assert len(session.scalars(select(SignIn).where(SignIn.account_id == slip.account.id)).all()) == 1


def test_of_slips_issued_concurrently_for_one_account_one_is_valid(engine: Engine):
    with write_sessions(engine).begin() as session:
        account = person(session)

    def issue():
        with write_sessions(engine).begin() as session:
            return issued(session, account)

    slips = run_concurrently([issue] * 4)
    assert len({slip.token for slip in slips}) == 4
    with write_sessions(engine).begin() as session:
        assert len(session.scalars(select(SlipRow)).all()) == 1


def test_looking_at_a_slip_does_not_use_it(session):
    slip = issued(session, person(session))
    for _ in range(5):
        assert sign_in_slips.find_slip_holder(session, slip.token, now=NOW).name == "Minh"
    assert sign_in_slips.redeem_slip(session, slip.token, now=NOW).account.name == "Minh"
    with pytest.raises(InvalidSignInSlip, match="used"):
        sign_in_slips.find_slip_holder(session, slip.token, now=NOW)


def test_a_new_slip_invalidates_the_previous_one(session):
    account = person(session)
    first, second = issued(session, account), issued(session, account)
    with pytest.raises(InvalidSignInSlip, match="unknown"):
        sign_in_slips.redeem_slip(session, first.token, now=NOW)
    with pytest.raises(InvalidSignInSlip, match="unknown"):
        sign_in_slips.redeem_code(session, first.code, secret=SECRET, now=NOW)
    assert sign_in_slips.redeem_slip(session, second.token, now=NOW).account == account


def test_a_slip_is_valid_for_exactly_seven_days(session):
    account = person(session)
    slip = issued(session, account)
    end = NOW + timedelta(days=7)
    assert slip.expires_at == end
    with pytest.raises(InvalidSignInSlip, match="expired"):
        sign_in_slips.redeem_slip(session, slip.token, now=end)
    assert sign_in_slips.unused_slip_expiry(session, [account.id], now=end - timedelta(seconds=1)) == {account.id: end}
    assert sign_in_slips.unused_slip_expiry(session, [account.id], now=end) == {}
    assert sign_in_slips.redeem_slip(session, slip.token, now=end - timedelta(seconds=1)).account == account


def test_a_start_slip_says_that_it_is_used_or_expired_in_words_of_its_kind(session):
    account = person(session)
    slip = sign_in_slips.issue_local_sign_in(session, account, secret=SECRET, now=NOW)
    with pytest.raises(InvalidSignInSlip, match="start_expired"):
        sign_in_slips.redeem_slip(session, slip.token, now=slip.expires_at)
    sign_in_slips.redeem_slip(session, slip.token, now=NOW)
    with pytest.raises(InvalidSignInSlip, match="start_used"):
        sign_in_slips.find_slip_holder(session, slip.token, now=NOW)


def test_the_database_alone_does_not_reveal_a_token_or_code(session):
    slip = issued(session, person(session))
    stored = [
        str(value) for table in Base.metadata.sorted_tables for row in session.execute(select(table)) for value in row
    ]
    code = slip.code.replace(" ", "")
    assert not any(slip.token in value or code in value or code[4:] in value for value in stored)
    with pytest.raises(InvalidSignInSlip):  # the database does not contain the secret key
        sign_in_slips.redeem_code(session, slip.code, secret="another secret", now=NOW)


@pytest.mark.slow
def test_tokens_and_codes_are_long_enough_and_unique(session):
    slips = [issued(session, person(session, f"Người {number}")) for number in range(60)]
    assert len({slip.token for slip in slips}) == len({slip.code for slip in slips}) == 60
    assert all(len(slip.token) == 24 and slip.token.isalnum() for slip in slips)  # of 54 letters: 138 bits
    assert all(
        len(normalize_code(slip.code)) == LENGTH and set(normalize_code(slip.code)) <= set(ALPHABET) for slip in slips
    )


@given(typed=st.text(max_size=200))
def test_any_input_is_parsed_to_a_valid_code_or_to_none(typed):
    code = normalize_code(typed)
    assert code == "" or (len(code) == LENGTH and set(code) <= set(ALPHABET))
    assert normalize_code(code) == code


def test_guesses_at_one_slip_are_counted_and_blocked(engine: Engine):
    with write_sessions(engine).begin() as session:
        slip = issued(session, person(session))
        other = issued(session, person(session, "Hoa"))
    wrong = slip.code[:-1] + ("0" if slip.code[-1] != "0" else "1")

    def guess(code, now=NOW):
        return sign_ins.sign_in_with_code(engine, code, secret=SECRET, now=now)

    outcomes = run_concurrently([lambda: guess(wrong)] * 16)  # concurrent tries get no extra ones
    assert (
        sorted(type(outcome).__name__ for outcome in outcomes)
        == ["InvalidSignInSlip"] * 10 + ["TooManySignInTries"] * 6
    )
    with pytest.raises(TooManySignInTries) as blocked:
        guess(slip.code)
    assert blocked.value.until == NOW + sign_in_throttle.BLOCK_TIME
    assert guess(other.code)
    with pytest.raises(TooManySignInTries):  # further tries do not extend the block
        guess(wrong, NOW + sign_in_throttle.BLOCK_TIME - timedelta(seconds=1))
    assert guess(slip.code, NOW + sign_in_throttle.BLOCK_TIME + timedelta(seconds=1))


def test_the_right_code_resets_the_count(engine: Engine):
    with write_sessions(engine).begin() as session:
        account = person(session)
        sign_in = issued(session, account)
    key = "slip:" + normalize_code(sign_in.code)[:4]
    sign_ins.sign_in_with_code(engine, sign_in.code, secret=SECRET, now=NOW)
    with write_sessions(engine).begin() as session:
        assert not sign_in_throttle.is_blocked(session, key)
        sign_in_throttle.count_sign_in_try(session, key, now=NOW)
        sign_in_throttle.delete_expired(session, now=NOW + 2 * sign_in_throttle.BLOCK_TIME)
        assert not session.scalar(select(sign_in_throttle.FailedTries.count))


def test_concurrent_password_guesses_get_no_extra_tries(engine: Engine):
    with write_sessions(engine).begin() as session:
        minh = person(session)
    with read_sessions(engine)() as session:
        assert session.scalars(select(SignIn)).all() == []

    def guess() -> None:
        while True:
            try:
                sign_ins.sign_in_with_password(engine, "minh", "sai mất rồi", now=NOW)
            except ServiceBusy:  # the queue was full: not counted as a try
                sleep(0.02)

    outcomes = run_concurrently([guess] * 14)
    assert (
        sorted(type(outcome).__name__ for outcome in outcomes)
        == ["TooManySignInTries"] * 4 + ["WrongNameOrPassword"] * 10
    )
    with read_sessions(engine)() as session:
        blocked = [
            entry for entry in audit_log.read_entries(session, ward=AN_DONG) if entry.action == "sign_in_blocked"
        ]
        assert blocked and {entry.target_id for entry in blocked} == {minh.id}


def test_the_eleventh_browser_signs_out_the_least_recently_seen(engine: Engine):
    with write_sessions(engine).begin() as session:
        account = person(session)
    tokens = []
    for number in range(sign_ins.MAX_BROWSERS + 1):
        now = NOW + timedelta(minutes=number)
        with write_sessions(engine).begin() as session:
            slip = issued(session, account, now)
        tokens.append(sign_ins.sign_in_with_slip(engine, slip.token, now=now))
    with read_sessions(engine)() as session:
        is_signed_in = [sign_ins.find_sign_in(session, token, now=LATER) is not None for token in tokens]
    assert is_signed_in == [False] + [True] * sign_ins.MAX_BROWSERS


def test_disabling_and_redeeming_concurrently_leave_no_sign_in(engine: Engine):
    for _ in range(4):
        with write_sessions(engine).begin() as session:
            account = person(session)
            slip = issued(session, account)

        def disable(whom=account) -> None:
            with write_sessions(engine).begin() as session:
                account_admin.disable_account(session, whom.id, by=None, now=NOW)

        outcomes = run_concurrently([disable, lambda s=slip: sign_ins.sign_in_with_slip(engine, s.token, now=NOW)])
        tokens = [outcome for outcome in outcomes if isinstance(outcome, str)]
        with read_sessions(engine)() as session:
            assert all(sign_ins.find_sign_in(session, token, now=NOW) is None for token in tokens)

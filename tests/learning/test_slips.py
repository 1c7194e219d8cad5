"""Sign-in slips: each opens once, whoever comes and however fast, and the database alone opens nothing."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from time import sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from lms.learning.accounts import account_admin, audit_log, sign_in_slips, sign_ins, throttle
from lms.learning.accounts.account_store import add_account, by_login
from lms.learning.errors import Busy, SlipRefused, TooManyTries, WrongSignIn
from lms.learning.learning_codes import ALPHABET, LENGTH, as_typed
from lms.learning.store.database import make_engine, reading, writing
from lms.learning.store.migrate import upgrade
from lms.learning.store.models import Base, SignIn, SlipRow
from tests.learning.school import LATER, NOW, SECRET
from tests.learning.test_upgrade import fill

AN_DONG = "27316"


def person(session, name="Minh", roles=("facilitator",)):
    return add_account(session, name=name, roles=roles, ward=AN_DONG, by=None, now=NOW)


def issued(session, account, now=NOW):
    return sign_in_slips.issue_slip(session, account.id, by=None, secret=SECRET, now=now)


def at_once(works) -> list:
    """What each of them returned or raised, when all began together."""
    together, outcomes = Barrier(len(works)), []

    def run(work) -> None:
        together.wait()
        try:
            outcomes.append(work())
        except (SlipRefused, TooManyTries, WrongSignIn) as error:
            outcomes.append(error)

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_many_who_use_one_slip_at_once_one_gets_in(engine: Engine):
    for _ in range(3):
        with writing(engine).begin() as session:
            slip = issued(session, person(session))
        by_square = [lambda s=slip: sign_ins.sign_in_with_slip(engine, s.token, now=NOW)] * 3
        by_code = [lambda s=slip: sign_ins.sign_in_with_code(engine, s.code, secret=SECRET, now=NOW)] * 3
        outcomes = at_once(by_square + by_code)
        assert len([one for one in outcomes if isinstance(one, str)]) == 1
        assert {one.why for one in outcomes if isinstance(one, SlipRefused)} == {"used"}
        with reading(engine)() as session:
            assert len(session.scalars(select(SignIn).where(SignIn.account_id == slip.account.id)).all()) == 1


def test_of_many_slips_printed_at_once_for_one_person_one_works(engine: Engine):
    with writing(engine).begin() as session:
        account = person(session)

    def issue():
        with writing(engine).begin() as session:
            return issued(session, account)

    made = at_once([issue] * 4)
    assert len({one.token for one in made}) == 4
    with writing(engine).begin() as session:
        assert len(session.scalars(select(SlipRow)).all()) == 1


def test_looking_at_a_slip_uses_nothing_up(session):
    slip = issued(session, person(session))
    for _ in range(5):
        assert sign_in_slips.slip_holder(session, slip.token, now=NOW).name == "Minh"
    assert sign_in_slips.use_slip(session, slip.token, now=NOW).name == "Minh"
    with pytest.raises(SlipRefused, match="used"):
        sign_in_slips.slip_holder(session, slip.token, now=NOW)


def test_a_new_slip_ends_the_one_before(session):
    account = person(session)
    first, second = issued(session, account), issued(session, account)
    with pytest.raises(SlipRefused, match="unknown"):
        sign_in_slips.use_slip(session, first.token, now=NOW)
    with pytest.raises(SlipRefused, match="unknown"):
        sign_in_slips.use_code(session, first.code, secret=SECRET, now=NOW)
    assert sign_in_slips.use_slip(session, second.token, now=NOW) == account


def test_a_slip_is_good_for_seven_days_to_the_second(session):
    account = person(session)
    slip = issued(session, account)
    end = NOW + timedelta(days=7)
    assert slip.expires_at == end
    with pytest.raises(SlipRefused, match="expired"):
        sign_in_slips.use_slip(session, slip.token, now=end)
    assert sign_in_slips.waiting(session, [account.id], now=end - timedelta(seconds=1)) == {account.id: end}
    assert sign_in_slips.waiting(session, [account.id], now=end) == {}
    assert sign_in_slips.use_slip(session, slip.token, now=end - timedelta(seconds=1)) == account


def test_the_database_alone_opens_nothing(session):
    slip = issued(session, person(session))
    kept = [
        str(value) for table in Base.metadata.sorted_tables for row in session.execute(select(table)) for value in row
    ]
    code = slip.code.replace(" ", "")
    assert not any(slip.token in value or code in value or code[4:] in value for value in kept)
    with pytest.raises(SlipRefused):  # whoever has the rows lacks the secret key
        sign_in_slips.use_code(session, slip.code, secret="another secret", now=NOW)


def test_tokens_and_codes_are_long_enough_and_never_the_same(session):
    made = [issued(session, person(session, f"Người {number}")) for number in range(60)]
    assert len({slip.token for slip in made}) == len({slip.code for slip in made}) == 60
    assert all(len(slip.token) == 24 and slip.token.isalnum() for slip in made)  # of 54 letters: 138 bits
    assert all(len(as_typed(slip.code)) == LENGTH and set(as_typed(slip.code)) <= set(ALPHABET) for slip in made)


@given(typed=st.text(max_size=200))
def test_whatever_is_typed_it_is_a_code_or_none(typed):
    code = as_typed(typed)
    assert code == "" or (len(code) == LENGTH and set(code) <= set(ALPHABET))
    assert as_typed(code) == code


def test_guesses_at_one_slip_are_counted_and_wait(engine: Engine):
    with writing(engine).begin() as session:
        slip = issued(session, person(session))
        other = issued(session, person(session, "Hoa"))
    wrong = slip.code[:-1] + ("0" if slip.code[-1] != "0" else "1")

    def guess(code, now=NOW):
        return sign_ins.sign_in_with_code(engine, code, secret=SECRET, now=now)

    outcomes = at_once([lambda: guess(wrong)] * 16)  # all at once get no turn more
    assert sorted(type(one).__name__ for one in outcomes) == ["SlipRefused"] * 10 + ["TooManyTries"] * 6
    with pytest.raises(TooManyTries) as waits:
        guess(slip.code)
    assert waits.value.until == NOW + throttle.PAUSE
    assert guess(other.code)
    with pytest.raises(TooManyTries):  # nobody makes the pause longer by going on
        guess(wrong, NOW + throttle.PAUSE - timedelta(seconds=1))
    assert guess(slip.code, NOW + throttle.PAUSE + timedelta(seconds=1))


def test_the_right_code_begins_the_count_anew(engine: Engine):
    with writing(engine).begin() as session:
        account = person(session)
        sign_in = issued(session, account)
    key = "slip:" + as_typed(sign_in.code)[:4]
    sign_ins.sign_in_with_code(engine, sign_in.code, secret=SECRET, now=NOW)
    with writing(engine).begin() as session:
        assert not throttle.is_spent(session, key)
        throttle.count_try(session, key, now=NOW)
        throttle.sweep(session, now=NOW + 2 * throttle.PAUSE)
        assert not session.scalar(select(throttle.WrongTries.count))


def test_guesses_at_a_password_that_come_at_once_get_no_turn_more(engine: Engine):
    with writing(engine).begin() as session:
        minh = person(session)
    with reading(engine)() as session:
        assert session.scalars(select(SignIn)).all() == []

    def guess() -> None:
        while True:
            try:
                sign_ins.sign_in_with_password(engine, "minh", "sai mất rồi", now=NOW)
            except Busy:  # the waiting room was full: no try, and nobody is let in by it
                sleep(0.02)

    outcomes = at_once([guess] * 14)
    assert sorted(type(one).__name__ for one in outcomes) == ["TooManyTries"] * 4 + ["WrongSignIn"] * 10
    with reading(engine)() as session:
        told = [entry for entry in audit_log.read(session, ward=AN_DONG) if entry.deed == "sign_in_blocked"]
        assert told and {entry.about for entry in told} == {minh.id}


def test_the_eleventh_browser_puts_out_the_one_that_was_not_seen_longest(engine: Engine):
    with writing(engine).begin() as session:
        account = person(session)
    tokens = []
    for number in range(sign_ins.MOST + 1):
        now = NOW + timedelta(minutes=number)
        with writing(engine).begin() as session:
            slip = issued(session, account, now)
        tokens.append(sign_ins.sign_in_with_slip(engine, slip.token, now=now))
    with reading(engine)() as session:
        inside = [sign_ins.find_sign_in(session, one, now=LATER) is not None for one in tokens]
    assert inside == [False] + [True] * sign_ins.MOST


def test_disabling_and_using_a_slip_at_once_leave_nobody_inside(engine: Engine):
    for _ in range(4):
        with writing(engine).begin() as session:
            account = person(session)
            slip = issued(session, account)

        def disable(whom=account) -> None:
            with writing(engine).begin() as session:
                account_admin.disable(session, whom.id, by=None, now=NOW)

        outcomes = at_once([disable, lambda s=slip: sign_ins.sign_in_with_slip(engine, s.token, now=NOW)])
        tokens = [one for one in outcomes if isinstance(one, str)]
        with reading(engine)() as session:
            assert all(sign_ins.find_sign_in(session, token, now=NOW) is None for token in tokens)


def test_accounts_of_the_first_revision_that_had_them_still_sign_in(database_url: str):
    engine = make_engine(database_url)
    upgrade(engine, "0002")
    fill(engine, "0002")
    upgrade(engine)
    with reading(engine)() as session:
        minh = by_login(session, "Nguyễn Văn Minh")
        assert (minh.roles, minh.ward) == ({"facilitator", "author"}, AN_DONG)
        assert by_login(session, "hoa").disabled
        assert {entry.who for entry in audit_log.read(session, ward=AN_DONG)} >= {"Lê Thị Thu", "Quản trị"}
    with pytest.raises(WrongSignIn):
        sign_ins.sign_in_with_password(engine, "hoa", "", now=LATER)
    if engine.dialect.name == "sqlite":  # PostgreSQL's own numbering knows nothing of rows that were filled in
        assert sign_ins.sign_in_with_password(engine, "nguyenvanminh", "ba con vịt bơi qua sông", now=LATER)
    engine.dispose()

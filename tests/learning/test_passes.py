"""The cookie that says whose phone this is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lms.http.learner_cookie import MAX_AGE, MOST, Pass, read_pass, sign_pass
from lms.learning.learners.learner_store import new_learner_id

SECRET = "a secret"
LAN, HOA, MINH = "1" * 32, "2" * 32, "3" * 32


def test_what_was_signed_is_read_again():
    for pass_ in (Pass(), Pass((LAN,)), Pass((HOA, LAN))):
        assert read_pass(SECRET, sign_pass(SECRET, pass_)) == pass_


def test_a_cookie_signed_elsewhere_is_no_pass():
    assert read_pass(SECRET, sign_pass("another secret", Pass((LAN,)))) is None


def test_a_changed_cookie_is_no_pass():
    text = sign_pass(SECRET, Pass((LAN,)))
    assert read_pass(SECRET, text.replace("1", "2", 1)) is None


def test_an_old_cookie_is_no_pass(monkeypatch):
    import itsdangerous.timed

    text = sign_pass(SECRET, Pass((LAN,)))
    now = itsdangerous.timed.time.time()
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: now + MAX_AGE + 10)
    assert read_pass(SECRET, text) is None


@given(st.text())
def test_any_text_is_a_pass_or_none(text):
    assert read_pass(SECRET, text) is None


def test_people_change_places_on_a_shared_phone():
    phone = Pass((LAN,)).with_current(HOA)
    assert phone.current == HOA
    assert phone.with_current(LAN) == Pass((LAN, HOA))


def test_nobody_slips_into_the_place_of_one_who_leaves():
    phone = Pass((LAN, HOA))
    assert phone.without(LAN, next_id=MINH) == Pass((MINH, HOA))
    assert phone.without(HOA, next_id=MINH) == Pass((LAN,))
    assert Pass((LAN,)).without(LAN, next_id=MINH) == Pass()


def test_a_shared_phone_remembers_a_dozen_people():
    phone = Pass()
    people = [new_learner_id() for _ in range(MOST + 3)]
    for one in people:
        phone = phone.with_current(one)
    assert phone.learner_ids == tuple(reversed(people))[:MOST]
    assert len(sign_pass(SECRET, phone)) < 600
    assert read_pass(SECRET, sign_pass(SECRET, phone)) == phone

"""Opening a class, its code, taking it over, and its head count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.accounts.account_admin import disable_account
from lms.learning.accounts.account_store import find_account
from lms.learning.classroom.access import membership
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.session import queries
from lms.learning.classroom.session.class_codes import luhn_check_digit
from lms.learning.errors import ClassClosed, NotAllowed, NotFound, TooLarge, UnknownClassCode
from tests.learning.classroom.live_class import WARD, LiveClass, account
from tests.learning.sample_courses import NOW


def open_class(session: Session, library: Library, who: str, **more: object):
    kwargs = {"account_id": who, "ward": WARD, "lesson": library.lesson("vneid", "kich-hoat"), "now": NOW} | more
    return opening.open_class_session(session, **kwargs)


def test_a_new_class_is_at_the_join_step_with_a_code_and_its_ward(live_class: LiveClass):
    class_session = live_class.class_session
    assert (class_session.state.step, class_session.version, class_session.ward, class_session.is_closed) == (
        "vao",
        1,
        WARD,
        False,
    )
    assert class_session.code[-1] == luhn_check_digit(class_session.code[:-1])
    assert (
        queries.find_open_class_session(live_class.session, f"{class_session.code[:3]} {class_session.code[3:]}").id
        == class_session.id
    )


def test_tapping_twice_opens_one_class_and_a_later_tap_another(
    session: Session, library: Library, live_class: LiveClass
):
    twice = open_class(session, library, live_class.minh)
    assert twice.id == live_class.id
    assert open_class(session, library, live_class.minh, now=NOW + timedelta(minutes=1)).id != live_class.id


def test_a_class_in_use_is_not_reused_by_a_double_tap(session: Session, library: Library, live_class: LiveClass):
    live_class.command(to="hoi-q1")
    assert open_class(session, library, live_class.minh).id != live_class.id


def test_the_venue_is_one_line_of_plain_text(session: Session, library: Library, hanh: str):
    class_session = open_class(session, library, hanh, place="  Nhà văn\nhóa\u202e khu phố 3 ")
    assert class_session.venue == "Nhà văn hóa khu phố 3"
    with pytest.raises(TooLarge):
        open_class(session, library, hanh, place="x" * 81, now=NOW + timedelta(hours=1))


def test_an_unknown_account_cannot_open_a_class(session: Session, library: Library):
    with pytest.raises(NotAllowed):
        open_class(session, library, "0" * 32)


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1" * 1000, "100000"])
def test_an_unknown_code_is_refused(live_class: LiveClass, typed: str):
    with pytest.raises(UnknownClassCode):
        queries.find_open_class_session(live_class.session, typed)


def test_the_code_of_a_closed_class_is_refused_as_closed(live_class: LiveClass):
    live_class.command(close=True)
    with pytest.raises(ClassClosed):
        queries.find_open_class_session(live_class.session, live_class.code)
    assert queries.find_class_session_by_code(live_class.session, live_class.code).id == live_class.id


def test_a_code_is_not_reused_soon(
    session: Session, library: Library, live_class: LiveClass, hanh: str, monkeypatch: pytest.MonkeyPatch
):
    other = "123455"
    drawn = iter([live_class.code, live_class.code, other])
    monkeypatch.setattr(opening, "new_class_code", lambda: next(drawn))
    assert open_class(session, library, hanh).code == other  # the first is open
    live_class.command(close=True)
    drawn = iter([live_class.code, "543216"])
    assert open_class(session, library, hanh, now=NOW + timedelta(days=29)).code == "543216"  # it rests
    drawn = iter([live_class.code])
    later = open_class(session, library, hanh, now=NOW + timedelta(days=31))
    assert later.code == live_class.code
    assert queries.find_open_class_session(session, live_class.code).id == later.id


def test_own_classes_come_first_then_those_of_the_ward(
    session: Session, library: Library, live_class: LiveClass, hanh: str
):
    hers = open_class(session, library, hanh, now=NOW - timedelta(hours=1))
    ids = [
        class_session.id for class_session in queries.find_steerable_class_sessions(session, account_id=hanh, ward=WARD)
    ]
    assert ids == [hers.id, live_class.id]
    assert [class_session.id for class_session in queries.find_steerable_class_sessions(session, account_id=hanh)] == [
        hers.id
    ]
    live_class.command(close=True)
    assert [
        class_session.id for class_session in queries.find_steerable_class_sessions(session, account_id=hanh, ward=WARD)
    ] == [hers.id]
    assert [
        class_session.id for class_session in queries.find_recent_class_sessions(session, account_id=live_class.minh)
    ] == [live_class.id]


def test_a_colleague_of_the_ward_takes_over_and_steers(session: Session, live_class: LiveClass, hanh: str, tam: str):
    with pytest.raises(NotAllowed):
        live_class.command(by=hanh, to="hoi-q1")
    for _ in range(2):
        opening.take_over_class_session(session, live_class.id, account_id=hanh, now=NOW)
    live_class.command(by=hanh, to="hoi-q1")
    assert live_class.state.step == "hoi-q1"
    assert membership.is_facilitator(session, live_class.id, live_class.minh)
    with pytest.raises(NotAllowed):
        opening.take_over_class_session(session, live_class.id, account_id=tam, now=NOW)


def test_the_city_takes_over_anywhere(session: Session, live_class: LiveClass):
    city = account(session, "Thành phố", ward="")
    opening.take_over_class_session(session, live_class.id, account_id=city, now=NOW)
    assert membership.is_facilitator(session, live_class.id, city)


def test_a_disabled_account_stops_steering_at_once(session: Session, live_class: LiveClass, hanh: str):
    opening.take_over_class_session(session, live_class.id, account_id=hanh, now=NOW)
    disable_account(session, hanh, by=None, now=NOW)
    assert find_account(session, hanh).disabled
    for act in (
        lambda: live_class.command(by=hanh, to="hoi-q1"),
        lambda: opening.take_over_class_session(session, live_class.id, account_id=hanh, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_closed_and_unknown_classes_cannot_be_taken_over(session: Session, live_class: LiveClass, hanh: str):
    live_class.command(close=True)
    with pytest.raises(ClassClosed):
        opening.take_over_class_session(session, live_class.id, account_id=hanh, now=NOW)
    with pytest.raises(NotFound):
        opening.take_over_class_session(session, "0" * 32, account_id=hanh, now=NOW)


def test_the_head_count_can_be_set_after_the_class(session: Session, live_class: LiveClass, hanh: str):
    live_class.command(close=True)
    opening.set_head_count(session, live_class.id, 47, account_id=live_class.minh)
    assert live_class.class_session.head_count == 47
    opening.set_head_count(session, live_class.id, None, account_id=live_class.minh)
    assert live_class.class_session.head_count is None
    with pytest.raises(TooLarge):
        opening.set_head_count(session, live_class.id, -1, account_id=live_class.minh)
    with pytest.raises(NotAllowed):
        opening.set_head_count(session, live_class.id, 3, account_id=hanh)

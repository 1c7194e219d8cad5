"""Opening a class, its code, and taking it over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.accounts.account_admin import disable
from lms.learning.accounts.account_store import find_account
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.session.class_codes import check_digit
from lms.learning.errors import ClassClosed, InvalidCommand, NotAllowed, NotFound, TooLarge, UnknownCode
from tests.learning.classroom.room import WARD, Room, account
from tests.learning.school import NOW


def open_one(session: Session, library: Library, who: str, **more: object):
    plain = {"account_id": who, "ward": WARD, "lesson": library.lesson("vneid", "kich-hoat"), "now": NOW} | more
    return opening.open_class(session, **plain)


def test_a_class_begins_at_the_door_with_a_code_and_its_ward(room: Room):
    klass = room.klass
    assert (klass.state.step, klass.version, klass.ward, klass.closed) == ("vao", 1, WARD, False)
    assert klass.code[-1] == check_digit(klass.code[:-1])
    assert opening.find_open_class(room.session, f"{klass.code[:3]} {klass.code[3:]}").id == klass.id


def test_tapping_twice_opens_one_class_and_a_later_tap_another(session: Session, library: Library, room: Room):
    twice = open_one(session, library, room.minh)
    assert twice.id == room.id
    assert open_one(session, library, room.minh, now=NOW + timedelta(minutes=1)).id != room.id


def test_a_class_that_has_begun_is_not_opened_again(session: Session, library: Library, room: Room):
    room.say(to="hoi-q1")
    assert open_one(session, library, room.minh).id != room.id


def test_the_place_is_one_plain_line(session: Session, library: Library, hanh: str):
    klass = open_one(session, library, hanh, place="  Nhà văn\nhóa\u202e khu phố 3 ")
    assert klass.place == "Nhà văn hóa khu phố 3"
    with pytest.raises(TooLarge):
        open_one(session, library, hanh, place="x" * 81, now=NOW + timedelta(hours=1))


def test_a_mode_that_is_none_and_an_account_that_is_none_open_nothing(session: Session, library: Library, hanh: str):
    with pytest.raises(InvalidCommand):
        open_one(session, library, hanh, mode="xem-mau")
    with pytest.raises(NotAllowed):
        open_one(session, library, "0" * 32)


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1" * 1000, "100000"])
def test_a_code_of_nobody_says_so(room: Room, typed: str):
    with pytest.raises(UnknownCode):
        opening.find_open_class(room.session, typed)


def test_the_code_of_a_class_that_is_over_says_so(room: Room):
    room.say(close=True)
    with pytest.raises(ClassClosed):
        opening.find_open_class(room.session, room.code)
    assert opening.find_class_by_code(room.session, room.code).id == room.id


def test_a_code_is_not_soon_given_again(
    session: Session, library: Library, room: Room, hanh: str, monkeypatch: pytest.MonkeyPatch
):
    other = "123455"
    drawn = iter([room.code, room.code, other])
    monkeypatch.setattr(opening, "new_code", lambda: next(drawn))
    assert open_one(session, library, hanh).code == other  # the first is open
    room.say(close=True)
    drawn = iter([room.code, "543216"])
    assert open_one(session, library, hanh, now=NOW + timedelta(days=29)).code == "543216"  # it rests
    drawn = iter([room.code])
    later = open_one(session, library, hanh, now=NOW + timedelta(days=31))
    assert later.code == room.code
    assert opening.find_open_class(session, room.code).id == later.id


def test_my_classes_come_first_then_those_of_my_ward(session: Session, library: Library, room: Room, hanh: str):
    hers = open_one(session, library, hanh, now=NOW - timedelta(hours=1))
    ids = [klass.id for klass in opening.open_classes(session, account_id=hanh, ward=WARD)]
    assert ids == [hers.id, room.id]
    assert [klass.id for klass in opening.open_classes(session, account_id=hanh)] == [hers.id]
    room.say(close=True)
    assert [klass.id for klass in opening.open_classes(session, account_id=hanh, ward=WARD)] == [hers.id]
    assert [klass.id for klass in opening.last_classes(session, account_id=room.minh)] == [room.id]


def test_a_colleague_of_the_ward_takes_over_and_steers(session: Session, room: Room, hanh: str, tam: str):
    with pytest.raises(NotAllowed):
        room.say(by=hanh, to="hoi-q1")
    for _ in range(2):
        opening.take_over(session, room.id, account_id=hanh, now=NOW)
    room.say(by=hanh, to="hoi-q1")
    assert room.state.step == "hoi-q1"
    assert opening.steers(session, room.id, room.minh)
    with pytest.raises(NotAllowed):
        opening.take_over(session, room.id, account_id=tam, now=NOW)


def test_the_city_takes_over_anywhere(session: Session, room: Room):
    city = account(session, "Thành phố", ward="")
    opening.take_over(session, room.id, account_id=city, now=NOW)
    assert opening.steers(session, room.id, city)


def test_a_right_that_was_taken_away_ends_at_once(session: Session, room: Room, hanh: str):
    opening.take_over(session, room.id, account_id=hanh, now=NOW)
    disable(session, hanh, by=None, now=NOW)
    assert find_account(session, hanh).disabled
    for act in (
        lambda: room.say(by=hanh, to="hoi-q1"),
        lambda: opening.take_over(session, room.id, account_id=hanh, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_class_that_is_over_or_none_is_not_taken_over(session: Session, room: Room, hanh: str):
    room.say(close=True)
    with pytest.raises(ClassClosed):
        opening.take_over(session, room.id, account_id=hanh, now=NOW)
    with pytest.raises(NotFound):
        opening.take_over(session, "0" * 32, account_id=hanh, now=NOW)


def test_heads_are_counted_also_after_the_class(session: Session, room: Room, hanh: str):
    room.say(close=True)
    opening.set_head_count(session, room.id, 47, account_id=room.minh)
    assert room.klass.head_count == 47
    opening.set_head_count(session, room.id, None, account_id=room.minh)
    assert room.klass.head_count is None
    with pytest.raises(TooLarge):
        opening.set_head_count(session, room.id, -1, account_id=room.minh)
    with pytest.raises(NotAllowed):
        opening.set_head_count(session, room.id, 3, account_id=hanh)

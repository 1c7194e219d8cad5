"""Helpers come by a QR code that can be replaced, and see one class until they are sent away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lms.learning.classroom.access import helpers
from lms.learning.errors import ClassClosed, ClassFull, InvalidName, NotAllowed, NotFound
from lms.learning.store.models import ClassHelper, ClassRow
from tests.learning.classroom.room import Room
from tests.learning.school import NOW


@pytest.fixture
def token(room: Room) -> str:
    return helpers.invite_helpers(room.session, room.id, account_id=room.minh, now=NOW)


def come(room: Room, token: str, name: str = "Bình", now: datetime = NOW):
    return helpers.join_as_helper(room.session, token=token, name=name, now=now)


def test_a_helper_comes_by_the_code_and_is_known_by_a_secret(room: Room, token: str):
    assert helpers.invited_to(room.session, token, now=NOW) == room.id
    helper, secret = come(room, token)
    assert (helper.class_id, helper.name, helper.revoked) == (room.id, "Bình", False)
    assert helpers.find_helper(room.session, secret) == helper
    other, _ = come(room, token, name=" ")
    assert other.name == "Người phụ lớp"
    assert {one.id for one in helpers.helpers(room.session, room.id)} == {helper.id, other.id}


def test_a_new_code_replaces_the_old_one_and_sends_nobody_away(room: Room, token: str):
    _, secret = come(room, token)
    helpers.invite_helpers(room.session, room.id, account_id=room.minh, now=NOW)
    with pytest.raises(NotFound):
        come(room, token)
    assert helpers.find_helper(room.session, secret) is not None


def test_a_helper_who_was_sent_away_is_nobody(room: Room, token: str, hanh: str):
    helper, secret = come(room, token)
    with pytest.raises(NotAllowed):
        helpers.send_away(room.session, room.id, helper.id, account_id=hanh, now=NOW)
    for _ in range(2):
        helpers.send_away(room.session, room.id, helper.id, account_id=room.minh, now=NOW)
    assert helpers.find_helper(room.session, secret) is None
    assert [one.revoked for one in helpers.helpers(room.session, room.id)] == [True]
    with pytest.raises(NotFound):
        helpers.send_away(room.session, room.id, "0" * 32, account_id=room.minh, now=NOW)


def test_a_photographed_code_is_worth_nothing_after_ten_minutes(room: Room, token: str):
    _, secret = come(room, token, now=NOW + timedelta(minutes=9))
    late = NOW + timedelta(minutes=10)
    assert helpers.invited_to(room.session, token, now=late) is None
    with pytest.raises(NotFound):
        come(room, token, now=late)
    assert helpers.find_helper(room.session, secret) is not None  # who came by it stays


def test_nobody_gives_a_code_more_time(room: Room, token: str):
    longer = token.rpartition(".")[0] + f".{int((NOW + timedelta(days=9)).timestamp()):x}"
    with pytest.raises(NotFound):
        come(room, longer)


def test_who_was_sent_away_does_not_come_back_by_the_same_code(room: Room, token: str):
    helper, _ = come(room, token)
    helpers.send_away(room.session, room.id, helper.id, account_id=room.minh, now=NOW)
    with pytest.raises(NotFound):
        come(room, token)


def test_only_who_steers_invites_and_only_to_an_open_class(room: Room, token: str, hanh: str):
    with pytest.raises(NotAllowed):
        helpers.invite_helpers(room.session, room.id, account_id=hanh, now=NOW)
    room.say(close=True)
    assert helpers.invited_to(room.session, token, now=NOW) is None
    with pytest.raises(NotFound):
        come(room, token)
    with pytest.raises(ClassClosed):
        helpers.invite_helpers(room.session, room.id, account_id=room.minh, now=NOW)


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 10_000, "a.-1", "a." + "f" * 30, "."])
def test_a_code_that_is_none_leads_nowhere(room: Room, token: str):
    with pytest.raises(NotFound):
        come(room, token)
    assert helpers.find_helper(room.session, token) is None


def test_a_class_has_so_many_helpers_and_names_so_many_letters(room: Room, token: str, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(InvalidName):
        come(room, token, name="a" * 61)
    monkeypatch.setattr(helpers, "MOST_HELPERS", 1)
    come(room, token)
    with pytest.raises(ClassFull):
        come(room, token)


def test_the_database_holds_no_token_and_no_secret(room: Room, token: str):
    _, secret = come(room, token)
    kept = room.session.execute(select(ClassHelper.digest)).scalars().all()
    kept += room.session.execute(select(ClassRow.helper_digest)).scalars().all()
    assert not {token, secret} & set(kept)

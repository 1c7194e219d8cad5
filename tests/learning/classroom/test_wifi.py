"""The hall's network: on the wall while the class lasts, never afterwards, and never on a phone or in a log."""

from __future__ import annotations

import json

import pytest

from lms.learning.classroom.access import wifi
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.session.queries import find_seats
from lms.learning.classroom.session.state import ClassState
from lms.learning.errors import ClassClosed, InvalidNetwork, NotAllowed
from tests.learning.school import NOW


def sets(room, name="NhaVanHoa", password="mat khau dai", by=None):
    return wifi.set_wifi(room.session, room.id, account_id=by or room.minh, name=name, password=password)


def test_it_is_kept_with_the_class_and_changes_the_wall(room):
    before = room.klass.version
    found = sets(room).state.wifi
    assert (found.name, found.password, found.since) == ("NhaVanHoa", "mat khau dai", before + 1)
    assert sets(room).version == before + 1
    wall = snapshots.wall(room.view(), find_seats(room.session, room.id), NOW)
    assert wall["wifi"] == before + 1
    sets(room, name="")
    assert room.state.wifi is None


def test_no_phone_no_snapshot_and_no_log_is_told_the_password(room):
    sets(room)
    view, seats = room.view(), find_seats(room.session, room.id)
    told = [
        snapshots.phone(view), snapshots.wall(view, seats, NOW), snapshots.desk(view, seats, NOW),
        snapshots.helper(view, seats, NOW),
    ]  # fmt: skip
    assert "mat khau" not in json.dumps(told)
    assert "mat khau" not in repr(view.klass)


def test_it_goes_when_the_class_closes(room):
    sets(room)
    room.say(close=True)
    assert room.state.wifi is None
    with pytest.raises(ClassClosed):
        sets(room)


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("x" * 33, "", "name"),
        ("ă" * 17, "", "name"),
        ("a\nb", "", "name"),
        ("Nhà", "ngắn", "password"),
        ("Nhà", "x" * 64, "password"),
        ("Nhà", "mat\tkhau dai", "password"),
    ],
)
def test_what_no_network_can_be_is_refused(room, name, password, why):
    with pytest.raises(InvalidNetwork) as refused:
        sets(room, name, password)
    assert refused.value.why == why
    assert room.state.wifi is None


def test_only_who_steers_may(room, hanh):
    with pytest.raises(NotAllowed):
        sets(room, by=hanh)


def test_a_state_from_before_there_was_any_still_reads():
    plain = ClassState().as_json()
    del plain["wifi"]
    assert ClassState.from_json(plain) == ClassState()

"""The hall's Wi-Fi: on the wall while the class is open, never on a phone or in a log."""

from __future__ import annotations

import json

import pytest

from lms.learning.classroom.access import wifi
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.session.seat_store import find_seats
from lms.learning.classroom.session.state import ClassState
from lms.learning.errors import ClassClosed, InvalidWifiSettings, NotAllowed
from tests.learning.sample_courses import NOW


def set_wifi_of(live_class, name="NhaVanHoa", password="mat khau dai", by=None):
    return wifi.set_wifi(
        live_class.session, live_class.id, account_id=by or live_class.minh, name=name, password=password
    )


def test_the_wifi_is_saved_with_the_class_and_changes_the_wall(live_class):
    before = live_class.class_session.version
    found = set_wifi_of(live_class).state.wifi
    assert (found.name, found.password, found.since) == ("NhaVanHoa", "mat khau dai", before + 1)
    assert set_wifi_of(live_class).version == before + 1
    wall = snapshots.wall_snapshot(live_class.view(), find_seats(live_class.session, live_class.id), NOW)
    assert wall["wifi"] == before + 1
    set_wifi_of(live_class, name="")
    assert live_class.state.wifi is None


def test_the_password_is_in_no_snapshot_and_no_log(live_class):
    set_wifi_of(live_class)
    view, seats = live_class.view(), find_seats(live_class.session, live_class.id)
    snapshot = [
        snapshots.phone_snapshot(view), snapshots.wall_snapshot(view, seats, NOW),
        snapshots.desk_snapshot(view, seats, NOW), snapshots.helper_snapshot(view, seats, NOW),
    ]  # fmt: skip
    assert "mat khau" not in json.dumps(snapshot)
    assert "mat khau" not in repr(view.class_session)


def test_closing_the_class_deletes_the_wifi(live_class):
    set_wifi_of(live_class)
    live_class.command(close=True)
    assert live_class.state.wifi is None
    with pytest.raises(ClassClosed):
        set_wifi_of(live_class)


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
def test_invalid_networks_are_refused(live_class, name, password, why):
    with pytest.raises(InvalidWifiSettings) as refused:
        set_wifi_of(live_class, name, password)
    assert refused.value.why == why
    assert live_class.state.wifi is None


def test_only_facilitators_set_the_wifi(live_class, hanh):
    with pytest.raises(NotAllowed):
        set_wifi_of(live_class, by=hanh)


def test_a_state_stored_without_wifi_is_read():
    kwargs = ClassState().as_json()
    del kwargs["wifi"]
    assert ClassState.from_json(kwargs) == ClassState()

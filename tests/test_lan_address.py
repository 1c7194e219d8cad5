"""Which addresses ``lms serve --lan`` names, as this machine's networks come and go."""

from __future__ import annotations

import socket

import pytest

from lms.cli import lan_address
from lms.cli.lan_address import Networks, lan_addresses

WIFI, HOTSPOT, CABLE = "10.78.0.5", "192.168.137.1", "172.20.0.3"


@pytest.mark.parametrize(
    ("before", "present", "now"),
    [
        (Networks("127.0.0.1", is_connected=False), [WIFI, CABLE], Networks(WIFI)),
        (Networks(WIFI), [CABLE, WIFI], Networks(WIFI)),
        (Networks(WIFI), [CABLE, WIFI, HOTSPOT], Networks(WIFI, others=(HOTSPOT,))),
        (Networks(WIFI, others=(HOTSPOT,)), [HOTSPOT], Networks(HOTSPOT)),
        (Networks(WIFI), [], Networks(WIFI, is_connected=False)),
        (Networks(WIFI, is_connected=False), [WIFI], Networks(WIFI)),
    ],
)
def test_an_address_that_still_works_stays_and_a_new_one_stands_beside_it(before, present, now):
    assert before.after(present, at_start=(WIFI, CABLE)) == now


def test_no_name_server_is_waited_for_while_an_interface_has_an_address(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(socket, "gethostbyname_ex", lambda name: asked.append(name) or (name, [], [CABLE]))
    monkeypatch.setattr(lan_address, "_is_own", lambda _address: True)
    monkeypatch.setattr(lan_address, "_address_of_route", list)
    monkeypatch.setattr(lan_address, "_addresses_of_interfaces", lambda: ["127.0.0.1", WIFI])
    assert (lan_addresses(), asked) == ([WIFI], [])
    monkeypatch.setattr(lan_address, "_addresses_of_interfaces", list)
    assert lan_addresses() == [CABLE]

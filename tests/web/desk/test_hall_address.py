"""The desk of a hall's laptop after its address has changed: where phones find it now, and which paper is old."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lms.hall_address import HallAddress, load_hall_address, save_hall_address
from lms.web import clock
from lms.web.app import set_hall_address
from tests.web.desk_client import Desk

OLD, NEW, THIRD = "http://10.77.0.1:8000", "http://10.77.0.9:8000", "http://192.168.137.1:8000"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def moved(app, desk: Desk) -> HallAddress:
    """The class was opened at OLD, and the laptop is at NEW now."""
    set_hall_address(app, HallAddress(OLD))
    assert "10.77.0.1:8000/lop" in desk.words()
    address = HallAddress(OLD).moved_to(NEW, now() + timedelta(seconds=1))
    set_hall_address(app, address)
    return address


def test_the_desk_says_the_new_address_and_names_the_old_one_on_paper(desk, moved):
    words = desk.words()
    assert "Địa chỉ của lớp nay là 10.77.0.9:8000. Tờ dán cửa cũ, ghi 10.77.0.1:8000, thì in lại." in words
    assert "Mở 10.77.0.9:8000/lop rồi gõ mã" in words, "imported macros and cached pages follow, too"
    desk.press_next()
    assert "Tờ dán cửa cũ" in desk.words()


def test_after_a_while_the_change_is_told_only_where_people_join(desk, moved, monkeypatch):
    later = now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "Tờ dán cửa cũ" in desk.words()
    desk.press_next()
    assert "Tờ dán cửa cũ" not in desk.words()


def test_a_class_that_was_opened_after_the_change_has_no_older_paper(app, desk):
    set_hall_address(app, HallAddress(OLD).moved_to(NEW, now() - timedelta(minutes=1)))
    assert "10.77.0.1" not in desk.words()


def test_pages_of_learners_and_new_slips_say_the_new_address(app, desk, moved, lan):
    page = lan.get("/vneid").get_data(as_text=True)
    assert "10.77.0.9:8000" in page
    assert "10.77.0.1:8000" not in page


def test_a_laptop_without_a_network_says_so_and_what_to_do(app, desk, moved):
    set_hall_address(app, replace(moved, is_connected=False))
    assert "Máy này đang không nối mạng nào. Nối lại Wi-Fi" in desk.words()
    set_hall_address(app, HallAddress("http://127.0.0.1:8000", is_connected=False))
    words = desk.words()
    assert "máy này chưa nối mạng nào" in words
    assert "lms serve" not in words, "it is running with --lan already"


def test_another_network_beside_the_first_is_named(app, desk, moved):
    set_hall_address(app, replace(moved, others=(THIRD,)))
    assert "Máy này còn một địa chỉ nữa: 192.168.137.1:8000." in desk.words()


def test_a_site_with_a_fixed_address_says_nothing_of_all_this(desk):
    words = desk.words()
    assert "Địa chỉ của lớp nay là" not in words
    assert not desk.page().xpath("//class-desk/@data-address")


def test_the_address_of_before_a_restart_is_known_after_it(tmp_path):
    opened_at = now()
    save_hall_address(tmp_path, HallAddress(OLD))
    after = load_hall_address(tmp_path, NEW, now())
    assert after.printed_since(opened_at) == ("10.77.0.1:8000",)
    save_hall_address(tmp_path, after)
    assert load_hall_address(tmp_path, NEW, now()) == after
    without_network = load_hall_address(tmp_path, "http://127.0.0.1:8000", now())
    assert without_network.moved_to(OLD, now()).printed_since(opened_at) == ("10.77.0.9:8000",)
    (tmp_path / "hall-address.json").write_text("[broken", "utf-8")
    assert load_hall_address(tmp_path, NEW, now()) == HallAddress(NEW)

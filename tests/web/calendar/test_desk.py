"""Planned classes at the desk: opened with one tap, and announced as open and done."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import vobject

from lms.web import clock
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import Desk
from tests.web.page_texts import main_button, main_text, page_text_at, text_of
from tests.web.planned_classes import plan_class
from tests.web.signed_in_clients import OTHER_WARD, csrf_token, signed_in_client

AN_DONG = "an-dong"


@pytest.mark.slow
def test_a_facilitator_opens_the_planned_class_with_one_tap(app, lan):
    planned = plan_class(app, starts_at=clock.now() + timedelta(hours=1))
    minh = signed_in_client(app, "Minh")
    assert re.search(r"Theo lịch (hôm nay|ngày mai), \d", page_text_at(minh, "/dung-lop"))
    address = f"/dung-lop/tu-lich/{planned.id}"
    opened = minh.post(address, data={"csrf_token": csrf_token(minh)})
    assert opened.status_code == 303
    assert "Ba loại mã" in minh.get(opened.location).text
    assert "Theo lịch" not in page_text_at(minh, "/dung-lop")
    assert "Lớp đang mở" in main_text(lan.page(f"/lich/{planned.id}"))
    hanh = signed_in_client(app, "Hạnh")
    assert hanh.post(address, data={"csrf_token": csrf_token(hanh)}).location == opened.location


@pytest.mark.slow
def test_a_class_that_was_closed_is_announced_as_done_everywhere(app, lan, organiser, monkeypatch):
    planned = plan_class(app, starts_at=clock.now() + timedelta(minutes=1))
    minh = signed_in_client(app, "Minh")
    opened = minh.post(f"/dung-lop/tu-lich/{planned.id}", data={"csrf_token": csrf_token(minh)})
    monkeypatch.setattr(clock, "now", lambda: planned.starts_at + timedelta(minutes=30))
    assert "Đã mở lớp" in main_text(lan.page("/lich"))
    desk = Desk(minh, opened.location, csrf_token(minh))
    desk.press("Đóng lớp", "/dong")
    for client, address in ((lan, "/lich"), (lan, f"/phuong/{AN_DONG}"), (organiser, "/quan-ly/lich")):
        assert "Lớp đã xong" in main_text(client.page(address))
        assert "Đã mở lớp" not in main_text(client.page(address))
    page = lan.page(f"/lich/{planned.id}")
    assert "Lớp đã xong. Xem lớp sắp tới ở Phường An Đông" in main_text(page)
    assert not page.xpath("//button[contains(., 'Tôi sẽ đến')]")
    assert page.xpath("//main//a[contains(., 'Xem lớp sắp tới')]/@href") == [f"/phuong/{AN_DONG}"]
    event = vobject.readOne(lan.get(f"/phuong/{AN_DONG}.ics").text).vevent
    assert event.description.value.startswith("Lớp đã xong")
    assert event.last_modified.value > planned.changed_at
    late = lan.post(f"/lich/{planned.id}/giu-cho")
    assert (late.status_code, "Lớp này đã qua" in late.text) == (409, True)
    desk.press("Đóng nhầm")
    assert "Đã mở lớp" in main_text(lan.page("/lich"))


def test_a_class_of_another_ward_or_another_day_is_not_offered(app):
    elsewhere = plan_class(app, ward=OTHER_WARD, starts_at=clock.now() + timedelta(hours=1))
    plan_class(app, starts_at=clock.now() + timedelta(days=3))
    minh = signed_in_client(app, "Minh")
    assert "Theo lịch" not in page_text_at(minh, "/dung-lop")
    refused = minh.post(f"/dung-lop/tu-lich/{elsewhere.id}", data={"csrf_token": csrf_token(minh)})
    assert refused.status_code == 403


def test_two_classes_at_the_same_hour_are_told_apart(app):
    begin = clock.now() + timedelta(hours=1)
    for venue in ("Đình làng", "Trường học"):
        plan_class(app, venue=venue, starts_at=begin)
    buttons = signed_in_client(app, "Minh").page("/dung-lop").xpath("//form[contains(@action, 'tu-lich')]//button")
    assert {button.text_content() for button in buttons} == {
        "Mở lớp này: Ba loại mã, Đình làng", "Mở lớp này: Ba loại mã, Trường học",
    }  # fmt: skip


def test_the_planned_class_of_today_has_the_main_button_of_the_desk(app, monkeypatch):
    begin = datetime(2026, 11, 30, 1, tzinfo=UTC)  # eight in the morning in Vietnam
    monkeypatch.setattr(clock, "now", lambda: begin - timedelta(hours=11))  # the evening before
    minh = signed_in_client(app, "Minh")
    plan_class(app, starts_at=begin, venue="Đình làng")
    plan_class(app, starts_at=begin + timedelta(hours=2), venue="Trường học")
    assert "Theo lịch ngày mai" in page_text_at(minh, "/dung-lop")
    assert not main_button_of_desk(minh).startswith("Mở lớp này")
    monkeypatch.setattr(clock, "now", lambda: begin - timedelta(hours=1))
    assert main_button_of_desk(minh) == "Mở lớp này: Ba loại mã, Đình làng"
    assert not main_button_of_desk(minh, "?bai=vneid/kich-hoat").startswith("Mở lớp này")  # another lesson was chosen
    city = signed_in_client(app, "Root", {"facilitator"}, "")
    assert "Đình làng" in page_text_at(city, "/dung-lop")
    assert not main_button_of_desk(city).startswith("Mở lớp này")


def test_the_desk_leads_organisers_to_the_calendar(app, organiser):
    of_minh = signed_in_client(app, "Minh").page("/dung-lop")
    assert not of_minh.xpath("//a[@href='/quan-ly/lich']")
    [link] = organiser.page("/dung-lop").xpath("//main//a[@href='/quan-ly/lich']")
    assert "in tờ mời" in link.text_content()


def main_button_of_desk(client: CheckingClient, query: str = "") -> str:
    return text_of(main_button(client.page(f"/dung-lop{query}")))

"""The calendar and a ward's page: which classes citizens find, in which order, and as they are now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from lms.learning import wards
from lms.learning.calendar.reservations import reserve_seat, withdraw_reservation
from lms.learning.store.database import write_sessions
from lms.learning.store.models import PlannedClassRow
from lms.web import clock
from lms.web.calendar import listing
from tests.web.ledger import add_target
from tests.web.page_texts import main_text
from tests.web.planned_classes import plan_class
from tests.web.signed_in_clients import OTHER_WARD, WARD, engine_of

AN_DONG, AN_HOI_DONG = "an-dong", "an-hoi-dong"


def test_the_calendar_has_classes_of_the_ward_first_then_of_its_neighbours(app, lan):
    far = wards.wards_by_distance(wards.get_ward(WARD))[-1]
    for ward, venue in ((far.code, "Xa"), (WARD, "Gần"), (OTHER_WARD, "Kế bên")):
        plan_class(app, ward=ward, venue=venue)
    page = lan.page(f"/lich?phuong={AN_DONG}")
    assert page.findtext(".//h2") == "Ở Phường An Đông"
    text = main_text(page)
    assert text.index("Gần,") < text.index("Kế bên,")
    assert text.index("Gần,") < text.index("Xa,")


def test_a_ward_typed_without_marks_is_found_and_another_is_asked_about(lan):
    assert lan.get("/lich?phuong=An Dong").location == f"/lich?phuong={AN_DONG}"
    assert "Chưa tìm thấy phường, xã “zzz”" in main_text(lan.page("/lich?phuong=zzz"))
    assert "<script>" not in lan.get("/lich?phuong=<script>").text


def test_two_wards_that_differ_by_a_mark_have_pages_that_name_each_other(lan):
    for ward in wards.search_wards_ignoring_marks("Thanh An"):
        [other] = wards.other_wards_of_same_name(ward)
        page = lan.page(f"/phuong/{ward.slug}")
        assert page.findtext(".//h1") == ward.full_name
        assert f"Bác tìm {other.full_name}?" in main_text(page)


def test_the_page_of_a_ward_has_its_classes_only(app, lan):
    plan_class(app, venue="Đình làng")
    plan_class(app, ward=OTHER_WARD, venue="Chợ")
    text = main_text(lan.page(f"/phuong/{AN_DONG}"))
    assert "Đình làng" in text
    assert "Chợ" not in text
    assert "Chưa có lớp nào sắp mở" in main_text(lan.page("/phuong/thanh-an"))
    assert lan.get("/phuong/khong-co").status_code == 404


@pytest.mark.parametrize("address", ["/lich", f"/lich?phuong={AN_DONG}", f"/phuong/{AN_DONG}", "/phuong/con-dao"])
def test_a_seat_that_a_phone_takes_while_its_page_is_made_is_shown_to_nobody_else(app, lan, hoa, monkeypatch, address):
    planned = plan_class(app)
    lan.post(f"/lich/{planned.id}/giu-cho")
    with monkeypatch.context() as patched:
        patched.setattr(listing, "holds_seats", lambda *_: False)  # as it was a moment before
        lan.page(address)
    assert "Bác giữ chỗ" not in main_text(hoa.page(address))
    assert "Bác giữ chỗ số 1" in main_text(lan.page(address))


def test_the_busiest_day_of_the_city_hides_no_class_near_home(app, lan, monkeypatch):
    monkeypatch.setattr("lms.web.calendar.listing.MAX_LISTED", 2)
    far = wards.wards_by_distance(wards.get_ward(WARD))[-1]
    for number in range(3):
        plan_class(app, ward=far.code, venue=f"Xa {number}")
    plan_class(app, venue="Đình làng", starts_at=clock.now() + timedelta(days=20))
    assert "Đình làng" not in main_text(lan.page("/lich"))
    text = main_text(lan.page(f"/lich?phuong={AN_DONG}"))
    assert text.index("Đình làng,") < text.index("Xa 0,")
    assert "Xa 1," not in text  # the second of two


def test_a_class_of_today_or_tomorrow_says_so_beside_its_date(app, lan, organiser, monkeypatch):
    morning = datetime(2026, 11, 30, 1, tzinfo=UTC)  # eight o'clock in Vietnam
    monkeypatch.setattr(clock, "now", lambda: morning)
    today = plan_class(app, starts_at=morning + timedelta(hours=1))
    plan_class(app, starts_at=morning + timedelta(hours=17))  # an hour after midnight
    plan_class(app, starts_at=morning + timedelta(hours=48))
    for client, address in ((lan, "/lich"), (lan, f"/phuong/{AN_DONG}"), (organiser, "/quan-ly/lich")):
        rows = client.page(address).xpath("//a[contains(@class, 'planned')]")
        assert [row.text_content().split()[:2] for row in rows] == [["Hôm", "nay"], ["Ngày", "mai"], ["Thứ", "Tư,"]]
    near = lan.page(f"/lich/{today.id}").xpath("//strong[text()='Hôm nay']/@class")
    assert near == ["planned__relative-day no-print"]  # a poster hangs for days


def test_a_ward_without_a_class_shows_those_of_its_neighbours(app, lan):
    empty = lan.page(f"/phuong/{AN_DONG}")
    assert "ở những nơi gần đây cũng chưa" in main_text(empty)
    assert empty.xpath("//main//a[contains(@class, 'button--main')]/@href") == ["/#cac-khoa"]
    planned = plan_class(app, ward=OTHER_WARD, venue="Chợ")
    assert lan.page(f"/phuong/{AN_DONG}").xpath(f"//main//a[@href='/lich/{planned.id}']")
    assert "Ở Phường An Đông chưa có lớp nào sắp mở" in main_text(lan.page(f"/lich?phuong={AN_DONG}"))
    assert "chưa có lớp nào" not in main_text(lan.page(f"/lich?phuong={AN_HOI_DONG}"))


@pytest.mark.slow
def test_the_page_of_a_ward_is_rendered_once_and_current_at_once(app, lan, hoa, monkeypatch):
    address = f"/phuong/{AN_DONG}"
    planned = plan_class(app, seats=1, venue="Đình làng")
    elsewhere = plan_class(app, ward=OTHER_WARD, starts_at=clock.now() + timedelta(days=2))
    kept = lan.get(address)
    assert hoa.get(address).headers["ETag"] == kept.headers["ETag"]
    assert lan.get(address, headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304

    add_target(app, number=40, signs=True)
    assert "chữ ký số đã cấp" in main_text(lan.page(address)).casefold()

    hoa.post(f"/lich/{planned.id}/giu-cho")
    assert "Đã đủ chỗ" in main_text(lan.page(address))
    own = hoa.get(address)
    assert ("Bác giữ chỗ số 1" in own.text, own.headers["Cache-Control"]) == (True, "no-store")
    hoa.post(f"/lich/{planned.id}/tra-cho")
    assert "Đã đủ chỗ" not in main_text(lan.page(address))

    ended = planned.ends_at
    monkeypatch.setattr(clock, "now", lambda: ended - timedelta(minutes=1))
    assert "Đình làng" in main_text(lan.page(address))
    monkeypatch.setattr(clock, "now", lambda: ended)
    assert "Đình làng" not in main_text(lan.page(address))
    assert lan.page(address).xpath(f"//main//a[@href='/lich/{elsewhere.id}']")
    with write_sessions(engine_of(app)).begin() as session:
        session.execute(update(PlannedClassRow).values(cancelled_at=ended, version=2))
    assert not lan.page(address).xpath(f"//main//a[@href='/lich/{elsewhere.id}']")


def test_a_page_that_changed_while_it_was_made_is_not_kept(app, lan, monkeypatch):
    address = f"/phuong/{AN_DONG}"
    planned = plan_class(app, seats=1)
    upcoming = listing._upcoming

    def fill_first(*given):
        with write_sessions(engine_of(app)).begin() as session:
            reserve_seat(session, planned.id, "1a" * 16, now=clock.now())
        return upcoming(*given)

    with monkeypatch.context() as patch:
        patch.setattr(listing, "_upcoming", fill_first)
        assert "Đã đủ chỗ" in main_text(lan.page(address))
    with write_sessions(engine_of(app)).begin() as session:
        withdraw_reservation(session, planned.id, "1a" * 16, now=clock.now())
    assert "Đã đủ chỗ" not in main_text(lan.page(address))


def test_every_ward_is_found_under_the_first_letter_of_its_name(lan):
    page = lan.page("/lich")
    letters = page.xpath("//*[@class='ward-letters__letters']//a")
    found: dict[str, str] = {}
    for letter in letters:
        for link in page.xpath(f"//*[@id='{letter.get('href')[1:]}']//a"):
            assert link.text[0] == letter.text
            found[link.get("href")] = link.text
    assert found == {f"/lich?phuong={ward.slug}": ward.name for ward in wards.all_wards()}

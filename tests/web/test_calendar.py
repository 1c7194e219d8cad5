"""The calendar: what citizens find, hold and put into their phones, and what organisers plan."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import vobject
from flask import Flask
from lxml import html
from sqlalchemy import update

from lms import vietnam_time
from lms.learning import wards
from lms.learning.calendar.reservations import reserve_seat, withdraw_reservation
from lms.learning.store.database import write_sessions
from lms.learning.store.models import PlannedClassRow
from lms.web import clock
from lms.web.app import create_app
from lms.web.calendar import listing
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import Desk
from tests.web.planned_classes import plan_class, read_planned_class
from tests.web.signed_in_clients import OTHER_WARD, WARD, csrf_token, engine_of, signed_in_client
from tests.web.targets import add_target, sign_target

AN_DONG, AN_HOI_DONG = "an-dong", "an-hoi-dong"
FORM = {
    "bai": "vneid/ba-loai-ma", "gio": "08:30", "phut": "90", "noi": "Nhà văn hóa khu phố 3", "so-tuan": "1",
    "xe-lan": "yes", "tieng": "vi", "so-cho": "30",
}  # fmt: skip


@pytest.fixture
def organiser(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Thu", {"organiser"})


def tomorrow(days: int = 1) -> str:
    return (vietnam_time.to_vietnam_time(clock.now()) + timedelta(days=days)).date().isoformat()


def submit(client: CheckingClient, address: str = "/quan-ly/lich/moi", **fields: str):
    values = FORM | {"ngay": tomorrow(), "csrf_token": csrf_token(client)}
    return client.post(address, data=values | {name.replace("_", "-"): value for name, value in fields.items()})


def planned_id(response) -> str:
    assert response.status_code == 303, response.text
    return response.location.split("/")[3].partition("?")[0]


def words(page: html.HtmlElement) -> str:
    return " ".join(page.find(".//main").text_content().split())


def errors(response) -> list[str]:
    alerts = html.fromstring(response.text).xpath("//*[@role='alert']")
    return [" ".join(alert.text_content().split()) for alert in alerts]


# --- citizens


def test_the_calendar_has_classes_of_the_ward_first_then_of_its_neighbours(app, lan):
    far = wards.wards_by_distance(wards.get_ward(WARD))[-1]
    for ward, venue in ((far.code, "Xa"), (WARD, "Gần"), (OTHER_WARD, "Kế bên")):
        plan_class(app, ward=ward, venue=venue)
    page = lan.page(f"/lich?phuong={AN_DONG}")
    assert page.findtext(".//h2") == "Ở Phường An Đông"
    text = words(page)
    assert text.index("Gần,") < text.index("Kế bên,")
    assert text.index("Gần,") < text.index("Xa,")


def test_a_ward_typed_without_marks_is_found_and_another_is_asked_about(lan):
    assert lan.get("/lich?phuong=An Dong").location == f"/lich?phuong={AN_DONG}"
    assert "Chưa tìm thấy phường, xã “zzz”" in words(lan.page("/lich?phuong=zzz"))
    assert "<script>" not in lan.get("/lich?phuong=<script>").text


def test_two_wards_that_differ_by_a_mark_have_pages_that_name_each_other(lan):
    for ward in wards.search_wards_ignoring_marks("Thanh An"):
        [other] = wards.other_wards_of_same_name(ward)
        page = lan.page(f"/phuong/{ward.slug}")
        assert page.findtext(".//h1") == ward.full_name
        assert f"Bác tìm {other.full_name}?" in words(page)


def test_the_page_of_a_ward_has_its_classes_only(app, lan):
    plan_class(app, venue="Đình làng")
    plan_class(app, ward=OTHER_WARD, venue="Chợ")
    text = words(lan.page(f"/phuong/{AN_DONG}"))
    assert "Đình làng" in text
    assert "Chợ" not in text
    assert "Chưa có lớp nào sắp mở" in words(lan.page("/phuong/thanh-an"))
    assert lan.get("/phuong/khong-co").status_code == 404


def test_the_busiest_day_of_the_city_hides_no_class_near_home(app, lan, monkeypatch):
    monkeypatch.setattr("lms.web.calendar.listing.MAX_LISTED", 2)
    far = wards.wards_by_distance(wards.get_ward(WARD))[-1]
    for number in range(3):
        plan_class(app, ward=far.code, venue=f"Xa {number}")
    plan_class(app, venue="Đình làng", starts_at=clock.now() + timedelta(days=20))
    assert "Đình làng" not in words(lan.page("/lich"))
    text = words(lan.page(f"/lich?phuong={AN_DONG}"))
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
    assert near == ["planned__near no-print"]  # a poster hangs for days


@pytest.mark.parametrize(("url", "warned"), [("http://localhost:8000", True), ("https://hoc.example", False)])
def test_whoever_prints_a_poster_is_warned_of_an_address_that_no_phone_can_open(
    settings, catalog, engine, writer, url, warned
):
    site = create_app(replace(settings, public_url=url), catalog=catalog, engine=engine, writer=writer)
    planned = plan_class(site)
    page = CheckingClient(site).page(f"/lich/{planned.id}")
    assert page.xpath("//*[@data-print]")
    assert ("không mở được mã và địa chỉ trên tờ mời" in words(page)) == warned


def test_a_ward_without_a_class_shows_those_of_its_neighbours(app, lan):
    empty = lan.page(f"/phuong/{AN_DONG}")
    assert "ở những nơi gần đây cũng chưa" in words(empty)
    assert empty.xpath("//main//a[contains(@class, 'button--main')]/@href") == ["/"]
    planned = plan_class(app, ward=OTHER_WARD, venue="Chợ")
    assert lan.page(f"/phuong/{AN_DONG}").xpath(f"//main//a[@href='/lich/{planned.id}']")
    assert "Ở Phường An Đông chưa có lớp nào sắp mở" in words(lan.page(f"/lich?phuong={AN_DONG}"))
    assert "chưa có lớp nào" not in words(lan.page(f"/lich?phuong={AN_HOI_DONG}"))


def test_the_page_of_a_ward_is_rendered_once_and_current_at_once(app, lan, hoa, monkeypatch):
    address = f"/phuong/{AN_DONG}"
    planned = plan_class(app, seats=1, venue="Đình làng")
    elsewhere = plan_class(app, ward=OTHER_WARD, starts_at=clock.now() + timedelta(days=2))
    kept = lan.get(address)
    assert hoa.get(address).headers["ETag"] == kept.headers["ETag"]
    assert lan.get(address, headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304

    sign_target(app, add_target(app, number=40))
    assert "chữ ký số đã cấp" in words(lan.page(address)).casefold()

    hoa.post(f"/lich/{planned.id}/giu-cho")
    assert "Đã đủ chỗ" in words(lan.page(address))
    own = hoa.get(address)
    assert ("Bác giữ chỗ số 1" in own.text, own.headers["Cache-Control"]) == (True, "no-store")
    hoa.post(f"/lich/{planned.id}/tra-cho")
    assert "Đã đủ chỗ" not in words(lan.page(address))

    ended = planned.ends_at
    monkeypatch.setattr(clock, "now", lambda: ended - timedelta(minutes=1))
    assert "Đình làng" in words(lan.page(address))
    monkeypatch.setattr(clock, "now", lambda: ended)
    assert "Đình làng" not in words(lan.page(address))
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
        assert "Đã đủ chỗ" in words(lan.page(address))
    with write_sessions(engine_of(app)).begin() as session:
        withdraw_reservation(session, planned.id, "1a" * 16, now=clock.now())
    assert "Đã đủ chỗ" not in words(lan.page(address))


def test_a_class_that_ends_after_midnight_says_so(app, lan):
    late = vietnam_time.to_vietnam_time(clock.now() + timedelta(days=1)).replace(hour=23, minute=0)
    planned = plan_class(app, starts_at=late)
    assert "23:00 đến 0:30 hôm sau" in words(lan.page(f"/lich/{planned.id}"))


def test_a_plan_stays_readable_when_its_lesson_or_ward_is_gone(app, lan, organiser):
    planned = plan_class(app, starts_at=clock.now() + timedelta(hours=1))
    with write_sessions(engine_of(app)).begin() as session:
        gone = {"lesson": "khong-con", "ward": "00000"}
        session.execute(update(PlannedClassRow).where(PlannedClassRow.id == planned.id).values(gone))
    page = lan.page(f"/lich/{planned.id}")
    assert page.findtext(".//h1") == "VNeID thử"
    assert "khong-con" not in words(page)
    assert lan.get(f"/lich/{planned.id}.ics").status_code == 200
    lan.page("/lich")
    with write_sessions(engine_of(app)).begin() as session:
        session.execute(update(PlannedClassRow).where(PlannedClassRow.id == planned.id).values(ward=WARD))
    assert "Theo lịch" not in words_of_desk(signed_in_client(app, "Minh"))
    form = organiser.page(f"/quan-ly/lich/{planned.id}")
    assert not form.xpath("//select[@name='bai']/option[@selected]")
    assert submit(organiser, f"/quan-ly/lich/{planned.id}", ban="1").status_code == 303


def test_the_page_of_a_class_says_when_where_and_what_to_bring(app, lan):
    planned = plan_class(
        app, starts_at=clock.now() + timedelta(days=2), address="12 Hẻm 3", floor="tầng trệt", parking="sân trước",
        wheelchair="no", language="zh", bring="căn cước", map_url="https://ban-do.example/x", seats=30,
    )  # fmt: skip
    page = lan.page(f"/lich/{planned.id}")
    for text in ("12 Hẻm 3", "tầng trệt", "sân trước", "chưa vào được", "tiếng Hoa", "căn cước", "Còn 30 trong 30 chỗ"):
        assert text in words(page)
    assert page.xpath("//a[@href='https://ban-do.example/x'][@rel='noopener noreferrer']")
    assert lan.get("/lich/" + "0" * 16).status_code == 404


def test_a_phone_holds_a_seat_without_a_name_and_gives_it_back(app, lan, hoa):
    planned = plan_class(app, seats=1)
    lan.post(f"/lich/{planned.id}/giu-cho")
    assert lan.post(f"/lich/{planned.id}/giu-cho").status_code == 303
    assert "Bác giữ chỗ số 1" in words(lan.page(f"/lich/{planned.id}"))
    assert "Bác giữ chỗ số 1" in words(lan.page("/lich"))
    [link] = lan.page("/").xpath(f"//nav[@aria-label='Lối khác']/a[@href='/lich/{planned.id}']")
    assert link.text_content().strip() == "Bác giữ chỗ số 1: xem ngày giờ lớp"
    assert "giữ chỗ" not in words(hoa.page("/"))
    assert hoa.post(f"/lich/{planned.id}/giu-cho").status_code == 303
    assert "Chỗ giữ trước đã hết" in words(hoa.page(f"/lich/{planned.id}"))
    given_back = lan.post(f"/lich/{planned.id}/tra-cho")
    assert read_planned_class(app, planned.id).reserved == 0
    assert "giữ chỗ" not in words(lan.page("/"))
    assert "Đã trả chỗ" in words(lan.page(given_back.location))
    hoa.post(f"/lich/{planned.id}/giu-cho")
    assert "Bác giữ chỗ số 1" in words(hoa.page(f"/lich/{planned.id}"))


def test_whoever_says_it_again_and_again_only_makes_a_class_look_full(app, lan, hoa):
    planned = plan_class(app, seats=5)
    hoa.post(f"/lich/{planned.id}/giu-cho")
    for _ in range(20):
        assert lan.post(f"/lich/{planned.id}/giu-cho").status_code == 303
    assert read_planned_class(app, planned.id).reserved == 2
    for _ in range(20):  # each with another cookie
        assert app.test_client().post(f"/lich/{planned.id}/giu-cho").status_code == 303
    assert read_planned_class(app, planned.id).reserved == 5
    stranger = words(CheckingClient(app).page(f"/lich/{planned.id}"))
    assert "Chỗ giữ trước đã hết" in stranger
    assert "Bác giữ chỗ số 1" in words(hoa.page(f"/lich/{planned.id}"))
    assert "Đã đủ chỗ" in words(CheckingClient(app).page("/lich"))


def test_a_forgotten_learner_holds_no_seat(app, lan):
    planned = plan_class(app)
    lan.post(f"/lich/{planned.id}/giu-cho")
    lan.post("/toi/quen", data={"chac": "co"})
    assert read_planned_class(app, planned.id).reserved == 0


def test_another_site_cannot_hold_a_seat(app, lan):
    planned = plan_class(app)
    assert lan.post(f"/lich/{planned.id}/giu-cho", headers={"Origin": "https://la.example"}).status_code == 403
    assert read_planned_class(app, planned.id).reserved == 0


def test_a_moved_and_a_cancelled_class_say_so_everywhere(app, lan, organiser):
    planned = plan_class(app)
    lan.post(f"/lich/{planned.id}/giu-cho")
    submit(organiser, f"/quan-ly/lich/{planned.id}", ban="1", noi="Trường học", ngay=tomorrow(2), vi_sao="Mưa lớn")
    moved = words(lan.page(f"/lich/{planned.id}"))
    assert "Đổi chỗ. Trước là Nhà văn hóa khu phố 3. Vì: Mưa lớn." in moved
    assert "Đổi giờ. Trước là" in moved
    organiser.post(
        f"/quan-ly/lich/{planned.id}/hoan",
        data={"ban": "2", "vi-sao": "Bão", "csrf_token": csrf_token(organiser)},
    )
    assert "Lớp này hoãn, không mở. Vì: Bão." in words(lan.page(f"/lich/{planned.id}"))
    assert "Hoãn" in words(lan.page("/lich"))
    assert lan.page("/").xpath(f"//a[@href='/lich/{planned.id}']")
    assert lan.post(f"/lich/{planned.id}/giu-cho").status_code == 303  # the phone that held a seat keeps it
    stranger = app.test_client().post(f"/lich/{planned.id}/giu-cho")
    assert (stranger.status_code, "Lớp này hoãn rồi" in stranger.text) == (409, True)


def test_calendar_files_are_read_by_another_librarys_parser(app, lan):
    planned = plan_class(app, venue="Nhà văn hóa, khu phố 3; cổng sau", weeks=2)
    [event] = vobject.readOne(lan.get(f"/lich/{planned.id}.ics").text).vevent_list
    assert event.summary.value == "Ba loại mã"
    assert (event.dtstart.value, event.dtend.value) == (
        planned.starts_at.replace(microsecond=0), planned.ends_at.replace(microsecond=0)
    )  # fmt: skip
    assert event.location.value == "Nhà văn hóa, khu phố 3; cổng sau, Phường An Đông"
    feed = lan.get(f"/phuong/{AN_DONG}.ics")
    assert feed.mimetype == "text/calendar"
    assert len(vobject.readOne(feed.text).vevent_list) == 2
    empty = vobject.readOne(lan.get(f"/phuong/{AN_HOI_DONG}.ics").text)
    assert "vevent" not in empty.contents


def test_a_cancelled_class_is_struck_out_in_the_calendars_that_have_it(app, lan, organiser):
    planned = plan_class(app)
    before = vobject.readOne(lan.get(f"/lich/{planned.id}.ics").text).vevent
    fields = {"ban": "1", "vi-sao": "", "csrf_token": csrf_token(organiser)}
    organiser.post(f"/quan-ly/lich/{planned.id}/hoan", data=fields)
    after = vobject.readOne(lan.get(f"/phuong/{AN_DONG}.ics").text).vevent
    assert (after.uid.value, after.status.value) == (before.uid.value, "CANCELLED")
    assert int(after.sequence.value) > int(before.sequence.value)


def test_search_engines_read_the_class_as_an_event(app, lan):
    planned = plan_class(app, venue="</script><b>Đình", seats=30)
    response = lan.get(f"/lich/{planned.id}")
    [script] = html.fromstring(response.text).xpath("//script[@type='application/ld+json']")
    event = json.loads(script.text)
    assert (event["@type"], event["name"], event["location"]["name"]) == (
        "EducationEvent",
        "Ba loại mã",
        "</script><b>Đình",
    )
    assert datetime.fromisoformat(event["startDate"]) == planned.starts_at
    assert event["maximumAttendeeCapacity"] == 30


# --- organisers


def test_an_organiser_plans_a_class_that_citizens_see_at_once(app, organiser, lan):
    planned = planned_id(submit(organiser))
    stored = read_planned_class(app, planned)
    local = vietnam_time.to_vietnam_time(stored.starts_at)
    assert (local.date().isoformat(), local.strftime("%H:%M")) == (tomorrow(), "08:30")
    assert (stored.ward, stored.plan.seats, stored.plan.wheelchair) == (WARD, 30, "yes")
    assert "Nhà văn hóa khu phố 3" in words(lan.page("/lich"))
    assert "Đã ghi vào lịch" in words(organiser.page(f"/quan-ly/lich/{planned}?xong=them"))


def test_a_double_tap_plans_one_class(organiser):
    assert planned_id(submit(organiser)) == planned_id(submit(organiser))
    assert len(organiser.page("/quan-ly/lich").xpath("//a[contains(@class, 'planned')]")) == 1


@pytest.mark.parametrize("hour", ["8:30", "8h30", "8 giờ 30", "08:30:00"])
def test_a_browser_without_fields_for_days_sends_what_was_typed(app, organiser, hour):
    day = "/".join(str(int(part)) for part in reversed(tomorrow().split("-")))
    local = vietnam_time.to_vietnam_time(
        read_planned_class(app, planned_id(submit(organiser, ngay=day, gio=hour))).starts_at
    )
    assert (local.date().isoformat(), local.strftime("%H:%M")) == (tomorrow(), "08:30")


def test_a_refused_cancellation_stays_typed(app, organiser):
    planned = plan_class(app)
    for version, reason, status in (("9", "Bão lớn", 409), ("1", "x" * 121, 422)):
        fields = {"ban": version, "vi-sao": reason, "csrf_token": csrf_token(organiser)}
        refused = organiser.post(f"/quan-ly/lich/{planned.id}/hoan", data=fields)
        assert refused.status_code == status
        assert len(errors(refused)) == 1
        assert html.fromstring(refused.text).xpath("//input[@id='vi-sao-hoan']/@value") == [reason]
    assert not read_planned_class(app, planned.id).is_cancelled


def test_a_series_is_planned_at_once_and_its_rest_cancelled(app, organiser):
    first = planned_id(submit(organiser, so_tuan="3"))
    assert len(organiser.page("/quan-ly/lich").xpath("//a[contains(@class, 'planned')]")) == 3
    fields = {"ban": "1", "vi-sao": "", "ca-loat": "1", "csrf_token": csrf_token(organiser)}
    organiser.post(f"/quan-ly/lich/{first}/hoan", data=fields)
    assert words(organiser.page("/quan-ly/lich")).count("Hoãn") == 3


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("ngay", "2020-01-01", "đã qua rồi"),
        ("ngay", "31/12", "Ghi ngày và giờ"),
        ("ngay", "9999-12-31", "xa hơn một năm"),
        ("gio", "25:00", "Ghi ngày và giờ"),
        ("bai", "", "Chọn một bài"),
        ("bai", "vneid/khong-co", "không còn trên trang"),
        ("phut", "một", "từ 15 tới 480 phút"),
        ("noi", " ", "Ghi nơi học"),
        ("noi", "x" * 81, "dài quá"),
        ("ban-do", "javascript:alert(1)", "bắt đầu bằng https://"),
        ("so-cho", "-3", "từ 1 tới 2000"),
        ("so-tuan", "99", "từ 1 tới 26"),
        ("so-tuan", "hai", "từ 1 tới 26"),
        ("gio", "8h75", "Ghi ngày và giờ"),
        ("ngay", "31/02/2027", "Ghi ngày và giờ"),
        ("tieng", "xx", "chưa nhận ra"),
    ],
)
def test_a_mistyped_plan_is_told_at_its_field_and_stays_typed(organiser, field, typed, said):
    response = submit(organiser, **{field: typed, "mang-theo": "căn cước <b>"})
    assert response.status_code == 422
    [error] = errors(response)
    assert said in error
    page = html.fromstring(response.text)
    assert page.xpath("//input[@name='mang-theo']/@value") == ["căn cước <b>"]
    assert page.xpath("//*[@aria-invalid='true']")
    assert "Chưa có lớp nào sắp tới" in words(organiser.page("/quan-ly/lich"))


def test_of_several_wrong_fields_the_first_has_the_focus(organiser):
    response = submit(organiser, bai="", noi="", so_tuan="99", ban_do="x")
    assert len(errors(response)) == 4
    assert html.fromstring(response.text).xpath("//*[@autofocus]/@name") == ["bai"]


def test_two_organisers_who_edit_one_plan_both_keep_their_text(app, organiser):
    planned = planned_id(submit(organiser))
    other = signed_in_client(app, "Hạnh", {"organiser"})
    assert submit(other, f"/quan-ly/lich/{planned}", ban="1", noi="Trường").status_code == 303
    late = submit(organiser, f"/quan-ly/lich/{planned}", ban="1", noi="Đình làng")
    assert late.status_code == 409
    page = html.fromstring(late.text)
    assert page.xpath("//input[@name='noi']/@value") == ["Đình làng"]
    assert "Trường" in words(page)
    assert read_planned_class(app, planned).plan.venue == "Trường"
    [version] = set(page.xpath("//input[@name='ban']/@value"))
    assert submit(organiser, f"/quan-ly/lich/{planned}", ban=version, noi="Đình làng").status_code == 303


def test_a_stranger_cannot_plan_for_another_ward(app, organiser):
    planned = plan_class(app, ward=OTHER_WARD)
    assert submit(organiser, phuong=OTHER_WARD).status_code == 404
    assert organiser.get(f"/quan-ly/lich/{planned.id}").status_code == 403
    assert submit(organiser, f"/quan-ly/lich/{planned.id}", ban="1").status_code == 403
    assert submit(signed_in_client(app, "Minh")).status_code == 403
    assert app.test_client().get("/quan-ly/lich/moi").status_code == 303


def test_the_city_plans_for_any_ward(app):
    root = signed_in_client(app, "Root", {"administrator"}, "")
    planned = planned_id(submit(root, phuong=OTHER_WARD))
    assert read_planned_class(app, planned).ward == OTHER_WARD
    assert "An Hội Đông" in words(root.page("/quan-ly/lich"))
    assert planned_id(submit(root, phuong="tp"))
    assert submit(root, phuong="99999").status_code == 404


def test_the_list_of_the_whole_city_is_cut_off_and_says_so(app, monkeypatch):
    monkeypatch.setattr("lms.web.calendar.planning.MAX_LISTED_OF_CITY", 2)
    plan_class(app, weeks=3)
    root = signed_in_client(app, "Root", {"administrator"}, "")
    assert "2 lớp sớm nhất" in words(root.page("/quan-ly/lich"))
    page = root.page(f"/quan-ly/lich?phuong={WARD}")
    assert len(page.xpath("//a[contains(@class, 'planned')]")) == 3
    assert "lớp sớm nhất" not in words(page)


def test_the_form_remembers_the_place_of_the_latest_plan(organiser):
    submit(organiser, dia_chi="12 Hẻm 3")
    page = organiser.page("/quan-ly/lich/moi")
    assert page.xpath("//input[@name='noi']/@value") == ["Nhà văn hóa khu phố 3"]
    assert page.xpath("//input[@name='dia-chi']/@value") == ["12 Hẻm 3"]
    assert page.xpath("//input[@name='ngay']/@value") == [""]
    assert page.xpath("//details[@open]//input[@name='gui-xe']")  # the parking of another venue is seen and changed


# --- the desk


def test_a_facilitator_opens_the_planned_class_with_one_tap(app, lan):
    planned = plan_class(app, starts_at=clock.now() + timedelta(hours=1))
    minh = signed_in_client(app, "Minh")
    assert re.search(r"Theo lịch (hôm nay|ngày mai), \d", words_of_desk(minh))
    address = f"/dung-lop/tu-lich/{planned.id}"
    opened = minh.post(address, data={"csrf_token": csrf_token(minh)})
    assert opened.status_code == 303
    assert "Ba loại mã" in minh.get(opened.location).text
    assert "Theo lịch" not in words_of_desk(minh)
    assert "Lớp đang mở" in words(lan.page(f"/lich/{planned.id}"))
    hanh = signed_in_client(app, "Hạnh")
    assert hanh.post(address, data={"csrf_token": csrf_token(hanh)}).location == opened.location


def test_a_class_that_was_closed_is_announced_as_done_everywhere(app, lan, organiser, monkeypatch):
    planned = plan_class(app, starts_at=clock.now() + timedelta(minutes=1))
    minh = signed_in_client(app, "Minh")
    opened = minh.post(f"/dung-lop/tu-lich/{planned.id}", data={"csrf_token": csrf_token(minh)})
    monkeypatch.setattr(clock, "now", lambda: planned.starts_at + timedelta(minutes=30))
    assert "Đã mở lớp" in words(lan.page("/lich"))
    desk = Desk(minh, opened.location, csrf_token(minh))
    desk.press("Đóng lớp", "/dong")
    for client, address in ((lan, "/lich"), (lan, f"/phuong/{AN_DONG}"), (organiser, "/quan-ly/lich")):
        assert "Lớp đã xong" in words(client.page(address))
        assert "Đã mở lớp" not in words(client.page(address))
    page = lan.page(f"/lich/{planned.id}")
    assert "Lớp đã xong. Xem lớp sắp tới ở Phường An Đông" in words(page)
    assert not page.xpath("//button[contains(., 'Tôi sẽ đến')]")
    assert page.xpath("//main//a[contains(., 'Xem lớp sắp tới')]/@href") == [f"/phuong/{AN_DONG}"]
    event = vobject.readOne(lan.get(f"/phuong/{AN_DONG}.ics").text).vevent
    assert event.description.value.startswith("Lớp đã xong")
    assert event.last_modified.value > planned.changed_at
    late = lan.post(f"/lich/{planned.id}/giu-cho")
    assert (late.status_code, "Lớp này đã qua" in late.text) == (409, True)
    desk.press("Đóng nhầm")
    assert "Đã mở lớp" in words(lan.page("/lich"))


def test_a_class_of_another_ward_or_another_day_is_not_offered(app):
    elsewhere = plan_class(app, ward=OTHER_WARD, starts_at=clock.now() + timedelta(hours=1))
    plan_class(app, starts_at=clock.now() + timedelta(days=3))
    minh = signed_in_client(app, "Minh")
    assert "Theo lịch" not in words_of_desk(minh)
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
    assert "Theo lịch ngày mai" in words_of_desk(minh)
    assert not main_button_of_desk(minh).startswith("Mở lớp này")
    monkeypatch.setattr(clock, "now", lambda: begin - timedelta(hours=1))
    assert main_button_of_desk(minh) == "Mở lớp này: Ba loại mã, Đình làng"
    assert not main_button_of_desk(minh, "?bai=vneid/kich-hoat").startswith("Mở lớp này")  # another lesson was chosen
    city = signed_in_client(app, "Root", {"facilitator"}, "")
    assert "Đình làng" in words_of_desk(city)
    assert not main_button_of_desk(city).startswith("Mở lớp này")


def test_the_desk_leads_organisers_to_the_calendar(app, organiser):
    of_minh = signed_in_client(app, "Minh").page("/dung-lop")
    assert not of_minh.xpath("//a[@href='/quan-ly/lich']")
    [link] = organiser.page("/dung-lop").xpath("//main//a[@href='/quan-ly/lich']")
    assert "in tờ mời" in link.text_content()


def main_button_of_desk(client: CheckingClient, query: str = "") -> str:
    [button] = client.page(f"/dung-lop{query}").xpath("//main//*[contains(@class, 'button--main')]")
    return " ".join(button.text_content().split())


def words_of_desk(client: CheckingClient) -> str:
    return " ".join(client.page("/dung-lop").text_content().split())

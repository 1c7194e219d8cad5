"""A ward that was merged into another one or renamed: old addresses, lists and forms lead on, and say so."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from lms.cli.transactions import make_transactions
from lms.learning.personal_data.ward import forget_ward
from lms.learning.store.database import read_sessions
from lms.learning.store.models import Learner
from lms.vietnam_time import to_vietnam_time
from lms.web import clock
from tests.learning.movement_statistics.movement import Movement
from tests.merged_wards import merge, rename
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import main_text
from tests.web.period_report_pages import PAGE as REPORTS
from tests.web.planned_classes import plan_class, read_planned_class
from tests.web.signed_in_clients import OTHER_WARD, WARD, csrf_token, engine_of, make_account, sign_in, signed_in_client
from tests.web.targets import add_target, enter_hand_counted_figure, sign_target
from tests.web.units import add_unit, read_unit, read_units

OLD, NEW = "an-hoi-dong", "an-dong"
SAID = "Phường An Hội Đông đã nhập vào Phường An Đông từ ngày"


@pytest.fixture
def city(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Hà", {"organiser"}, "")


def merge_them(app: Flask) -> None:
    merge(engine_of(app), OTHER_WARD, WARD, now=clock.now())


def test_every_old_address_leads_to_the_ward_that_it_is_now_and_says_so(app, lan):
    planned = plan_class(app, ward=OTHER_WARD, venue="Chợ cũ")
    assert lan.get(f"/phuong/{OLD}").status_code == 200
    merge_them(app)
    for address, to in (
        (f"/phuong/{OLD}", f"/phuong/{NEW}"),
        (f"/phuong/{OLD}.ics", f"/phuong/{NEW}.ics"),
        (f"/lich?phuong={OLD}", f"/lich?phuong={NEW}"),
        ("/lich?phuong=an hội đông", f"/lich?phuong={NEW}"),
        ("/lich?phuong=phuong an hoi dong", f"/lich?phuong={NEW}"),
    ):
        answer = lan.get(address)
        assert (answer.status_code, answer.location) == (301, to), address
    for address in (f"/phuong/{NEW}", f"/lich?phuong={NEW}"):
        text = main_text(lan.page(address))
        assert SAID in text
        assert "Chợ cũ" in text
    feed = lan.get(f"/phuong/{NEW}.ics").text.replace("\r\n ", "")
    assert f"X-WR-CALDESC:{SAID}" in feed
    assert feed.count("BEGIN:VEVENT") == 1
    of_class = lan.page(f"/lich/{planned.id}")
    assert "Phường An Đông" in main_text(of_class)
    assert f"/phuong/{OLD}" not in html.tostring(of_class, encoding="unicode")
    assert lan.get("/phuong/khong-co").status_code == 404
    assert lan.get("/phuong/khong-co.ics").status_code == 404


def test_whoever_said_that_she_is_of_the_old_ward_is_of_the_new_one(app, lan, hoa):
    lan.post("/toi/phuong", data={"phuong": OLD})
    merge_them(app)
    assert "Lịch lớp gần Phường An Đông" in main_text(lan.page("/lich"))
    hoa.post("/toi/phuong", data={"phuong": OLD})  # from a page that was open
    with read_sessions(engine_of(app))() as session:
        assert set(session.scalars(select(Learner.ward).where(Learner.ward.is_not(None)))) == {WARD}


def test_people_with_duties_go_on_in_the_new_ward(app):
    planned = plan_class(app, ward=OTHER_WARD, venue="Chợ cũ")
    here, from_there = (
        make_account(app, name, {"organiser"}, ward) for name, ward in (("Ba", WARD), ("Tư", OTHER_WARD))
    )
    stranger = signed_in_client(app, "Năm", {"organiser"}, "27118")
    merge_them(app)
    for account in (here, from_there):
        client = sign_in(app, account)
        assert "Chợ cũ" in main_text(client.page("/quan-ly/lich"))
        assert client.get(f"/quan-ly/lich/{planned.id}").status_code == 200
        assert client.get(f"/quan-ly/lich?phuong={OTHER_WARD}").status_code == 200  # as it was saved
        assert "nhập Phường An Hội Đông vào Phường An Đông" in main_text(client.page("/quan-ly/nhat-ky"))
    assert stranger.get(f"/quan-ly/lich/{planned.id}").status_code == 403
    assert stranger.get(f"/quan-ly/lich?phuong={OTHER_WARD}").status_code == 404


def test_a_form_that_was_open_plans_for_the_new_ward(app, city):
    merge_them(app)
    day = (clock.now() + timedelta(days=2)).date().isoformat()
    form = {
        "bai": "vneid/ba-loai-ma", "ngay": day, "gio": "08:30", "phut": "90", "noi": "Chợ", "so-tuan": "1",
        "xe-lan": "yes", "tieng": "vi", "phuong": OTHER_WARD, "csrf_token": csrf_token(city),
    }  # fmt: skip
    stored = city.post("/quan-ly/lich/moi", data=form)
    assert stored.status_code == 303, stored.text
    assert read_planned_class(app, stored.location.split("/")[3].partition("?")[0]).ward == WARD
    person = {"ten": "Bảy", "viec": "facilitator", "phuong": OTHER_WARD, "csrf_token": csrf_token(city)}
    assert city.post("/quan-ly/nguoi", data=person).status_code == 303
    assert "Bảy" in main_text(city.page(f"/quan-ly?phuong={WARD}"))


def test_chapters_of_one_organisation_become_one_and_neighbourhoods_stay_two(app):
    women, women_there = (add_unit(app, "Hội Phụ nữ", ward=ward) for ward in (WARD, OTHER_WARD))
    third, third_there = (add_unit(app, "Khu phố 3", ward=ward) for ward in (WARD, OTHER_WARD))
    club = add_unit(app, "Hội Nông dân", ward=OTHER_WARD)
    planned = plan_class(app, ward=OTHER_WARD, unit_id=women_there)
    merge_them(app)
    assert read_units(app, OTHER_WARD) == []
    names = {unit.id: (unit.name, unit.is_closed) for unit in read_units(app)}
    assert names == {
        women: ("Hội Phụ nữ", False),
        women_there: ("Hội Phụ nữ (Phường An Hội Đông)", True),
        third: ("Khu phố 3", False),
        third_there: ("Khu phố 3 (Phường An Hội Đông)", False),
        club: ("Hội Nông dân", False),
    }
    assert read_planned_class(app, planned.id).plan.unit_id == women
    assert read_unit(app, third_there).parent_id == WARD


@pytest.mark.slow
def test_targets_stand_side_by_side_with_their_history_and_are_not_added_up(app, lan, city):
    women, women_there = (add_unit(app, "Hội Phụ nữ", ward=ward) for ward in (WARD, OTHER_WARD))
    targets = [
        add_target(app, unit, number) for unit, number in ((WARD, 60), (OTHER_WARD, 40), (women, 6), (women_there, 4))
    ]
    for target in targets:
        sign_target(app, target)
    enter_hand_counted_figure(app, WARD, 15)
    enter_hand_counted_figure(app, OTHER_WARD, 25)
    enter_hand_counted_figure(app, women_there, 5)
    merge_them(app)
    organiser = signed_in_client(app, "Sáu", {"organiser"})
    listed = main_text(organiser.page("/quan-ly/chi-tieu"))
    for said in ("60", "40", "6", "4", "Phường An Hội Đông", "Hội Phụ nữ (Phường An Hội Đông)"):
        assert said in listed, said
    assert "100" not in listed
    text = main_text(organiser.page(f"/quan-ly/chi-tieu/{targets[1]}"))
    assert "45" in text  # both wards have reached what both have entered
    assert "Thu" in text
    public = main_text(lan.page(f"/phuong/{NEW}"))
    assert "Phường An Hội Đông ký ngày" in public
    assert "Đăng ký 60" in public
    assert "Đăng ký 40" in public
    changed = {"so": "100", "ban": "2", "csrf_token": csrf_token(organiser)}
    assert organiser.post(f"/quan-ly/chi-tieu/{targets[0]}", data=changed).status_code == 303
    withdrawn = {"bo": "1", "ban": "2", "csrf_token": csrf_token(organiser)}
    assert organiser.post(f"/quan-ly/chi-tieu/{targets[1]}", data=withdrawn).status_code == 303
    figures = organiser.page("/quan-ly/chi-tieu/ghi-tay")
    assert "Phường An Hội Đông" in main_text(figures)


def test_what_is_published_goes_along_at_once_and_the_city_has_the_same_sum(app, lan):
    movement = Movement(engine_of(app))
    movement.now = clock.now() - timedelta(days=3)
    movement.hold_class(movement.learners(9))
    movement.hold_class(movement.learners(7), ward=OTHER_WARD)
    movement.release()
    before = json.loads(lan.get("/phong-trao.json").text)
    lan.page("/phong-trao")
    merge_them(app)
    after = json.loads(lan.get("/phong-trao.json").text)
    assert after["city"] == before["city"]
    by_slug = {ward["slug"]: ward for ward in after["wards"]}
    assert OLD not in by_slug
    assert by_slug[NEW]["attendances"] == 10
    assert [change["former_slug"] for change in after["ward_changes"]] == [OLD]
    assert "Phường An Hội Đông" not in main_text(lan.page("/phong-trao"))
    assert len(lan.get("/phong-trao.csv").text.splitlines()) == 1 + 167 + 1


def test_a_renamed_ward_has_its_new_name_everywhere_and_the_old_address_leads_there(app, lan, city):
    add_unit(app, "Khu phố 3")
    planned = plan_class(app, venue="Chợ")
    assert "Phường An Đông" in main_text(lan.page(f"/lich/{planned.id}"))
    rename(engine_of(app), WARD, "Phường Chợ Lớn Mới", now=clock.now())
    answer = lan.get(f"/phuong/{NEW}")
    assert (answer.status_code, answer.location) == (301, "/phuong/cho-lon-moi")
    page = lan.page("/phuong/cho-lon-moi")
    assert page.findtext(".//h1") == "Phường Chợ Lớn Mới"
    assert "Phường An Đông nay mang tên Phường Chợ Lớn Mới từ ngày" in main_text(page)
    assert "Chợ" in main_text(page)
    assert lan.get(f"/phuong/{NEW}.ics").location == "/phuong/cho-lon-moi.ics"
    assert lan.get("/lich?phuong=an dong").location == "/lich?phuong=cho-lon-moi"
    assert "Phường Chợ Lớn Mới" in main_text(city.page(f"/quan-ly?phuong={WARD}"))
    assert "Phường Chợ Lớn Mới" in main_text(lan.page(f"/lich/{planned.id}"))


@pytest.mark.slow
def test_the_pages_of_a_ward_that_was_forgotten_with_one_merged_into_it_open(app, lan, city):
    add_target(app, OTHER_WARD, 40)
    merge_them(app)
    forget_ward(make_transactions(engine_of(app)), WARD, progress=lambda *_: None, now=clock.now())
    month = to_vietnam_time(clock.now()).strftime("%Y-%m")
    for unit in (WARD, OTHER_WARD):
        assert city.get(f"{REPORTS}/{unit}/{month}").status_code in (200, 303)
    sign_target(app, add_target(app, WARD, 60))
    text = main_text(lan.page(f"/phuong/{NEW}"))
    assert "Đăng ký 60" in text
    assert "40" not in text
    assert "60" in main_text(city.page(f"/quan-ly/chi-tieu?phuong={WARD}"))


def test_a_ward_that_takes_the_name_of_one_merged_into_it_takes_its_address(app, lan):
    merge_them(app)
    rename(engine_of(app), WARD, "An Hội Đông", now=clock.now())
    assert lan.page(f"/phuong/{OLD}").findtext(".//h1") == "Phường An Hội Đông"
    assert lan.get(f"/phuong/{NEW}").location == f"/phuong/{OLD}"


def test_a_chain_of_mergers_leads_to_its_end(app, lan):
    merge_them(app)
    merge(engine_of(app), WARD, "27118", now=clock.now())
    last = lan.get(f"/phuong/{OLD}").location
    assert last == lan.get(f"/phuong/{NEW}").location
    text = main_text(lan.page(last))
    assert "Phường An Hội Đông đã nhập vào" in text
    assert "Phường An Đông đã nhập vào" in text

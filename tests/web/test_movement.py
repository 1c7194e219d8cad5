"""/phong-trao and its open data: the same published numbers on the page, in the files and on the ward's page."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.wards import all_wards, get_ward
from lms.web import clock
from lms.web.movement_statistics.tile_map import tile_level_of_count, tile_places
from tests.learning.movement_statistics.movement import OTHER_WARD, WARD, Movement
from tests.web.checking_client import CheckingClient
from tests.web.ledger import add_target, this_year
from tests.web.page_texts import main_text_at
from tests.web.signed_in_clients import engine_of
from tests.web.units import add_unit

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


@pytest.fixture
def movement(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Movement:
    """Begins four days ago, in the same year: its targets and figures are of one year."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    movement = Movement(engine_of(app))
    movement.now = NOW - timedelta(days=4)
    return movement


def test_before_the_first_release_the_page_says_what_will_stand_there_and_leads_to_the_calendar(lan: CheckingClient):
    assert "Bà con cả thành phố mới bắt đầu học." in main_text_at(lan, "/phong-trao")
    assert lan.page("/phong-trao").find(".//main//a[@href='/lich']") is not None
    assert lan.get("/phong-trao.json").json["wards"] == []
    assert len(lan.get("/phong-trao.csv").text.splitlines()) == 1


def test_page_files_and_ward_say_the_same_and_nothing_below_five(movement: Movement, lan: CheckingClient):
    movement.hold_class(movement.learners(123), lesson="ba-loai-ma")
    movement.hold_class(movement.learners(8), ward=OTHER_WARD)
    for learner in movement.learners(4, ward=OTHER_WARD):
        movement.mark(learner, "lam")
    movement.release()
    page = main_text_at(lan, "/phong-trao")
    assert "Lượt học ở lớp 125" in page  # 120 and 5, not 131
    assert "Phường An Đông120 lượt, 120 người, dưới 5 làm được" in page
    document = lan.get("/phong-trao.json").json
    assert document["city"]["attendances"] == 125
    rows = {row["slug"]: row for row in csv.DictReader(io.StringIO(lan.get("/phong-trao.csv").text))}
    assert len(rows) == len(document["wards"]) == len(all_wards()) + 1
    for ward in document["wards"]:
        assert all(int(rows[ward["slug"]][indicator]) == ward[indicator] for indicator in Indicator)
    assert rows["an-dong"]["attendances"] == "120"
    assert rows[get_ward(OTHER_WARD).slug]["could_do"] == "0"
    ward_page = main_text_at(lan, "/phuong/an-dong")
    assert "Lượt học ở lớp 120" in ward_page
    assert "Ở lớp học nhiều nhất:" in ward_page


def test_a_city_of_small_numbers_is_told_in_a_sentence_and_not_by_an_empty_map(movement: Movement, lan: CheckingClient):
    for learner in movement.learners(4, ward=OTHER_WARD):
        movement.mark(learner, "lam")
    movement.release()
    page = main_text_at(lan, "/phong-trao")
    assert "Bà con cả thành phố mới bắt đầu học." in page
    assert "dưới 5 " not in page.partition("Tính thế nào")[0]
    assert lan.page("/phong-trao").find(".//main//svg[@role='img']") is None


def test_a_signed_target_stands_on_the_wards_page_with_who_signed_as_a_unit_and_how_far(
    app: Flask, movement: Movement, lan: CheckingClient
):
    add_target(app)
    add_target(app, indicator="attendances", number=60, signs=True)
    add_target(app, add_unit(app), number=33, indicator="classes", period=f"{this_year()}-Q4", signs=True)
    movement.hold_class(movement.learners(23), added=7)
    movement.release()
    page = main_text_at(lan, "/phuong/an-dong")
    assert "Lượt người tới lớp, năm" in page
    assert "Đăng ký 60. Phường An Đông ký ngày" in page
    assert "Đã có 25." in page  # 20 with a phone and 5 without, each rounded
    assert "Khu phố 3: Lớp đã mở, quý 4" in page and "Đăng ký 33." in page
    assert "chữ ký số" not in page.lower()
    add_target(app, signs=True)
    assert "Đã có dưới 5, ghi tay." in main_text_at(lan, "/phuong/an-dong")
    assert "Thu" not in main_text_at(lan, "/phuong/an-dong").partition("Nơi đây đặt ra")[2].partition("Đã học ở đây")[0]


@pytest.mark.slow
def test_targets_open_no_way_to_a_number_that_is_not_published(app: Flask, movement: Movement, lan: CheckingClient):
    """The pages are the same for every count that is rounded to the same number, whatever the target asks for."""
    women = add_unit(app, "Hội Phụ nữ")
    for indicator in ("attendances", "learners", "understood", "classes"):
        for unit in (WARD, women):
            for period in ("", f"{this_year()}-12", f"{this_year()}-Q4"):
                add_target(app, unit, number=7, indicator=indicator, period=period, signs=True)
    movement.hold_class(movement.learners(6), unit=women)
    movement.release()
    before = told(lan)
    assert "Đã có 5." in before[0]
    for learner in movement.learners(3, ward=WARD):
        movement.mark(learner)
    movement.release()
    assert movement.count(Indicator.LEARNERS) == 9
    assert told(lan) == before


def told(client: CheckingClient) -> tuple[str, str, dict]:
    """What is public of targets, and all figures, without the day of the release."""
    of_ward = main_text_at(client, "/phuong/an-dong").partition("đặt ra")[2].partition("Đã học ở đây")[0]
    of_city = main_text_at(client, "/phong-trao").partition("đặt ra")[2].partition("168 phường")[0]
    return of_ward, of_city, client.get("/phong-trao.json").json | {"released_on": ""}


def test_the_city_adds_up_what_wards_have_signed_once_a_day(app: Flask, movement: Movement, lan: CheckingClient):
    for ward, number in ((WARD, 1200), (OTHER_WARD, 300)):
        add_target(app, ward, number=number, indicator="attendances", signs=True)
    add_target(app, "tp", number=5000, indicator="attendances", signs=True)
    add_target(app, WARD, number=9, indicator="classes")
    movement.hold_class(movement.learners(23))
    movement.release()
    page = main_text_at(lan, "/phong-trao")
    assert "2 nơi đăng ký 1.500. Thành phố đăng ký 5.000. Đã có 20." in page
    assert "2 nơi đã ký chỉ tiêu của năm" in page
    assert "Lớp đã mở" not in page
    document = lan.get("/phong-trao.json").json
    assert document["targets"] == [
        {"indicator": "attendances", "origin": "registered", "number": 1500, "wards": 2, "city": 5000}
    ]
    assert {ward["slug"] for ward in document["wards"] if ward["has_signed_targets"]} == {
        "an-dong", get_ward(OTHER_WARD).slug,
    }  # fmt: skip


def test_organisations_are_told_with_their_classes_and_attendances(app, movement, lan):
    women = movement.unit("Hội Phụ nữ", organisation="hoi-phu-nu")
    for days in range(5):
        movement.hold_class(movement.learners(8), unit=women, opened_at=movement.now + timedelta(hours=days))
    movement.release()
    assert "Hội Liên hiệp Phụ nữ 5 lớp, 40 lượt" in main_text_at(lan, "/phong-trao")
    assert "Hội Phụ nữ" not in main_text_at(lan, "/phuong/an-dong")
    [told] = [one for one in lan.get("/phong-trao.json").json["organisations"] if one["key"] == "hoi-phu-nu"]
    assert (told["classes"], told["attendances"]) == (5, 40)


def test_every_folded_part_has_the_arrow_that_says_so(movement: Movement, lan: CheckingClient):
    movement.hold_class(movement.learners(8))
    movement.release()
    for address in ("/phong-trao", "/phuong/an-dong"):
        folded = lan.page(address).findall(".//main//summary")
        assert folded
        assert all(summary.find(".//svg") is not None for summary in folded), address


def test_a_new_release_is_shown_at_once_and_the_page_is_the_same_for_everybody(movement, lan, hoa):
    movement.hold_class(movement.learners(20))
    movement.release()
    first = lan.get("/phong-trao")
    assert first.text == hoa.get("/phong-trao").text
    assert first.headers["ETag"]
    movement.hold_class(movement.learners(30))
    movement.release(1)
    assert "Lượt học ở lớp 50" in main_text_at(lan, "/phong-trao")


def test_the_files_say_their_licence_and_date_and_may_be_read_by_other_sites(movement, lan):
    movement.release()
    response = lan.get("/phong-trao.json")
    assert response.json["licence"]["name"] == "CC BY 4.0"
    assert response.json["released_on"] == movement.latest().released_on.isoformat()
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "CC BY 4.0" in main_text_at(lan, "/phong-trao")


def test_the_map_has_a_tile_for_each_ward_north_above():
    places = tile_places()
    assert len({(left, top) for _, left, top in places}) == len(all_wards())
    tops = {ward.code: top for ward, _, top in places}
    assert tops[min(all_wards(), key=lambda ward: ward.latitude).code] == max(tops.values())
    assert [tile_level_of_count(value) for value in (0, 5, 95, 100, 500, 9000)] == [0, 1, 1, 2, 3, 3]
    assert WARD in tops

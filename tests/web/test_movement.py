"""/phong-trao and its open data: the same published numbers on the page, in the files and on the ward's page."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask

from lms.learning.figures.indicators import Indicator
from lms.learning.wards import all_wards, get_ward
from lms.web import clock
from lms.web.movement.tile_map import level_of, tile_places
from tests.learning.figures.movement import OTHER_WARD, WARD, Movement
from tests.web.checking_client import CheckingClient
from tests.web.signed_in_clients import engine_of


@pytest.fixture
def movement(app: Flask) -> Movement:
    movement = Movement(engine_of(app))
    movement.now = clock.now() - timedelta(days=4)
    return movement


def text_of(client: CheckingClient, address: str) -> str:
    return " ".join(client.page(address).find(".//main").text_content().split())


def test_before_the_first_release_the_page_leads_to_the_calendar(lan: CheckingClient):
    assert "Chưa có số liệu" in text_of(lan, "/phong-trao")
    assert lan.get("/phong-trao.json").json["wards"] == []
    assert len(lan.get("/phong-trao.csv").text.splitlines()) == 1


def test_page_files_and_ward_say_the_same_and_nothing_below_five(movement: Movement, lan: CheckingClient):
    movement.hold_class(movement.learners(123), lesson="ba-loai-ma", mistakes=[("nhap-ma", 17)])
    movement.hold_class(movement.learners(8), ward=OTHER_WARD)
    for learner in movement.learners(4, ward=OTHER_WARD):
        movement.mark(learner, "lam")
    movement.release()
    page = text_of(lan, "/phong-trao")
    assert "Lượt học ở lớp 125" in page  # 120 and 5, not 131
    assert "Phường An Đông120 lượt, 120 người, dưới 5 làm được" in page
    assert "“nhap-ma”" in page and "từ 15 máy" in page
    document = lan.get("/phong-trao.json").json
    assert document["city"]["attendances"] == 125
    rows = {row["slug"]: row for row in csv.DictReader(io.StringIO(lan.get("/phong-trao.csv").text))}
    assert len(rows) == len(document["wards"]) == len(all_wards()) + 1
    for ward in document["wards"]:
        assert all(int(rows[ward["slug"]][indicator]) == ward[indicator] for indicator in Indicator)
    assert rows["an-dong"]["attendances"] == "120"
    assert rows[get_ward(OTHER_WARD).slug]["could_do"] == "0"
    ward_page = text_of(lan, "/phuong/an-dong")
    assert "Lượt học ở lớp 120" in ward_page
    assert "Ở lớp học nhiều nhất:" in ward_page


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
    assert "Lượt học ở lớp 50" in text_of(lan, "/phong-trao")


def test_the_files_say_their_licence_and_date_and_may_be_read_by_other_sites(movement, lan):
    movement.release()
    response = lan.get("/phong-trao.json")
    assert response.json["licence"]["name"] == "CC BY 4.0"
    assert response.json["released_on"] == movement.latest().released_on.isoformat()
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "CC BY 4.0" in text_of(lan, "/phong-trao")


def test_the_map_has_a_tile_for_each_ward_north_above():
    places = tile_places()
    assert len({(left, top) for _, left, top in places}) == len(all_wards())
    tops = {ward.code: top for ward, _, top in places}
    assert tops[min(all_wards(), key=lambda ward: ward.latitude).code] == max(tops.values())
    assert [level_of(value) for value in (0, 5, 95, 100, 500, 9000)] == [0, 1, 1, 2, 3, 3]
    assert WARD in tops

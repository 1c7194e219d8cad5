"""The ward that a learner may choose: offered once, shown first, changed and taken back at any time."""

from __future__ import annotations

import pytest

from lms.learning import wards
from lms.learning.learners import learner_store
from lms.learning.store.database import write_sessions
from lms.learning.store.models import Learner
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import main_text_at
from tests.web.planned_classes import plan_class
from tests.web.signed_in_clients import OTHER_WARD, WARD, engine_of

AN_DONG = "an-dong"
OFFER = "Lần sau hiện Phường An Đông trước?"


def remember(phone: CheckingClient, slug: str = AN_DONG):
    return phone.post("/toi/phuong", data={"phuong": slug})


def test_who_looks_for_a_ward_is_offered_once_to_have_it_remembered(lan: CheckingClient):
    assert OFFER not in main_text_at(lan, "/lich")
    assert OFFER in main_text_at(lan, f"/lich?phuong={AN_DONG}")
    declined = lan.post("/toi/phuong", data={"phuong": AN_DONG, "thoi": "1"})
    assert declined.location == f"/lich?phuong={AN_DONG}"
    assert OFFER not in main_text_at(lan, declined.location)
    assert lan.page("/lich").findtext(".//h1") == "Lịch lớp"


def test_to_decline_keeps_nothing_of_the_person(app, lan: CheckingClient):
    lan.post("/toi/phuong", data={"phuong": AN_DONG, "thoi": "1"})
    with write_sessions(engine_of(app)).begin() as session:
        assert session.query(Learner).count() == 0


def test_the_calendar_shows_the_remembered_ward_first_and_the_city_when_asked(app, lan: CheckingClient):
    far = wards.wards_by_distance(wards.get_ward(WARD))[-1]
    plan_class(app, ward=far.code, venue="Xa")
    plan_class(app, ward=WARD, venue="Gần")
    assert remember(lan).location == "/lich"
    page = lan.page("/lich")
    assert page.findtext(".//h2") == "Ở Phường An Đông"
    assert page.findtext(".//h1") == "Lịch lớp gần Phường An Đông"
    assert "Trang nhớ nơi này cho bác" in main_text_at(lan, "/lich")
    assert lan.page("/lich?phuong=").findtext(".//h1") == "Lịch lớp"


def test_a_remembered_ward_is_changed_with_one_button_and_taken_back_at_home(app, lan: CheckingClient):
    remember(lan)
    other = wards.get_ward(OTHER_WARD)
    page = lan.page(f"/lich?phuong={other.slug}")
    assert page.xpath("//form[@id='nho-phuong']//button")[0].text_content().strip() == (
        f"Nhớ {other.full_name} cho lần sau"
    )
    remember(lan, other.slug)
    assert f"Trang nhớ {other.full_name}." in main_text_at(lan, "/toi")
    assert lan.post("/toi/phuong", data={"phuong": ""}).location == "/toi#phuong"
    assert "Chưa ghi." in main_text_at(lan, "/toi")
    assert lan.page("/lich").findtext(".//h1") == "Lịch lớp"


def test_each_person_of_a_shared_phone_has_her_own_ward(lan: CheckingClient):
    remember(lan)
    lan.post("/toi/may-chung", data={"nguoi": "moi"})
    assert lan.page("/lich").findtext(".//h1") == "Lịch lớp"


def test_forgetting_takes_the_ward_along(app, lan: CheckingClient):
    remember(lan)
    lan.post("/toi/quen", data={"chac": "co"})
    with write_sessions(engine_of(app)).begin() as session:
        assert [(row.ward, row.forgotten_at is None) for row in session.query(Learner)] == [(None, False)]


def test_what_an_older_release_left_of_a_forgotten_learner_is_cleared(app, lan: CheckingClient):
    remember(lan)
    lan.post("/toi/quen", data={"chac": "co"})
    with write_sessions(engine_of(app)).begin() as session:
        session.query(Learner).update({"ward": WARD})
    with write_sessions(engine_of(app)).begin() as session:
        assert learner_store.clear_wards_of_forgotten(session) == 1
        assert [row.ward for row in session.query(Learner)] == [None]


@pytest.mark.parametrize("slug", ["khong-co", "AN-DONG", "27316", "<b>"])
def test_a_ward_that_is_none_is_not_remembered(lan: CheckingClient, slug: str):
    assert remember(lan, slug).status_code == 404
    assert lan.page("/lich").findtext(".//h1") == "Lịch lớp"


def test_a_ward_that_left_the_list_is_as_if_nothing_was_said(app, lan: CheckingClient):
    remember(lan)
    with write_sessions(engine_of(app)).begin() as session:
        session.query(Learner).update({"ward": "00000"})
    assert lan.page("/lich").findtext(".//h1") == "Lịch lớp"
    assert "Chưa ghi." in main_text_at(lan, "/toi")

"""In English: the calendar and the movement for everybody; accounts, plans, units and reports for organisers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from lxml import html

from lms.learning.accounts.permissions import CITY
from lms.learning.calendar import planning
from lms.learning.store.database import write_sessions
from lms.web import clock
from tests.learning.movement_statistics.movement import Movement
from tests.web.checking_client import CheckingClient
from tests.web.english_pages import assert_english, choose_english
from tests.web.ledger import add_target, enter_hand_counted_figure, ledger_of, this_month, this_year
from tests.web.page_texts import main_text
from tests.web.planned_classes import plan_class, submit
from tests.web.signed_in_clients import (
    WARD,
    csrf_token,
    engine_of,
    issue_slip,
    make_account,
    sign_in,
    signed_in_client,
)
from tests.web.units import add_unit


@pytest.fixture
def organiser(app: Flask) -> CheckingClient:
    """Thu of Phường An Đông, whose browser has chosen English."""
    client = signed_in_client(app, "Thu Đào", {"organiser", "facilitator"})
    choose_english(client)
    return client


@pytest.fixture
def root(app: Flask) -> CheckingClient:
    """The city's administrator, whose browser has chosen English."""
    client = signed_in_client(app, "Quản trị", {"administrator"}, CITY)
    choose_english(client)
    return client


@pytest.fixture
def stranger(lan: CheckingClient) -> CheckingClient:
    """A phone that has chosen English."""
    choose_english(lan)
    return lan


def check(client: CheckingClient, address: str) -> html.HtmlElement:
    """The page, which must be in English to the last word."""
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status}"
    return check_page(response.text)


def check_page(text: str) -> html.HtmlElement:
    page = html.fromstring(text)
    shown = html.fromstring(text)
    for share in shown.iter("share-address"):
        share.attrib.pop("data-text", None)  # a message to somebody else, with the names of places
    assert_english(shown)
    return page


def post(client: CheckingClient, address: str, **fields: str):
    values = {name.replace("_", "-"): value for name, value in fields.items()}
    return client.post(address, data={"csrf_token": csrf_token(client)} | values)


@pytest.mark.slow
def test_the_calendar_and_each_class_of_it_are_in_english(app: Flask, stranger: CheckingClient):
    by = make_account(app, "Thu", {"organiser"})
    unit = add_unit(app)
    plans = {
        "open": plan_class(app, unit_id=unit, floor="Tầng 2", parking="Sân trước", wheelchair="no", seats=30),
        "taught in Chinese": plan_class(app, language="zh"),
        "full": plan_class(app, seats=1),
        "moved": plan_class(app),
        "cancelled": plan_class(app),
        "over": plan_class(app, starts_at=clock.now() + timedelta(minutes=5)),
    }
    with write_sessions(engine_of(app)).begin() as session:
        planning.cancel_plan(
            session, plans["cancelled"].id, version=1, note="Mưa lớn", by=by, now=clock.now(), rest=False
        )
    stranger.post(f"/lich/{plans['full'].id}/giu-cho")
    assert "You hold seat number 1" in main_text(check(stranger, f"/lich/{plans['full'].id}"))
    for planned in plans.values():
        check(stranger, f"/lich/{planned.id}")
    page = main_text(check(stranger, f"/lich/{plans['open'].id}"))
    for sentence in ("30 of 30 seats left", "Wheelchair", "not yet", "I will come", "Tomorrow"):
        assert sentence in page, sentence
    for address in ("/lich", "/lich?phuong=an-dong", "/lich?phuong=Khong+co", "/phuong/an-dong", "/phuong/an-hoi-dong"):
        check(stranger, address)
    assert "This class is cancelled. Because: Mưa lớn." in main_text(stranger.page(f"/lich/{plans['cancelled'].id}"))
    assert "SUMMARY:CANCELLED:" in stranger.get(f"/lich/{plans['cancelled'].id}.ics").text


@pytest.mark.slow
def test_a_cached_page_of_the_calendar_has_one_copy_for_each_language(app: Flask, hoa: CheckingClient, lan):
    planned = plan_class(app)
    choose_english(hoa)
    for _ in range(2):
        for address in (f"/lich/{planned.id}", "/lich", "/phuong/an-dong", "/phong-trao"):
            assert (lan.page(address).get("lang"), hoa.page(address).get("lang")) == ("vi", "en")


def test_the_switch_keeps_what_was_searched_for(lan):
    searched = {"Referer": "http://localhost/lich?phuong=an-dong&lang=vi"}
    assert lan.get("/lich?lang=en", headers=searched).headers["Location"] == "/lich?phuong=an-dong"
    for elsewhere in ("http://localhost/phong-trao?phuong=an-dong", "https://elsewhere.example/lich?phuong=an-dong"):
        assert lan.get("/lich?lang=en", headers={"Referer": elsewhere}).headers["Location"] == "/lich"


def test_choosing_a_language_leads_back_to_the_page(lan: CheckingClient):
    answer = lan.get("/lich?phuong=an-dong&lang=en")
    assert (answer.status_code, answer.location) == (303, "/lich?phuong=an-dong")
    assert check(lan, answer.location).findtext(".//h1").startswith("Classes near")
    lan.get("/lich?lang=vi")
    assert lan.page("/lich").findtext(".//h1") == "Lịch lớp"


@pytest.mark.slow
def test_the_movement_is_told_in_english(app: Flask, stranger: CheckingClient):
    assert "The city has just begun to learn." in main_text(check(stranger, "/phong-trao"))
    movement = Movement(engine_of(app))
    movement.now = clock.now() - timedelta(days=4)
    movement.hold_class(movement.learners(123), lesson="ba-loai-ma")
    add_target(app, indicator="attendances", number=60, signs=True)
    add_target(app, add_unit(app), number=33, indicator="classes", period=f"{this_year()}-Q4", signs=True)
    movement.release()
    page = main_text(check(stranger, "/phong-trao"))
    assert "Attendances at classes 120" in page and "Learned below 5" in page and "Can do it below 5" in page
    assert "120 attendances, 120 people, below 5 can do it" in page
    page = main_text(check(stranger, "/phuong/an-dong"))
    assert f"Classes held, Quarter 4 of {this_year()}" in page and "Registered 33" in page


@pytest.mark.slow
def test_what_organisers_do_in_a_ward_is_in_english(app: Flask, organiser: CheckingClient):
    unit, planned = add_unit(app), plan_class(app, seats=30)
    add_target(app)
    closed = add_unit(app, "Khu phố 9")
    assert post(organiser, f"/quan-ly/don-vi/{closed}/ngung", ban="1").status_code == 303
    person = make_account(app, "Nguyễn Lan", {"facilitator", "helper"})
    enter_hand_counted_figure(app)
    written = {"registered-signatures": "30", "note-difficulties": "Thiếu máy", "ban": "99"}
    assert post(organiser, ledger_of(), **written).status_code == 303
    added = submit(organiser)
    addresses = (
        "/quan-ly", "/quan-ly?phuong=27316", "/quan-ly/nguoi/moi", f"/quan-ly/nguoi/{person.id}?xong=them",
        f"/quan-ly/nguoi/{person.id}?xong=don-vi", "/quan-ly/phieu", "/quan-ly/nhat-ky", "/quan-ly/toi",
        "/quan-ly/toi?xong=may-khac", "/quan-ly/toi/dien-thoai", "/ra", "/quan-ly/lich",
        "/quan-ly/lich/moi", f"/quan-ly/lich/{planned.id}", added.location, "/quan-ly/lich/to-moi", "/quan-ly/so-lieu",
        "/quan-ly/don-vi", "/quan-ly/don-vi?them=2", "/quan-ly/don-vi/them", f"/quan-ly/don-vi/{unit}?xong=sua",
        f"/quan-ly/don-vi/{closed}", "/quan-ly/bao-cao", f"/quan-ly/bao-cao/{WARD}/{this_year()}",
        f"{ledger_of()}?xong=ky", ledger_of(period=this_month()), ledger_of(period=f"{int(this_year()) - 1}-03"),
    )  # fmt: skip
    for address in addresses:
        check(organiser, address)
    check_page(post(organiser, "/quan-ly/phieu", nguoi=person.id).text)
    check_page(post(organiser, "/quan-ly/toi/dien-thoai").text)
    assert "wrote into the book of Phường An Đông" in main_text(organiser.page("/quan-ly/nhat-ky"))


@pytest.mark.slow
def test_what_the_city_does_is_in_english(app: Flask, root: CheckingClient):
    plan_class(app)
    for address in ("/quan-ly", "/quan-ly/nguoi/moi", "/quan-ly/nhat-ky", "/quan-ly/may-chu", "/quan-ly/lich",
                    "/quan-ly/lich/moi", "/quan-ly/so-lieu", "/quan-ly/don-vi", "/quan-ly/don-vi/them",
                    "/quan-ly/bao-cao", f"/quan-ly/bao-cao/tp/{this_year()}"):  # fmt: skip
        if root.get(address).status_code != 404:
            check(root, address)


@pytest.mark.slow
def test_errors_of_forms_are_in_english(app: Flask, organiser: CheckingClient, stranger: CheckingClient):
    unit = add_unit(app)
    add_target(app)
    refused = [
        submit(organiser, bai="", ngay="", phut="5", noi="", so_cho="0", so_tuan="99", ban_do="http://x"),
        post(organiser, ledger_of(), **{"registered-classes": "0", "note-proposals": "x" * 501}),
        post(organiser, ledger_of(), **{"registered-signatures": "9"}),
        post(organiser, "/quan-ly/don-vi/them", danh_sach="0912 345 678\n=1+1\n; ấp\nKhu phố 3; lạ"),
        post(organiser, f"/quan-ly/don-vi/{unit}", ban="1", ten=""),
        post(organiser, f"/quan-ly/don-vi/{unit}", ban="9", ten="Khu phố 4"),
        post(organiser, "/quan-ly/nguoi", ten=""),
        post(organiser, "/quan-ly/phieu"),
        post(organiser, "/quan-ly/toi/mat-khau", moi="a", lan_nua="b"),
        post(organiser, "/quan-ly/toi/mat-khau", moi="a", lan_nua="a"),
        post(organiser, ledger_of(), **{"note-difficulties": "0912345678"}),
        post(organiser, ledger_of(period=f"{int(this_year()) - 1}-03"), **{"note-difficulties": "Mạng yếu"}),
    ]
    token = stranger.page("/vao").xpath("//input[@name='csrf_token']/@value")[0]
    for fields in ({"ma": ""}, {"ma": "AAAAAAAAAAAA"}, {"ten": "", "mat-khau": ""}, {"ten": "Lan", "mat-khau": "x"}):
        refused.append(stranger.post("/vao", data={"csrf_token": token, **fields}))
    for answer in refused:
        assert answer.status_code in (409, 422), answer.request.path
        assert check_page(answer.text).xpath("//*[@role='alert']"), answer.request.path


def test_signing_in_and_out_is_in_english(app: Flask, stranger: CheckingClient):
    check(stranger, "/vao")
    account = make_account(app, "Nguyễn Lan", {"facilitator"})
    assert "Sign-in slip of Nguyễn Lan" in main_text(check(stranger, f"/vao/{issue_slip(app, account).token}"))
    check_page(stranger.get("/vao/khong-co").text)
    client = sign_in(app, account)
    choose_english(client)
    page = check(client, "/ra")
    assert "Sign out of the account of Nguyễn Lan?" in page.findtext(".//title") + main_text(page)
    check_page(client.post("/ra", data={"csrf_token": csrf_token(client), "chac": "co"}).text)


@pytest.mark.slow
def test_papers_stay_vietnamese_inside_an_english_page(app: Flask, organiser: CheckingClient):
    planned = plan_class(app)
    [poster] = organiser.page("/quan-ly/lich/to-moi").xpath("//article")
    assert poster.get("lang") == "vi" and "Mời bà con tới lớp" in poster.text_content()
    sheet = organiser.page(f"/quan-ly/bao-cao/{WARD}/{this_year()}").find(".//article")
    assert sheet.get("lang") == "vi" and "Báo cáo năm" in sheet.text_content()
    person = make_account(app, "Nguyễn Lan", {"facilitator"})
    slips = html.fromstring(post(organiser, "/quan-ly/phieu", nguoi=person.id).text)
    [slip] = slips.xpath("//section[contains(@class, 'sign-in-slip')]")
    assert slip.get("lang") == "vi" and "Người đứng lớp, Phường An Đông" in slip.text_content()
    assert organiser.page(f"/lich/{planned.id}").find(".//article").get("lang") is None
    assert "Lượt người cầm máy" in organiser.get(f"/quan-ly/bao-cao/{WARD}/{this_year()}.csv").text


@pytest.mark.parametrize("address", ["/lich", "/phong-trao", "/phuong/an-dong"])
def test_a_page_of_organisers_offers_the_languages_whoever_asked_first(lan: CheckingClient, address: str):
    assert lan.head(address).status_code == 200
    assert lan.page(address).xpath("/html/body/nav//a[@hreflang='en']")


@pytest.mark.parametrize("typed", ["1,500", "1.500", "1 500", "1\N{NO-BREAK SPACE}500", "1500"])
def test_a_form_takes_a_number_as_its_page_writes_it(app: Flask, organiser: CheckingClient, typed: str):
    assert post(organiser, ledger_of(), **{"registered-signatures": typed}).status_code == 303
    assert "1,500" in main_text(organiser.page(ledger_of()))


@pytest.mark.parametrize("typed", ["1,5", "15,00", "1,5000", ",500", "1,,500", "1234567890"])
def test_a_form_takes_no_number_that_may_mean_another(app: Flask, organiser: CheckingClient, typed: str):
    assert post(organiser, ledger_of(), **{"registered-signatures": typed}).status_code == 422

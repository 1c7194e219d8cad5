"""A sheet of thanks to somebody who held classes: made at their wish, verified as a badge is, revoked and forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from lms.learning.store.database import write_sessions
from lms.learning.store.models import ClassFacilitator
from lms.web import clock
from tests.learning.movement_statistics.movement import OTHER_WARD, Movement
from tests.web.checking_client import CheckingClient
from tests.web.forgotten_accounts import forget
from tests.web.page_texts import main_text_at
from tests.web.signed_in_clients import csrf_token, engine_of, make_account, sign_in

PATH = "/quan-ly/toi/giay-cam-on"
NAME = "Nguyễn Văn Minh"


@pytest.fixture
def minh(app: Flask) -> CheckingClient:
    """Held a class of six with two people without a phone, one that was too small, and one in another ward."""
    account = make_account(app, NAME)
    movement = Movement(engine_of(app))
    movement.now = clock.now() - timedelta(days=4)
    held = [
        movement.hold_class(movement.learners(6), added=2, minutes=90),
        movement.hold_class(movement.learners(2), opened_at=movement.now + timedelta(hours=3)),
        movement.hold_class(movement.learners(9), ward=OTHER_WARD),
    ]
    movement.hold_class(movement.learners(40), opened_at=movement.now + timedelta(hours=6))  # somebody else's
    with write_sessions(engine_of(app)).begin() as session:
        rows = [{"class_id": class_id, "account_id": account.id, "since": clock.now()} for class_id in held]
        session.execute(insert(ClassFacilitator.__table__), rows)
    movement.release()
    return sign_in(app, account)


def make_sheet(client: CheckingClient, name: str = NAME) -> str:
    """The address of a new sheet."""
    response = client.post(PATH, data={"csrf_token": csrf_token(client), "ten": name})
    assert response.status_code == 303, response.text
    return response.headers["Location"]


@pytest.mark.slow
def test_she_makes_a_sheet_with_her_counted_classes_and_anybody_can_verify_it(minh, lan):
    assert "mình đã đứng 1 lớp, 1 giờ, có 8 lượt bà con tới học" in main_text_at(minh, PATH)
    address = make_sheet(minh)
    for client in (minh, lan):
        page = main_text_at(client, address)
        assert f"Phường An Đông cám ơn {NAME}" in page
        assert "Lớp đã đứng: 1 lớp." in page and "Bà con tới học: 8 lượt người." in page
    checked = main_text_at(lan, f"/kiem-chung?id={address.rpartition('/')[2]}")
    assert "Giấy cám ơn này có thật" in checked and f"Người đứng lớp: {NAME}" in checked
    picture = lan.get(f"{address}.png").data
    uploaded = lan.post("/kiem-chung", data={"noi-dung": lan.get(f"{address}.json").text})
    assert picture.startswith(b"\x89PNG") and "Giấy cám ơn này có thật" in uploaded.text
    assert lan.get(address).headers["X-Robots-Tag"] == "noindex"


@pytest.mark.slow
def test_no_page_for_everybody_says_who_held_classes(minh, lan):
    make_sheet(minh)
    for address in ("/", "/lich", "/phuong/an-dong", "/phong-trao", "/phong-trao.json", "/phong-trao.csv"):
        assert NAME not in lan.get(address).text


@pytest.mark.slow
def test_the_same_sheet_again_is_the_same_and_another_name_replaces_it(minh, lan):
    first = make_sheet(minh)
    assert make_sheet(minh) == first
    second = make_sheet(minh, "Chú Minh")
    assert "Không còn hiệu lực" in main_text_at(lan, first)
    assert "Chú Minh" in main_text_at(lan, second)
    assert "không còn hiệu lực" in main_text_at(lan, f"/kiem-chung?id={first.rpartition('/')[2]}")


def test_a_sheet_that_is_taken_back_is_no_longer_valid(minh, lan):
    address = make_sheet(minh)
    document = lan.get(f"{address}.json").text
    minh.post(f"{PATH}/thu-lai", data={"csrf_token": csrf_token(minh)})
    assert "Không còn hiệu lực" in main_text_at(lan, address)
    assert "không còn hiệu lực" in lan.post("/kiem-chung", data={"noi-dung": document}).text


@pytest.mark.parametrize(("name", "said"), [("0912345678", "dãy số"), ("x" * 61, "Tên dài quá")])
def test_a_name_that_must_not_be_shown_is_refused(minh, name, said):
    response = minh.post(PATH, data={"csrf_token": csrf_token(minh), "ten": name})
    assert response.status_code == 422
    assert said in response.text


def test_without_a_counted_class_there_is_nothing_to_make(app: Flask):
    client = sign_in(app, make_account(app, "Hoa"))
    assert "Chưa có lớp nào của mình được tính" in main_text_at(client, PATH)
    assert client.post(PATH, data={"csrf_token": csrf_token(client), "ten": "Hoa"}).status_code == 409


@pytest.mark.slow
def test_a_forgotten_account_takes_its_sheets_along(app: Flask, minh, lan, tmp_path):
    address = make_sheet(minh)
    document = lan.get(f"{address}.json").text
    forget(app, tmp_path)
    assert lan.get(address).status_code == 410
    assert NAME not in lan.get(address).text
    assert "đã được xóa" in lan.post("/kiem-chung", data={"noi-dung": document}).text

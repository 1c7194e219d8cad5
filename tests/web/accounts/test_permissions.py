"""Managing accounts: who may not, and what they get."""

from __future__ import annotations

import pytest

from lms.learning.accounts import account_store
from lms.learning.accounts.permissions import CITY, ROLES
from lms.learning.store.database import read_sessions
from tests.web.accounts.account_pages import account_named, accounts_in_ward, post_form
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import OTHER_WARD, csrf_token, engine_of, make_account, signed_in_client

PERSON_POSTS = ("", "/ngung", "/mo-lai", "/ra")
PAGES = ("/quan-ly", "/quan-ly/nguoi/moi", "/quan-ly/phieu", "/quan-ly/nhat-ky")


def test_every_page_requires_a_sign_in(app, lan):
    account = make_account(app)
    for address in (*PAGES, "/quan-ly/toi", f"/quan-ly/nguoi/{account.id}"):
        assert lan.get(address).headers["Location"].startswith("/vao")
    posts = [f"/quan-ly/nguoi/{account.id}{way}" for way in PERSON_POSTS]
    for address in (*posts, "/quan-ly/nguoi", "/quan-ly/phieu", "/quan-ly/toi/mat-khau", "/quan-ly/toi/may-khac"):
        assert lan.post(address, data={"ten": "X"}).headers["Location"].startswith("/vao")
    assert account_named(app, "Minh") == account


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"organiser", "administrator"}))
def test_roles_that_do_not_manage_accounts_get_403(app, role):
    client, account = signed_in_client(app, "Minh", {role}), make_account(app, "Hoa", {"helper"})
    for address in (*PAGES, f"/quan-ly/nguoi/{account.id}"):
        assert client.get(address).status_code == 403
    for address in ("/quan-ly/nguoi", *(f"/quan-ly/nguoi/{account.id}{way}" for way in PERSON_POSTS)):
        assert post_form(client, address, ten="X", viec="administrator").status_code == 403
    assert post_form(client, "/quan-ly/phieu", nguoi=account.id).status_code == 403
    assert account_named(app, "Hoa") == account


@pytest.mark.parametrize(
    ("role", "ward"),
    [
        *((role, OTHER_WARD) for role in ROLES if role != "administrator"),
        *((role, CITY) for role in ROLES),
    ],
)
def test_an_organiser_of_a_ward_cannot_reach_accounts_outside_it(app, thu, role, ward):
    """An account of another ward or of the city, whatever its role: not shown, not changed, no slip."""
    other = make_account(app, "Hoa", {role}, ward)
    assert thu.get(f"/quan-ly/nguoi/{other.id}").status_code == 404
    assert thu.get(f"/quan-ly?phuong={ward or 'tp'}").status_code == 404
    assert thu.get(f"/quan-ly/phieu?phuong={ward or 'tp'}").status_code == 404
    for way in PERSON_POSTS:
        assert post_form(thu, f"/quan-ly/nguoi/{other.id}{way}", ten="X", viec="helper").status_code == 404
    assert post_form(thu, "/quan-ly/phieu", nguoi=other.id).status_code == 404
    mine = make_account(app, "Minh", {"helper"})
    assert post_form(thu, "/quan-ly/phieu", nguoi=[mine.id, other.id]).status_code == 404  # all or none
    with read_sessions(engine_of(app))() as session:
        assert account_store.find_account(session, other.id) == other
    assert "Hoa" not in text_of(thu.get("/quan-ly")) + text_of(thu.get("/quan-ly/nhat-ky"))


@pytest.mark.parametrize(
    ("fields"),
    [
        {"viec": "administrator"},
        {"viec": "administrator", "phuong": "tp"},
        {"viec": "organiser", "phuong": "tp"},
        {"viec": "helper", "phuong": OTHER_WARD},
    ],
)
def test_an_organiser_of_a_ward_cannot_give_rights_beyond_the_own_ones(app, thu, fields):
    mine = make_account(app, "Minh", {"helper"})
    for address in ("/quan-ly/nguoi", f"/quan-ly/nguoi/{mine.id}"):
        assert post_form(thu, address, ten="Minh", **fields).status_code in (403, 422)
    assert accounts_in_ward(app, CITY) == [] and accounts_in_ward(app, OTHER_WARD) == []
    assert account_named(app, "Minh") == mine


def test_an_organiser_of_the_city_cannot_reach_an_administrator(app):
    organiser = signed_in_client(app, "Tổ chức", {"organiser"}, CITY)
    admin = make_account(app, "Quản trị", {"administrator"}, CITY)
    assert organiser.get(f"/quan-ly/nguoi/{admin.id}").status_code == 404
    for way in PERSON_POSTS:
        assert post_form(organiser, f"/quan-ly/nguoi/{admin.id}{way}", ten="X", viec="helper").status_code == 404
    assert post_form(organiser, "/quan-ly/phieu", nguoi=admin.id).status_code == 404
    assert post_form(organiser, "/quan-ly/nguoi", ten="X", viec="administrator", phuong="tp").status_code == 403


@pytest.mark.parametrize("given", [None, "", "x", "of somebody else"])
def test_a_form_without_a_valid_csrf_token_changes_nothing(app, thu, given):
    account = make_account(app)
    other = csrf_token(signed_in_client(app, "Khác", {"organiser"})) if given == "of somebody else" else given
    data = {"ten": "X", "viec": "helper"} | ({} if other is None else {"csrf_token": other})
    posts = [f"/quan-ly/nguoi/{account.id}{way}" for way in PERSON_POSTS]
    for address in (*posts, "/quan-ly/nguoi", "/quan-ly/phieu", "/quan-ly/toi/may-khac", "/ra", "/vao"):
        answer = thu.post(address, data=data)
        assert answer.status_code == 400, address
    assert account_named(app, "Minh") == account
    assert thu.get("/quan-ly").status_code == 200


def test_a_form_of_another_site_changes_nothing(app, thu):
    data = {"csrf_token": csrf_token(thu), "ten": "X", "viec": "helper"}
    assert thu.post("/quan-ly/nguoi", data=data, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_script_may_send_the_token_as_a_header(app, thu):
    account = make_account(app)
    answer = thu.post(f"/quan-ly/nguoi/{account.id}/ra", headers={"X-CSRFToken": csrf_token(thu)})
    assert answer.status_code == 303

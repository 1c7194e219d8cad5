"""Every address behind a sign-in, for every duty, in the own ward and in another: the table at the front door."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from lms.learning.accounts import account_store
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, ROLES, Subject, may
from lms.learning.store.database import reading
from tests.web.careful import CarefulClient
from tests.web.desks import open_desk
from tests.web.duty import OTHER_WARD, WARD, engine_of, make_account, sign_in, signed_in, token

BEHIND = ("/quan-ly", "/dung-lop", "/soan")
# What an address is for; the longest beginning counts. None: whoever is signed in.
RIGHTS = {
    "/quan-ly": "manage_accounts",
    "/quan-ly/nhat-ky": "read_journal",
    "/quan-ly/toi": None,
    "/soan": "see_workshop",
    "/dung-lop": "open_class",
    "/dung-lop/bao-cao": "read_report",
    "/dung-lop/<class_id>": "steer",
    "/dung-lop/<class_id>/giup": "help",
    "/dung-lop/<class_id>/cho": "help",
    "/dung-lop/<class_id>/bao-cao": "read_report",
}
HOLDERS = [
    (role, ward)
    for role in ROLES
    for ward in (WARD, OTHER_WARD, CITY)
    if role != "administrator" or ward == CITY  # administrators are of the city
]


@dataclass(frozen=True)
class Door:
    """One address with a real class and a real person in it, and what it is for."""

    rule: str
    address: str
    method: str
    action: str | None

    @property
    def is_of_one_ward(self) -> bool:
        """Whether it names something of ``WARD``; the others show whatever is the visitor's own."""
        return "_id>" in self.rule


def doors(app: Flask, class_id: str, account_id: str) -> list[Door]:
    known = {"class_id": class_id, "account_id": account_id, "number": 1, "course": "vneid", "lesson": "kich-hoat"}
    addresses, found = app.url_map.bind("hoc.example"), []
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(BEHIND):
            continue
        values = {argument: known.get(argument, "x") for argument in rule.arguments}
        address = addresses.build(rule.endpoint, values, method=min(rule.methods & {"GET", "POST"}))
        beginning = max((one for one in RIGHTS if rule.rule.startswith(one)), key=len)
        for method in sorted(rule.methods & {"GET", "POST"}):
            # Whoever is signed in may look at the list of classes: it shows those that she may enter, see below.
            looks = (rule.rule, method) == ("/dung-lop", "GET")
            found.append(Door(rule.rule, address, method, None if looks else RIGHTS[beginning]))
    return found


def knock(client: CarefulClient, door: Door, csrf: str = "") -> int:
    if door.method == "GET":
        return client.get(door.address).status_code
    return client.post(door.address, data={"csrf_token": csrf}).status_code


@pytest.fixture
def hers(app: Flask) -> list[Door]:
    """Doors to a class and a person of ``WARD``."""
    desk = open_desk(signed_in(app, "Minh"))
    return doors(app, desk.id, make_account(app, "Bảo", {"helper"}).id)


def test_there_are_doors_to_every_part(hers):
    assert {door.action for door in hers} >= {"manage_accounts", "read_journal", "see_workshop", "steer", "help"}
    assert len(hers) > 30


def test_without_signing_in_every_door_leads_to_the_entrance(app, hers):
    for door in hers:
        stranger = app.test_client()
        answer = stranger.open(door.address, method=door.method)
        assert (answer.status_code, (answer.location or "").startswith("/vao")) == (303, True), door


@pytest.mark.parametrize(("role", "ward"), HOLDERS)
def test_a_door_opens_to_whoever_has_the_right_and_to_nobody_else(app, hers, role, ward):
    account = make_account(app, "Hoa", {role}, ward)
    client = sign_in(app, account)
    csrf = token(client)
    before = people(app)
    for door in sorted(hers, key=lambda door: (door.method, door.rule)):
        if door.rule.endswith(("/may-khac", "/toi/mat-khau")):
            continue  # of her own browsers
        allowed = door.action is None or may(account, door.action, Subject(WARD if door.is_of_one_ward else ward))
        status = knock(client, door, csrf) if door.method == "GET" or not allowed else 0
        if allowed:
            assert status in (0, 200, 303, 404), (door, status)  # 404: a lesson that has no practice
        else:
            assert status in (403, 404), (door, status)
    assert people(app) == before


@pytest.mark.parametrize(("role", "ward"), HOLDERS)
def test_the_list_of_classes_names_only_those_that_one_may_enter(app, role, ward):
    desk = open_desk(signed_in(app, "Minh"))
    holder = make_account(app, "Hoa", {role}, ward)
    if not may(holder, "help", Subject(WARD)):
        assert desk.id not in sign_in(app, holder).get("/dung-lop").text


def people(app: Flask) -> list[Account]:
    with reading(engine_of(app))() as session:
        return account_store.everybody(session)


def test_a_form_without_its_token_passes_no_door(app, hers):
    root = signed_in(app, "Root", set(ROLES), CITY)
    before = people(app)
    for door in hers:
        if door.method == "POST":
            assert knock(root, door, "x") == 400, door
    assert people(app) == before

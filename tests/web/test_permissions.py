"""Every protected route, for every role, in the own ward and in another."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from lms.learning.accounts import account_store
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, ROLES, PermissionTarget, is_permitted
from lms.learning.store.database import read_sessions
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import open_desk
from tests.web.planned_classes import plan_class
from tests.web.signed_in_clients import OTHER_WARD, WARD, csrf_token, engine_of, make_account, sign_in, signed_in_client
from tests.web.units import add_unit

PROTECTED_PREFIXES = ("/quan-ly", "/dung-lop", "/soan")
# Who cannot sign in yet needs the guide most.
PUBLIC_PAGES = ("/dung-lop/huong-dan", "/dung-lop/the-bo-tui", "/soan/quy-tac", "/soan/quy-tac/tab", "/soan/huong-dan")
PUBLIC_RULES = {*PUBLIC_PAGES, "/soan/quy-tac/<rule>"}
# Only who opened the class or took it over.
OF_ITS_FACILITATOR = "/dung-lop/<class_id>/cho/<int:number>/da-thay"
# What an address is for; the longest beginning counts. None: whoever is signed in.
ACTION_OF_ENDPOINT = {
    "/quan-ly": "manage_accounts",
    "/quan-ly/lich": "plan_class",
    "/quan-ly/don-vi": "manage_units",
    "/quan-ly/so-lieu": "plan_class",
    "/quan-ly/bao-cao": "read_period_report",
    "/quan-ly/bao-cao/<unit_id>/<period>/ghi": "write_ledger",
    "/quan-ly/nhat-ky": "read_audit_log",
    "/quan-ly/may-chu": "watch_server",
    "/quan-ly/toi": None,
    "/soan": "see_workshop",
    "/soan/ngon-ngu.json": "author",
    "/soan/<course_slug>/": "author",
    "/soan/kiem-lai": "check_labels",
    "/soan/kiem-lai/<course_slug>/viec": "author",
    "/soan/khoa-moi": "author",
    "/soan/nhap": "author",
    "/soan/them-anh": "author",
    "/soan/them-man": "author",
    "/soan/bai-moi": "author",
    "/soan/chep": "author",
    "/soan/xoa-nhap": "author",
    "/soan/xoa-tep": "author",
    "/soan/lay-lai": "author",
    "/soan/thu-tu": "author",
    "/soan/ve": "author",
    "/soan/nop": "author",
    "/soan/duyet": "publish_courses",
    "/soan/di-thu": "publish_courses",
    "/soan/an": "publish_courses",
    "/dung-lop": "open_class",
    "/dung-lop/bao-cao": "read_report",
    "/dung-lop/<class_id>": "steer_class",
    "/dung-lop/<class_id>/giup": "help",
    "/dung-lop/<class_id>/cho": "help",
    "/dung-lop/<class_id>/bao-cao": "read_report",
}
ROLES_AND_WARDS = [
    (role, ward)
    for role in ROLES
    for ward in (WARD, OTHER_WARD, CITY)
    if role != "administrator" or ward == CITY  # administrators are of the city
]


@dataclass(frozen=True)
class ProtectedRoute:
    """A URL with an existing class and person, and the permission that it needs."""

    rule: str
    address: str
    method: str
    action: str | None

    @property
    def is_of_one_ward(self) -> bool:
        """Whether it names an object of ``WARD``; other routes show the account's own data."""
        return "_id>" in self.rule


def protected_routes(
    app: Flask, class_id: str, account_id: str, planned_class_id: str, unit_id: str
) -> list[ProtectedRoute]:
    known = {"class_id": class_id, "account_id": account_id, "planned_class_id": planned_class_id, "unit_id": unit_id}
    known |= {"kind": "csv", "number": 1, "period": "2026", "course": "vneid", "lesson": "kich-hoat"}
    addresses, found = app.url_map.bind("hoc.example"), []
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(PROTECTED_PREFIXES) or rule.rule in PUBLIC_RULES:
            continue
        values = {argument: known.get(argument, "x") for argument in rule.arguments}
        address = addresses.build(rule.endpoint, values, method=min(rule.methods & {"GET", "POST"}))
        beginning = max((one for one in ACTION_OF_ENDPOINT if rule.rule.startswith(one)), key=len)
        for method in sorted(rule.methods & {"GET", "POST"}):
            # Every account may open the list of classes: it shows only those that the account may open, see below.
            looks = (rule.rule, method) == ("/dung-lop", "GET")
            found.append(ProtectedRoute(rule.rule, address, method, None if looks else ACTION_OF_ENDPOINT[beginning]))
    return found


def request_status(client: CheckingClient, route: ProtectedRoute, csrf: str = "") -> int:
    if route.method == "GET":
        return client.get(route.address).status_code
    return client.post(route.address, data={"csrf_token": csrf}).status_code


@pytest.fixture
def routes_of_ward(app: Flask) -> list[ProtectedRoute]:
    """Routes to a class and a person of ``WARD``."""
    desk = open_desk(signed_in_client(app, "Minh"))
    helper = make_account(app, "Bảo", {"helper"})
    return protected_routes(app, desk.id, helper.id, plan_class(app).id, add_unit(app))


def test_every_protected_route_is_covered(routes_of_ward):
    assert {route.action for route in routes_of_ward} >= {
        "manage_accounts",
        "plan_class",
        "manage_units",
        "write_ledger",
        "read_period_report",
        "read_audit_log",
        "see_workshop",
        "steer_class",
        "help",
    }
    assert len(routes_of_ward) > 30


@pytest.mark.slow
def test_without_signing_in_every_protected_page_redirects_to_sign_in(app, routes_of_ward):
    for route in routes_of_ward:
        stranger = app.test_client()
        answer = stranger.open(route.address, method=route.method)
        assert (answer.status_code, (answer.location or "").startswith("/vao")) == (303, True), route


@pytest.mark.parametrize("page", PUBLIC_PAGES)
def test_the_guide_and_its_card_need_no_account(app, page):
    assert app.test_client().get(page).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(("role", "ward"), ROLES_AND_WARDS)
def test_a_protected_page_opens_only_with_the_permission(app, routes_of_ward, role, ward):
    account = make_account(app, "Hoa", {role}, ward)
    client = sign_in(app, account)
    csrf = csrf_token(client)
    before = people(app)
    for route in sorted(routes_of_ward, key=lambda route: (route.method, route.rule)):
        if route.rule.endswith(("/may-khac", "/toi/mat-khau")):
            continue  # the account's own browsers
        subject = PermissionTarget(WARD if route.is_of_one_ward else ward)
        allowed = route.action is None or is_permitted(account, route.action, subject)
        allowed = allowed and route.rule != OF_ITS_FACILITATOR
        status = request_status(client, route, csrf) if route.method == "GET" or not allowed else 0
        if allowed:
            assert status in (0, 200, 303, 404), (route, status)  # 404: a lesson that has no practice
        else:
            assert status in (403, 404), (route, status)
    assert people(app) == before


@pytest.mark.parametrize(("role", "ward"), ROLES_AND_WARDS)
def test_the_list_of_classes_has_only_those_that_the_account_may_open(app, role, ward):
    desk = open_desk(signed_in_client(app, "Minh"))
    holder = make_account(app, "Hoa", {role}, ward)
    if not is_permitted(holder, "help", PermissionTarget(WARD)):
        assert desk.id not in sign_in(app, holder).get("/dung-lop").text


def people(app: Flask) -> list[Account]:
    with read_sessions(engine_of(app))() as session:
        return account_store.all_accounts(session)


@pytest.mark.slow
def test_a_form_without_a_csrf_token_is_rejected(app, routes_of_ward):
    root = signed_in_client(app, "Root", set(ROLES), CITY)
    before = people(app)
    for route in routes_of_ward:
        if route.method == "POST":
            assert request_status(root, route, "x") == 400, route
    assert people(app) == before

"""Being signed in: how it ends, where it leads, and which pages know nothing of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lms.config import Settings
from lms.content.catalog import Shelf
from lms.web import create_app
from tests.web.accounts.office import entrance, person_named, send, text_of
from tests.web.careful import CarefulClient
from tests.web.conftest import TODAY
from tests.web.duty import issue, make_account, sign_in, signed_in


def test_signing_out_is_out_on_the_server_too(app):
    minh = signed_in(app)
    with minh.session_transaction() as cookie:
        stolen = cookie["_user_id"]
    assert "Đã thoát" in text_of(send(minh, "/ra"))
    assert minh.get("/quan-ly/toi").status_code == 303
    with minh.session_transaction() as cookie:
        cookie["_user_id"] = stolen
    assert minh.get("/quan-ly/toi").status_code == 303


def test_the_other_browsers_can_be_put_out(app):
    minh = signed_in(app)
    elsewhere = sign_in(app, person_named(app, "Minh"))
    assert minh.page("/quan-ly/toi").text_content().count("Máy khác,") == 1
    assert send(minh, "/quan-ly/toi/may-khac").status_code == 303
    assert elsewhere.get("/quan-ly/toi").status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 200


@pytest.mark.parametrize(
    ("roles", "idle", "longest"), [({"facilitator"}, 14, 60), ({"facilitator", "organiser"}, 1, 14)]
)
def test_a_sign_in_ends_when_it_is_idle_or_old(app, monkeypatch, roles, idle, longest):
    start = datetime.now(UTC)
    idle_one, busy = signed_in(app, "Minh", roles), signed_in(app, "Hoa", roles)
    step = timedelta(days=idle) - timedelta(hours=2)
    at = start
    while at + step < start + timedelta(days=longest):
        at += step
        monkeypatch.setattr("lms.web.clock.now", lambda at=at: at)
        assert busy.get("/quan-ly/toi").status_code == 200
    assert idle_one.get("/quan-ly/toi").status_code == 303
    monkeypatch.setattr("lms.web.clock.now", lambda: start + timedelta(days=longest, hours=1))
    assert busy.get("/quan-ly/toi").status_code == 303


@pytest.mark.parametrize("way", ["/quan-ly", "/quan-ly/nguoi/moi?phuong=27316"])
def test_signing_in_leads_back_to_what_was_wanted(app, lan, way):
    slip = issue(app, make_account(app, "Thu", {"organiser"}))
    refused = lan.get(way)
    assert refused.status_code == 303
    entrance_page = lan.page(refused.headers["Location"])
    [back] = entrance_page.xpath("//input[@name='ma']/ancestor::form//input[@name='tiep']/@value")
    assert back == way
    assert entrance(lan, ma=slip.code, tiep=back).headers["Location"] == way


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/vao/x", "/a\n"]
)
def test_signing_in_leads_to_no_other_site(app, lan, elsewhere):
    slip = issue(app, make_account(app))
    assert not lan.page("/vao", query_string={"tiep": elsewhere}).xpath("//input[@name='tiep']")
    assert entrance(lan, ma=slip.code, tiep=elsewhere).headers["Location"] == "/dung-lop"


def test_a_script_is_told_that_nobody_is_in(lan):
    answer = lan.get("/quan-ly/toi", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json["error"]


@pytest.mark.parametrize("https", [False, True])
def test_the_cookies_flags_follow_the_public_address(tmp_path, courses, engine, https, monkeypatch):
    monkeypatch.setattr("lms.web.clock.today", lambda: TODAY)
    settings = Settings(tmp_path, courses, "sqlite://", "s" * 40, f"http{'s' if https else ''}://hoc.example")
    app = create_app(settings, shelf=Shelf(courses, lambda: TODAY), engine=engine)
    app.test_client_class = CarefulClient
    answer = app.test_client().get("/vao")
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-account=" if https else "account=")
    assert ("; Secure" in cookie) is https
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Path=/" in cookie
    assert "Domain" not in cookie


def test_pages_of_learners_know_nothing_of_accounts(app, lan):
    """They are the same bytes for all, and set no cookie of accounts, signed in or not."""
    minh = signed_in(app)
    for address in ("/", "/vneid", "/vneid/ba-loai-ma/hieu"):
        theirs, ours = lan.get(address), minh.get(address)
        assert theirs.data == ours.data
        assert not theirs.headers.getlist("Set-Cookie") and not ours.headers.getlist("Set-Cookie")


def test_pages_of_accounts_are_kept_nowhere(app, thu):
    for address in ("/vao", "/quan-ly", "/quan-ly/toi", "/quan-ly/phieu", "/quan-ly/nhat-ky", "/quan-ly/nguoi/moi"):
        assert thu.get(address).headers.get("Cache-Control", "no-store") == "no-store"

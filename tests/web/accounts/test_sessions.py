"""Sign-ins: how they end, where signing in redirects to, and which pages do not depend on them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lms.config import Settings
from lms.content.catalog import Catalog
from lms.web.app import create_app
from tests.web.accounts.account_pages import account_named, post_form, post_sign_in
from tests.web.checking_client import CheckingClient
from tests.web.conftest import TODAY
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import issue_slip, make_account, sign_in, signed_in_client


def test_signing_out_also_ends_the_sign_in_on_the_server(app):
    minh = signed_in_client(app)
    with minh.session_transaction() as cookie:
        stolen = cookie["_user_id"]
    assert "Đã thoát" in text_of(post_form(minh, "/ra", chac="co"))
    assert minh.get("/quan-ly/toi").status_code == 303
    with minh.session_transaction() as cookie:
        cookie["_user_id"] = stolen
    assert minh.get("/quan-ly/toi").status_code == 303


def test_an_account_can_sign_out_its_other_browsers(app):
    minh = signed_in_client(app)
    elsewhere = sign_in(app, account_named(app, "Minh"))
    assert minh.page("/quan-ly/toi").text_content().count("Máy khác,") == 1
    assert post_form(minh, "/quan-ly/toi/may-khac").status_code == 303
    assert elsewhere.get("/quan-ly/toi").status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 200


@pytest.mark.parametrize(
    ("roles", "idle", "longest"), [({"facilitator"}, 14, 60), ({"facilitator", "organiser"}, 1, 14)]
)
def test_a_sign_in_ends_when_it_is_idle_or_old(app, monkeypatch, roles, idle, longest):
    start = datetime.now(UTC)
    idle_client, active_client = signed_in_client(app, "Minh", roles), signed_in_client(app, "Hoa", roles)
    step = timedelta(days=idle) - timedelta(hours=2)
    now = start
    while now + step < start + timedelta(days=longest):
        now += step
        monkeypatch.setattr("lms.web.clock.now", lambda now=now: now)
        assert active_client.get("/quan-ly/toi").status_code == 200
    assert idle_client.get("/quan-ly/toi").status_code == 303
    monkeypatch.setattr("lms.web.clock.now", lambda: start + timedelta(days=longest, hours=1))
    assert active_client.get("/quan-ly/toi").status_code == 303


@pytest.mark.parametrize("path", ["/quan-ly", "/quan-ly/nguoi/moi?phuong=27316"])
def test_signing_in_returns_to_the_requested_page(app, lan, path):
    slip = issue_slip(app, make_account(app, "Thu", {"organiser"}))
    refused = lan.get(path)
    assert refused.status_code == 303
    sign_in_page = lan.page(refused.headers["Location"])
    [back] = sign_in_page.xpath("//input[@name='ma']/ancestor::form//input[@name='tiep']/@value")
    assert back == path
    assert post_sign_in(lan, ma=slip.code, tiep=back).headers["Location"] == path


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/vao/x", "/a\n"]
)
def test_signing_in_never_redirects_to_another_site(app, lan, elsewhere):
    slip = issue_slip(app, make_account(app))
    assert not lan.page("/vao", query_string={"tiep": elsewhere}).xpath("//input[@name='tiep']")
    assert post_sign_in(lan, ma=slip.code, tiep=elsewhere).headers["Location"] == "/dung-lop"


def test_a_script_without_a_sign_in_gets_401(lan):
    answer = lan.get("/quan-ly/toi", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json["error"]


@pytest.mark.parametrize("https", [False, True])
def test_the_cookie_is_secure_if_the_public_url_is_https(tmp_path, courses, engine, writer, https, monkeypatch):
    monkeypatch.setattr("lms.web.clock.today", lambda: TODAY)
    settings = Settings(tmp_path, courses, "sqlite://", "s" * 40, f"http{'s' if https else ''}://hoc.example")
    app = create_app(settings, catalog=Catalog(courses, lambda: TODAY), engine=engine, writer=writer)
    app.test_client_class = CheckingClient
    answer = app.test_client().get("/vao")
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-account=" if https else "account=")
    assert ("; Secure" in cookie) is https
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.slow
def test_pages_of_learners_do_not_depend_on_the_sign_in(app, lan):
    """They are the same bytes for everybody, and set no cookie of accounts, signed in or not."""
    minh = signed_in_client(app)
    for address in ("/", "/vneid", "/vneid/ba-loai-ma/hieu"):
        for_learner, for_facilitator = lan.get(address), minh.get(address)
        assert for_learner.data == for_facilitator.data
        assert not for_learner.headers.getlist("Set-Cookie") and not for_facilitator.headers.getlist("Set-Cookie")


def test_pages_of_accounts_are_not_cached(app, thu):
    for address in ("/vao", "/quan-ly", "/quan-ly/toi", "/quan-ly/phieu", "/quan-ly/nhat-ky", "/quan-ly/nguoi/moi"):
        assert thu.get(address).headers.get("Cache-Control", "no-store") == "no-store"

"""What pages promise about the site's URL depends on its scope: this machine, this network, everywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine

from lms.config import Settings
from lms.content.catalog import Catalog
from lms.learning.store.writer import Writer
from lms.web.app import create_app
from lms.web.template_context import url_scope
from tests.web.checking_client import CheckingClient
from tests.web.conftest import TODAY
from tests.web.desk_client import open_desk
from tests.web.learner_actions import claim_badge, earn_all_marks
from tests.web.page_texts import page_text_at
from tests.web.signed_in_clients import signed_in_client

UNREACHABLE = "Điện thoại chưa vào lớp được"


@pytest.mark.parametrize(
    ("url", "reach"),
    [
        ("http://127.0.0.1:8000", "machine"),
        ("http://localhost:8000", "machine"),
        ("http://[::1]:8000", "machine"),
        ("http://0.0.0.0:8000", "machine"),
        ("http://192.168.1.7:8000", "network"),
        ("http://10.0.0.2", "network"),
        ("http://172.16.0.9:8000", "network"),
        ("http://169.254.3.4:8000", "network"),
        ("http://100.64.0.1:8000", "network"),
        ("http://[fd00::7]:8000", "network"),
        ("http://may-lop.local:8000", "network"),
        ("http://may-lop:8000", "network"),
        ("https://hoc.example", "everywhere"),
        ("http://8.8.8.8", "everywhere"),
    ],
)
def test_the_scope_of_a_url(url, reach):
    assert url_scope(url) == reach


@pytest.fixture
def site(settings: Settings, engine: Engine, writer: Writer, courses, monkeypatch):
    monkeypatch.setattr("lms.web.clock.today", lambda: TODAY)

    def at(url: str) -> Flask:
        app = create_app(
            replace(settings, public_url=url), catalog=Catalog(courses, lambda: TODAY), engine=engine, writer=writer
        )
        app.test_client_class = CheckingClient
        return app

    return at


def test_opening_a_class_that_no_phone_can_reach_shows_a_warning(site):
    minh = signed_in_client(site("http://127.0.0.1:8000"), "Minh")
    page_text = minh.page("/dung-lop").find(".//main").text_content()
    assert UNREACHABLE in page_text
    assert "lms serve --lan" in page_text
    assert UNREACHABLE in minh.page("/thu-truoc-gio").text_content()
    desk = open_desk(minh)
    assert UNREACHABLE in desk.words()
    desk.press_next()
    assert UNREACHABLE not in desk.words()


@pytest.mark.parametrize("url", ["http://192.168.1.7:8000", "https://hoc.example"])
def test_a_reachable_url_shows_no_warning(site, url):
    minh = signed_in_client(site(url), "Minh")
    assert UNREACHABLE not in minh.page("/dung-lop").text_content()
    assert UNREACHABLE not in open_desk(minh).words()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "said", "home"),
    [
        ("http://127.0.0.1:8000", "Máy khác không mở được địa chỉ ấy", False),
        ("http://192.168.1.7:8000", "Ra khỏi mạng này thì không mở được trang", False),
        ("https://hoc.example", "Sang máy khác, mở hoc.example", True),
    ],
)
def test_the_code_card_promises_no_more_than_the_url_scope(site, url, said, home):
    app = site(url)
    lan = app.test_client()
    earn_all_marks(lan)
    assert said in page_text_at(lan, "/toi")
    desk = open_desk(signed_in_client(app, "Minh"))
    assert ("về nhà học tiếp" in desk.words("/dong")) == home


@pytest.mark.slow
@pytest.mark.parametrize(("url", "scans"), [("http://127.0.0.1:8000", False), ("https://hoc.example", True)])
def test_a_badge_asks_for_a_scan_only_where_a_phone_can_open_it(site, url, scans):
    lan = site(url).test_client()
    first_step = lan.page(claim_badge(lan)).xpath("//ol[contains(@class, 'certificate__steps')]/li")[0].text_content()
    assert ("Quét mã bằng máy ảnh" in first_step) == scans
    assert ("Trên chính máy này" in first_step) != scans

"""What pages promise of an address follows from the settings: this machine, this network, everywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine

from lms.config import Settings
from lms.content.catalog import Shelf
from lms.web import create_app
from lms.web.url_scope import reach_of
from tests.web.careful import CarefulClient
from tests.web.conftest import TODAY
from tests.web.desks import open_desk
from tests.web.duty import signed_in
from tests.web.hands import earn_all

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
def test_an_address_tells_how_far_it_reaches(url, reach):
    assert reach_of(url) == reach


@pytest.fixture
def site(settings: Settings, engine: Engine, courses, monkeypatch):
    monkeypatch.setattr("lms.web.clock.today", lambda: TODAY)

    def at(url: str) -> Flask:
        app = create_app(replace(settings, public_url=url), shelf=Shelf(courses, lambda: TODAY), engine=engine)
        app.test_client_class = CarefulClient
        return app

    return at


def test_whoever_opens_a_class_that_no_phone_can_reach_is_told_so_and_what_to_do(site):
    minh = signed_in(site("http://127.0.0.1:8000"), "Minh")
    told = minh.page("/dung-lop").find(".//main").text_content()
    assert UNREACHABLE in told
    assert "lms serve --lan" in told
    assert UNREACHABLE in minh.page("/thu-truoc-gio").text_content()
    desk = open_desk(minh)
    assert UNREACHABLE in desk.words()
    desk.goes_on()
    assert UNREACHABLE not in desk.words()


@pytest.mark.parametrize("url", ["http://192.168.1.7:8000", "https://hoc.example"])
def test_where_phones_can_come_nothing_is_said(site, url):
    minh = signed_in(site(url), "Minh")
    assert UNREACHABLE not in minh.page("/dung-lop").text_content()
    assert UNREACHABLE not in open_desk(minh).words()


@pytest.mark.parametrize(
    ("url", "said", "home"),
    [
        ("http://127.0.0.1:8000", "Máy khác không mở được địa chỉ ấy", False),
        ("http://192.168.1.7:8000", "Ra khỏi mạng này thì không mở được trang", False),
        ("https://hoc.example", "Sang máy khác, mở hoc.example", True),
    ],
)
def test_a_learning_code_promises_no_more_than_the_address_keeps(site, url, said, home):
    app = site(url)
    lan = app.test_client()
    earn_all(lan)
    assert said in " ".join(lan.page("/toi").text_content().split())
    desk = open_desk(signed_in(app, "Minh"))
    assert ("về nhà học tiếp" in desk.words("/dong")) == home

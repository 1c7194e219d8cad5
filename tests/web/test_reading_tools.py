"""Larger text, the dark theme and reading aloud are on every page of citizens, also on those that nobody looks for."""

from __future__ import annotations

import pytest
from flask import Flask
from lxml import html

from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import claim_badge
from tests.web.sample_course import UNDERSTAND_URL


def tools_of(page: html.HtmlElement) -> list[str]:
    return [
        name for name in ("data-read-aloud", "data-larger", "data-theme-switch") if page.xpath(f"//footer//*[@{name}]")
    ]


def assert_has_tools(page: html.HtmlElement) -> None:
    assert tools_of(page) == ["data-read-aloud", "data-larger", "data-theme-switch"]


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/vneid",
        UNDERSTAND_URL,
        "/toi",
        "/toi/vao/abc",
        "/lop",
        "/lich",
        "/ngoai-mang",
        "/ngoai-mang/ket-qua",
        "/vao",
    ],
)
def test_a_page_ends_with_them(lan: CheckingClient, address: str) -> None:
    assert_has_tools(lan.page(address))


def test_so_does_the_page_of_a_badge(lan: CheckingClient) -> None:
    assert_has_tools(lan.page(claim_badge(lan)))


@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("GET", "/toi/khong-co", {}, 404),
        ("POST", "/vneid/kich-hoat/lam", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("POST", "/vneid", {}, 405),
        ("POST", "/vneid/kich-hoat/lam", {}, 422),
    ],
)
def test_so_does_the_page_of_an_error(
    lan: CheckingClient, method: str, address: str, headers: dict[str, str], status: int
) -> None:
    answer = lan.open(address, method=method, headers=headers)
    assert answer.status_code == status
    assert_has_tools(html.fromstring(answer.text))


def test_so_does_the_page_that_says_the_server_stumbled(
    app: Flask, lan: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("broken")

    monkeypatch.setitem(app.view_functions, "privacy.show_privacy_notice", fail)
    answer = lan.get("/quyen-rieng-tu")
    assert answer.status_code == 500
    assert_has_tools(html.fromstring(answer.text))

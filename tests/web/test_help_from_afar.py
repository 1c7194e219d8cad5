"""Asking somebody elsewhere for help: the words to say, the address to send, and what it shows there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from lxml import html

from lms.config import Settings
from lms.web.template_context import init_app
from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import claim_badge
from tests.web.nojs_phone import NoJsPhone
from tests.web.page_texts import text_of
from tests.web.sample_course import UNDERSTAND_URL, USE_URL

SITE = "http://hoc.example"


def shared_addresses(page: html.HtmlElement) -> list[str]:
    return page.xpath("//share-address//a/@href")


def preview(page: html.HtmlElement) -> dict[str, str]:
    return {meta.get("property"): meta.get("content") for meta in page.xpath("//meta[starts-with(@property, 'og:')]")}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/vneid/ba-loai-ma", "VNeID thử, bài 1"),
        (UNDERSTAND_URL, "VNeID thử, bài 1, phần hiểu"),
        (USE_URL, "VNeID thử, bài 1, phần dùng"),
        ("/vneid/kich-hoat/lam", "VNeID thử, bài 2, phần làm"),
        ("/vneid", "khóa VNeID thử"),
    ],
)
def test_a_public_page_says_its_course_and_shares_its_own_address(lan: CheckingClient, address, words) -> None:
    page = lan.page(address)
    (summary,) = page.xpath("//footer//details[@data-ask-helper]/summary")
    assert text_of(summary) == f"Hỏi người giúp: {words}"
    assert f"đọc: “{words}”" in text_of(page)
    assert set(shared_addresses(page)) == {f"{SITE}{address}"}


@pytest.mark.parametrize(
    ("public_url", "who"),
    [
        ("https://hoc.example", "người nhà mở lên là thấy"),
        ("http://192.168.1.20:8000", "máy nào cùng Wi-Fi này mở lên là thấy"),
        ("http://127.0.0.1:8000", "ai ngồi ở máy này mở lên là thấy"),
    ],
)
def test_the_page_says_who_can_open_its_address(app: Flask, settings: Settings, public_url, who) -> None:
    init_app(app, replace(settings, public_url=public_url))
    assert who in app.test_client().page("/vneid").text_content()


def test_a_page_of_the_learners_own_shares_no_address(lan: CheckingClient) -> None:
    assert shared_addresses(lan.page("/toi")) == []


def start(app: Flask, mode: str) -> NoJsPhone:
    phone = NoJsPhone(app)
    phone.open(phone.client.post("/vneid/kich-hoat/lam", data={"mode": mode}).location)
    return phone


def test_an_attempt_shares_the_demonstration_at_its_screen(app: Flask, hoa: CheckingClient) -> None:
    phone = start(app, "lam-theo")
    assert "Hỏi người giúp: VNeID thử, bài 2, màn 1" in phone.text
    (address,) = shared_addresses(phone.page)
    assert address == f"{SITE}/vneid/kich-hoat/lam?che-do=xem-mau#man-chao"
    phone.tap("Kích hoạt")
    (address,) = shared_addresses(phone.page)
    assert address.endswith("#man-xong")
    shown = hoa.page(address.removeprefix(SITE))
    assert shown.xpath("//*[@id='man-xong'][@data-step='xong']")


def test_a_test_shares_the_practice_and_not_the_way_through_it(app: Flask) -> None:
    assert shared_addresses(start(app, "kiem-tra").page) == [f"{SITE}/vneid/kich-hoat/lam"]


@pytest.mark.parametrize(
    "address", ["/", "/vneid", "/vneid/ba-loai-ma", UNDERSTAND_URL, USE_URL, "/vneid/kich-hoat/lam"]
)
def test_a_messenger_is_told_what_a_public_page_is(lan: CheckingClient, address) -> None:
    shown = preview(lan.page(address))
    assert shown["og:url"] == f"{SITE}{address}"
    assert shown["og:title"] and shown["og:description"]
    picture = lan.get(shown["og:image"].removeprefix(SITE))
    assert (picture.status_code, picture.mimetype) == (200, "image/png") or "/static/" in shown["og:image"]


def test_a_practice_says_in_its_preview_that_it_is_not_the_real_app(lan: CheckingClient) -> None:
    for address in ("/vneid/kich-hoat/lam", "/vneid/kich-hoat/lam?che-do=xem-mau"):
        assert "không phải ứng dụng thật" in preview(lan.page(address))["og:description"]


def test_pages_of_one_learner_have_no_preview(app: Flask, lan: CheckingClient) -> None:
    assert preview(lan.page("/toi")) == {}
    assert preview(start(app, "tu-lam").page) == {}


@pytest.mark.slow
def test_a_badge_can_be_sent_and_its_preview_is_the_badge(lan: CheckingClient, hoa: CheckingClient) -> None:
    badge = claim_badge(lan)
    page = hoa.page(badge)
    assert shared_addresses(page) == [f"{SITE}{badge}"]
    shown = preview(page)
    assert shown["og:image"] == f"{SITE}{badge}.png"
    assert hoa.get(f"{badge}.png").mimetype == "image/png"


def test_a_course_with_a_picture_of_its_own_shows_that(app: Flask, lan: CheckingClient, courses) -> None:
    (courses / "vneid/images").mkdir()
    (courses / "vneid/images/xem-truoc.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    app.extensions["catalog"].reload()
    assert preview(lan.page("/vneid"))["og:image"] == f"{SITE}/vneid/images/xem-truoc.png"
    assert lan.get("/vneid/images/xem-truoc.png").mimetype == "image/png"

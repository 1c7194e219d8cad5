"""What the site says to browsers about trust, and what it does not listen to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import Engine

from lms.config import Settings
from lms.content.catalog import Shelf
from lms.learning.store.writer import Writer
from lms.learning.understand.answers import keep_answer
from lms.web import create_app
from tests.web.careful import CarefulClient
from tests.web.conftest import TODAY
from tests.web.hands import answer, answer_all, card, main_button
from tests.web.schoolroom import DUNG, HIEU

STRANGERS = (
    {"Origin": "https://xau.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Referer": "https://xau.example/hoc.example"},
)


@pytest.mark.parametrize("headers", STRANGERS)
def test_posts_from_other_sites_are_refused_and_keep_nothing(lan: CarefulClient, headers: dict[str, str]) -> None:
    action = card(lan.page(HIEU), "Tổng đài").find("form").get("action")
    for address in (
        action,
        DUNG,
        "/toi/ten",
        "/toi/vao",
        "/toi/may-chung",
        "/toi/quen",
        "/kiem-chung",
        "/khong-co/x/dung",
    ):
        response = lan.post(address, data={"answer": "113"}, headers=headers)
        assert response.status_code == 403
        assert "Set-Cookie" not in response.headers


def test_our_own_pages_may_post(lan: CarefulClient) -> None:
    boxes = lan.page(DUNG).xpath("//input[@name='task']/@value")
    for headers in (
        {"Origin": "http://hoc.example"},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin"},
    ):
        assert lan.post(DUNG, data={"task": boxes}, headers=headers).status_code == 303


def test_the_learners_cookie_is_out_of_reach_of_scripts_and_other_sites(lan: CarefulClient) -> None:
    cookie = answer(lan, "Tổng đài", ["113"]).headers["Set-Cookie"]
    assert cookie.startswith("learner=")
    for flag in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000"):
        assert flag in cookie
    assert "Secure" not in cookie  # a hall has plain http


def test_over_https_the_cookie_is_bound_to_the_host(settings: Settings, engine: Engine, courses: Path) -> None:
    secure = replace(settings, public_url="https://hoc.example")
    app = create_app(secure, shelf=Shelf(courses, lambda: TODAY), engine=engine)
    phone, https = app.test_client(), "https://hoc.example"
    boxes = html.fromstring(phone.get(DUNG, base_url=https).text).xpath("//input[@name='task']/@value")
    response = phone.post(DUNG, data={"task": boxes}, base_url=https)
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-learner=")
    assert "Secure" in cookie
    assert "Strict-Transport-Security" in response.headers
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_over_https_every_cookie_is_bound_to_the_host(settings: Settings, engine: Engine, courses: Path) -> None:
    secure = replace(settings, public_url="https://hoc.example")
    app = create_app(secure, shelf=Shelf(courses, lambda: TODAY), engine=engine)
    app.config.update(SERVER_NAME="hoc.example", PREFERRED_URL_SCHEME="https")
    app.test_client_class = CarefulClient
    phone = app.test_client()
    answer_all(phone)
    said = [cookie for address in (HIEU, "/toi") for cookie in phone.get(address).headers.getlist("Set-Cookie")]
    assert said
    assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in said)


@pytest.mark.parametrize("value", ["", "abc", "a" * 3000, "0" * 32, "%00", "-.-.-"])
def test_a_cookie_that_was_not_signed_here_is_nobodys(lan: CarefulClient, value: str) -> None:
    lan.set_cookie("learner", value)
    assert lan.page("/").findtext(".//h1") == "Chào bác"
    assert answer(lan, "Tổng đài", ["113"]).status_code == 303


def test_more_than_a_quarter_megabyte_is_refused(lan: CarefulClient) -> None:
    response = lan.post(DUNG, data={"task": "x" * 300_000})
    assert response.status_code == 413
    assert "Gửi nhiều quá" in response.text


@pytest.mark.parametrize(
    ("before", "main"),
    [
        (f"http://localhost{DUNG}?a=1", DUNG),
        (f"http://xau.example{DUNG}", "/"),
        ("http://localhost//xau.example/", "/"),
        ("", "/"),
    ],
)
def test_a_refused_form_leads_back_to_its_own_page(lan: CarefulClient, before: str, main: str) -> None:
    response = lan.post(
        DUNG, data={"task": "x" * 300_000}, headers={"Referer": before, "Sec-Fetch-Site": "same-origin"}
    )
    assert main_button(html.fromstring(response.text)).get("href") == main


def test_errors_are_kind_vietnamese_pages(lan: CarefulClient) -> None:
    for response, status in (
        (lan.get("/khong-co"), 404),
        (lan.post("/vneid"), 405),
        (lan.delete("/"), 405),
        (lan.get("/huy-hieu/abc"), 404),
    ):
        assert response.status_code == status
        assert "Về trang đầu" in response.text
        assert response.headers["Cache-Control"] == "no-store"
    assert "GET" in lan.post("/vneid").headers["Allow"]


@pytest.mark.parametrize(
    "address", ["/huy-hieu/%00", "/huy-hieu/a%00.json", "/kiem-chung?id=%00", "/toi/luot/%00", "/toi/luot/%00/ket-qua"]
)
def test_an_address_with_what_no_store_can_hold_is_not_found(lan: CarefulClient, address: str) -> None:
    answer(lan, "Tổng đài", ["113"])
    assert lan.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/toi//ten", "/vneid//kich-hoat"])
def test_nobody_is_sent_to_an_address_made_of_the_host_header(lan: CarefulClient, address: str) -> None:
    response = lan.get(address, base_url="http://xau.example")
    assert response.status_code == 404
    assert "Location" not in response.headers


def test_whoever_asks_for_json_is_refused_in_json(lan: CarefulClient) -> None:
    response = lan.get("/khong-co", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.json == {"error": "Địa chỉ có thể đã đổi, hoặc gõ thiếu một chữ. Bác về trang đầu để tìm bài nhé."}


def test_a_stumble_shows_no_traceback_and_keeps_nothing(
    app: Flask, lan: CarefulClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_and_stumble(*args: object, **plain: object) -> None:
        keep_answer(*args, **plain)
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("lms.learning.understand.answers.keep_answer", keep_and_stumble)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = answer(lan, "Tổng đài", ["gọi 113"])
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    monkeypatch.undo()
    assert "gọi 113" not in lan.get(HIEU).text


def test_answers_go_through_the_writer_where_there_is_one(settings: Settings, engine: Engine, courses: Path) -> None:
    writer = Writer(engine)
    try:
        app = create_app(settings, shelf=Shelf(courses, lambda: TODAY), engine=engine, writer=writer)
        app.test_client_class = CarefulClient
        phone = app.test_client()
        assert answer(phone, "Tổng đài", ["113"]).status_code == 303
        assert "113" in phone.get(HIEU).text
    finally:
        writer.close()


def test_a_closed_writer_is_said_kindly(settings: Settings, engine: Engine, courses: Path) -> None:
    writer = Writer(engine)
    writer.close()
    app = create_app(settings, shelf=Shelf(courses, lambda: TODAY), engine=engine, writer=writer)
    app.test_client_class = CarefulClient
    response = answer(app.test_client(), "Tổng đài", ["113"])
    assert response.status_code == 503
    assert "Bác đợi vài giây rồi gửi lại nhé." in response.text

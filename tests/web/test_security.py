"""What the site says to browsers about trust, and what it does not listen to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import Engine

from lms.config import Settings
from lms.content.catalog import Catalog
from lms.learning.store.writer import Writer
from lms.learning.understand.answers import save_answer
from lms.web.app import create_app
from tests.web.checking_client import CheckingClient
from tests.web.conftest import TODAY
from tests.web.learner_actions import answer, answer_all, question_card
from tests.web.page_texts import main_button
from tests.web.sample_course import UNDERSTAND_URL, USE_URL

STRANGERS = (
    {"Origin": "https://xau.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Referer": "https://xau.example/hoc.example"},
)


@pytest.mark.parametrize("headers", STRANGERS)
def test_posts_from_other_sites_are_refused_and_save_nothing(lan: CheckingClient, headers: dict[str, str]) -> None:
    action = question_card(lan.page(UNDERSTAND_URL), "Tổng đài").find("form").get("action")
    for address in (
        action,
        USE_URL,
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


def test_pages_of_this_site_may_post(lan: CheckingClient) -> None:
    boxes = lan.page(USE_URL).xpath("//input[@name='task']/@value")
    for headers in (
        {"Origin": "http://hoc.example"},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin"},
    ):
        assert lan.post(USE_URL, data={"task": boxes}, headers=headers).status_code == 303


def test_the_learner_cookie_is_http_only_and_same_site(lan: CheckingClient) -> None:
    cookie = answer(lan, "Tổng đài", ["113"]).headers["Set-Cookie"]
    assert cookie.startswith("learner=")
    for flag in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000"):
        assert flag in cookie
    assert "Secure" not in cookie  # a hall has plain http


def test_over_https_the_learner_cookie_has_the_host_prefix(
    settings: Settings, engine: Engine, writer: Writer, courses: Path
) -> None:
    secure = replace(settings, public_url="https://hoc.example")
    app = create_app(secure, catalog=Catalog(courses, lambda: TODAY), engine=engine, writer=writer)
    phone, https = app.test_client(), "https://hoc.example"
    boxes = html.fromstring(phone.get(USE_URL, base_url=https).text).xpath("//input[@name='task']/@value")
    response = phone.post(USE_URL, data={"task": boxes}, base_url=https)
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-learner=")
    assert "Secure" in cookie
    assert "Strict-Transport-Security" in response.headers
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.slow
def test_over_https_every_cookie_has_the_host_prefix(
    settings: Settings, engine: Engine, writer: Writer, courses: Path
) -> None:
    secure = replace(settings, public_url="https://hoc.example")
    app = create_app(secure, catalog=Catalog(courses, lambda: TODAY), engine=engine, writer=writer)
    app.config.update(SERVER_NAME="hoc.example", PREFERRED_URL_SCHEME="https")
    app.test_client_class = CheckingClient
    phone = app.test_client()
    answer_all(phone)
    said = [
        cookie for address in (UNDERSTAND_URL, "/toi") for cookie in phone.get(address).headers.getlist("Set-Cookie")
    ]
    assert said
    assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in said)


@pytest.mark.parametrize("value", ["", "abc", "a" * 3000, "0" * 32, "%00", "-.-.-"])
def test_a_cookie_with_a_wrong_signature_is_ignored(lan: CheckingClient, value: str) -> None:
    lan.set_cookie("learner", value)
    assert lan.page("/").findtext(".//h1") == "Chào bác"
    assert answer(lan, "Tổng đài", ["113"]).status_code == 303


def test_more_than_a_quarter_megabyte_is_refused(lan: CheckingClient) -> None:
    response = lan.post(USE_URL, data={"task": "x" * 300_000})
    assert response.status_code == 413
    assert "Gửi nhiều quá" in response.text


@pytest.mark.parametrize(
    ("before", "main"),
    [
        (f"http://localhost{USE_URL}?a=1", USE_URL),
        (f"http://xau.example{USE_URL}", USE_URL.removesuffix("/dung")),
        ("http://localhost//xau.example/", USE_URL.removesuffix("/dung")),
        ("", USE_URL.removesuffix("/dung")),
    ],
)
def test_the_error_page_of_a_form_links_back_to_its_page(lan: CheckingClient, before: str, main: str) -> None:
    response = lan.post(
        USE_URL, data={"task": "x" * 300_000}, headers={"Referer": before, "Sec-Fetch-Site": "same-origin"}
    )
    assert main_button(html.fromstring(response.text)).get("href") == main


@pytest.mark.parametrize(
    ("address", "before", "main"),
    [
        ("/vneid/khong-co", "http://localhost/vneid?x=1", "/vneid"),
        ("/khong-co", f"http://localhost{USE_URL}", USE_URL),
        ("/vneid/ba-loai-ma/khong-co", "", "/vneid/ba-loai-ma"),
        ("/vneid/khong-co/hieu", "", "/vneid"),
        ("/toi/khong-co", "", "/toi"),
        ("/toi/khong-co", "http://localhost/toi/khong-co", "/toi"),
        ("/khong-co", "http://xau.example/vneid", "/"),
        ("/khong-co", "http://localhost//xau.example", "/"),
        ("/khong-co", "http://localhost/", "/"),
    ],
)
def test_an_error_page_leads_back_to_where_the_person_was(lan, address: str, before: str, main: str) -> None:
    page = html.fromstring(lan.get(address, headers={"Referer": before} if before else {}).text)
    assert main_button(page).get("href") == main
    assert "/" in page.xpath("//main//a/@href")


def test_errors_are_vietnamese_pages(lan: CheckingClient) -> None:
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
def test_a_path_with_a_null_byte_is_not_found(lan: CheckingClient, address: str) -> None:
    answer(lan, "Tổng đài", ["113"])
    assert lan.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/toi//ten", "/vneid//kich-hoat"])
def test_no_redirect_uses_the_host_header(lan: CheckingClient, address: str) -> None:
    response = lan.get(address, base_url="http://xau.example")
    assert response.status_code == 404
    assert "Location" not in response.headers


def test_errors_are_json_for_scripts(lan: CheckingClient) -> None:
    response = lan.get("/khong-co", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.json == {"error": "Địa chỉ có thể đã đổi, hoặc gõ thiếu một chữ. Bác về trang đầu để tìm bài nhé."}


def test_an_unexpected_error_shows_no_traceback_and_saves_nothing(
    app: Flask, lan: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save_and_fail(*args: object, **plain: object) -> None:
        save_answer(*args, **plain)
        raise RuntimeError("a secret of the site")

    monkeypatch.setattr("lms.learning.understand.answers.save_answer", save_and_fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = answer(lan, "Tổng đài", ["gọi 113"])
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    monkeypatch.undo()
    assert "gọi 113" not in lan.get(UNDERSTAND_URL).text


def test_an_answer_after_the_writer_was_closed_is_a_503_page(lan: CheckingClient, writer: Writer) -> None:
    writer.close()
    response = answer(lan, "Tổng đài", ["113"])
    assert response.status_code == 503
    assert "Bác đợi vài giây rồi gửi lại nhé." in response.text


def test_a_malformed_address_of_the_page_before_is_no_error_of_the_site(lan):
    malformed = {"Referer": "http://[::1"}
    assert lan.get("/?lang=en", headers=malformed).headers["Location"] == "/"
    assert lan.get("/toi/khong-co", headers=malformed).status_code == 404
    assert lan.post(USE_URL, data={}, headers=malformed).status_code == 403
    same_site = malformed | {"Sec-Fetch-Site": "same-origin"}
    assert lan.post("/quan-ly/don-vi/them", headers=same_site).headers["Location"] == "/vao"

""" "Máy tôi khác": what a learner taps, what is stored of it, who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from lms.learning.practice import mismatch_reports
from lms.learning.practice.mismatch_reports import MIN_PHONES, anonymize_old_mismatch_reports, count_reports_by_week
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import MismatchReport
from tests.web.every_screen import LESSON, write_every_screen
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import engine_of, signed_in_client

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
MARK = "đang dò lại"
SCREEN = "man-hinh-chinh"
MAP = "/soan/ban-do/thu/moi-thu"


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_every_screen


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.web.clock.now", lambda: NOW)


def plain_client(app: Flask) -> FlaskClient:
    """The form of an attempt has no address of its own, which ``CheckingClient`` refuses."""
    return FlaskClient(app, app.response_class, use_cookies=True)


@pytest.fixture
def lan(app: Flask) -> FlaskClient:
    return plain_client(app)


@pytest.fixture
def hoa(app: Flask) -> FlaskClient:
    return plain_client(app)


def page_of(client: FlaskClient, address: str) -> html.HtmlElement:
    return html.fromstring(client.get(address).text)


def start(app: Flask, client=None) -> tuple:
    """A phone that has started the practice, and the attempt's address."""
    client = client or plain_client(app)
    address = client.post(f"{LESSON}/lam", data={"mode": "tu-lam"}).location
    return client, address


def report(app: Flask, reason: str = "no_button", client=None) -> tuple:
    client, address = start(app, client)
    response = client.post(f"{address}/may-khac", data={"screen": SCREEN, "reason": reason})
    assert response.status_code == 303, response.text
    return client, address


def rows(app: Flask) -> list[MismatchReport]:
    with read_sessions(engine_of(app))() as session:
        return list(session.scalars(select(MismatchReport)))


def test_the_screen_of_a_practice_leads_to_the_reasons_and_back_without_a_script(app, lan):
    client, address = start(app, lan)
    [link] = page_of(client, address).xpath("//footer//a[contains(., 'Máy tôi khác')]/@href")
    page = page_of(client, link)
    assert "Màn hình chính" in page.findtext(".//main//p")
    [form] = page.xpath("//main//form")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    button = next(each for each in form.xpath(".//button") if "Không thấy nút" in each.text_content())
    assert not form.xpath(".//textarea | .//input[not(@type='hidden')]"), "nothing can be typed"
    answer = client.post(link, data={**fields, button.get("name"): button.get("value")}, follow_redirects=True)
    assert "Cảm ơn bác" in answer.text
    assert html.fromstring(answer.text).xpath("//a[contains(@class, 'button--main')]/@href") == [address]


@pytest.mark.parametrize("query", ["", "?xong"])
def test_the_reasons_and_the_thanks_keep_the_rules_of_a_page(app, query):
    client, address = start(app, app.test_client())
    assert client.get(f"{address}/may-khac{query}").status_code == 200


def test_a_report_holds_the_screen_the_week_and_the_reason_and_no_learner(app, lan):
    client, address = report(app, client=lan)
    [row] = rows(app)
    digest = app.extensions["catalog"].library.lesson("thu", "moi-thu").practice.digest
    assert (row.course, row.lesson, row.practice, row.screen) == ("thu", "moi-thu", "", SCREEN)
    assert (row.content_digest, row.reason, row.week.isoformat()) == (digest, "no_button", "2026-11-23")
    assert row.phone not in address
    with client.session_transaction() as cookie:
        assert row.phone not in str(dict(cookie))


def test_of_one_phone_screen_and_week_the_last_reason_counts(app, lan, monkeypatch):
    report(app, "no_button", lan)
    report(app, "wording", lan)
    assert [row.reason for row in rows(app)] == ["wording"]
    monkeypatch.setattr("lms.web.clock.now", lambda: NOW + timedelta(days=7))
    report(app, "wording", lan)
    assert len(rows(app)) == 2


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"screen": SCREEN, "reason": "nút này xấu"}, 400),
        ({"screen": SCREEN}, 400),
        ({"screen": "khong-co", "reason": "no_button"}, 404),
        ({"reason": "no_button"}, 404),
    ],
)
def test_what_cannot_be_a_report_is_refused_and_not_stored(app, lan, data, status):
    client, address = start(app, lan)
    assert client.post(f"{address}/may-khac", data=data).status_code == status
    assert rows(app) == []


@pytest.mark.parametrize("address", [f"{LESSON}/lam?che-do=xem-mau", f"{LESSON}/lam?luot=tu-lam"])
def test_a_screen_is_reported_from_where_no_attempt_is_at_it(app, lan, address):
    """The demonstration, and an attempt that a phone began without a network."""
    [link] = page_of(lan, address).xpath("//footer//a[contains(., 'Máy tôi khác')]/@href")
    page = page_of(lan, link)
    screens = dict(zip(page.xpath("//option/@value"), page.xpath("//option/text()"), strict=True))
    assert screens[SCREEN] == "Màn hình chính"
    [chosen] = page_of(lan, f"{link}?man={SCREEN}").xpath("//option[@selected]/@value")
    assert chosen == SCREEN
    answer = lan.post(link, data={"screen": SCREEN, "reason": "wording"}, follow_redirects=True)
    assert "Cảm ơn bác" in answer.text
    lan.post(link, data={"screen": SCREEN, "reason": "no_button"})
    [row] = rows(app)  # of one phone and screen the last reason counts
    digest = app.extensions["catalog"].library.lesson("thu", "moi-thu").practice.digest
    assert (row.screen, row.content_digest, row.reason) == (SCREEN, digest, "no_button")
    for data in ({"screen": "khong-co", "reason": "wording"}, {"screen": SCREEN, "reason": "xấu"}, {}):
        assert lan.post(link, data=data).status_code == 400
    assert len(rows(app)) == 1
    assert lan.get(f"{LESSON}/may-khac/khong-co").status_code == 404


def test_the_form_without_an_attempt_keeps_the_rules_of_a_page(app):
    for query in ("", "?xong"):
        assert app.test_client().get(f"{LESSON}/may-khac{query}").status_code == 200


def test_only_the_learner_of_an_attempt_reports_its_screens(app, lan, hoa):
    _, address = start(app, lan)
    start(app, hoa)
    for client in (hoa, app.test_client()):
        assert client.get(f"{address}/may-khac").status_code == 404
        data = {"screen": SCREEN, "reason": "no_button"}
        assert client.post(f"{address}/may-khac", data=data).status_code == 404
    assert rows(app) == []


def test_learners_are_told_of_a_screen_that_enough_phones_reported_in_four_weeks(app, lan, monkeypatch):
    for _ in range(MIN_PHONES - 1):
        report(app)
    monkeypatch.setattr("lms.web.clock.now", lambda: NOW - timedelta(weeks=2))
    client, address = report(app, client=lan)
    page = page_of(client, address)
    assert MARK in page.xpath("//*[@data-instruction]")[0].text_content()
    assert page.xpath(f"//template[@data-template='{SCREEN}']//p[contains(., '{MARK}')]")
    assert not page.xpath(f"//template[@data-template!='{SCREEN}']//p[contains(., '{MARK}')]")


def test_one_phone_counts_once_however_many_weeks_it_reports(app, lan, monkeypatch):
    for weeks in range(MIN_PHONES):
        monkeypatch.setattr("lms.web.clock.now", lambda weeks=weeks: NOW - timedelta(weeks=min(weeks, 3)))
        client, address = report(app, client=lan)
    for _ in range(MIN_PHONES - 2):
        report(app)
    assert MARK not in client.get(address).text


def test_four_phones_and_old_reports_mark_nothing(app, lan, monkeypatch):
    for _ in range(MIN_PHONES - 1):
        report(app)
    client, address = start(app, lan)
    assert MARK not in client.get(address).text
    monkeypatch.setattr("lms.web.clock.now", lambda: NOW - timedelta(weeks=4))
    report(app, client=client)
    assert MARK not in client.get(address).text


def test_the_author_sees_counts_by_week_screen_and_version_none_under_three(app):
    for reason in ("no_button", "no_button", "no_button", "wording"):
        report(app, reason)
    author = signed_in_client(app, "Khoa", {"author"})
    section = author.page(MAP).xpath("//table[.//th[text()='Số máy']]")[0]
    [cells] = [[text_of(cell) for cell in row] for row in section.xpath(".//tbody/tr")]
    assert cells[1:4] == ["23 tháng 11 năm 2026", "bản đang dùng", "4"]
    assert cells[4] == "Không thấy nút: 3Chữ trên màn khác: dưới 3"


def test_after_four_weeks_nothing_tells_which_phone_it_was(app, lan):
    report(app, client=lan)
    [before] = rows(app)
    with write_sessions(engine_of(app)).begin() as session:
        anonymize_old_mismatch_reports(session, today=NOW.date() + timedelta(weeks=3))
    assert rows(app)[0].phone == before.phone
    for _ in range(2):
        with write_sessions(engine_of(app)).begin() as session:
            anonymize_old_mismatch_reports(session, today=NOW.date() + timedelta(weeks=4))
    [after] = rows(app)
    assert after.phone != before.phone
    with read_sessions(engine_of(app))() as session:
        assert [each.phones for each in count_reports_by_week(session, "thu", "moi-thu", "")] == [1]


def test_without_the_key_a_stored_hash_is_not_that_of_a_learner(app, lan):
    """The same learner and screen have another hash in another installation."""
    first = mismatch_reports._pseudonym("learner", "a")
    assert first != mismatch_reports._pseudonym("learner", "b")

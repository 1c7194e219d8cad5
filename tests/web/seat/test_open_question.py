"""Without JavaScript the page of an open question does not reload: a link leads to where the class is now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.learning.classroom.seats import idle_seats, seats
from tests.web.checking_client import CheckingClient
from tests.web.class_phones import open_question, post_answer, question_of_kind, visible_text
from tests.web.desk_client import Desk, call_service, class_session_of


@pytest.fixture
def question(app: Flask, desk: Desk):
    question = question_of_kind(app, "choice")
    open_question(desk, question)
    return question


@pytest.fixture
def link(lan: CheckingClient, code: str, question) -> str:
    return link_of(lan, f"/lop/{code}")


def link_of(client: CheckingClient, address: str) -> str:
    """The link to the current step on a page that does not reload by itself."""
    page = client.page(address)
    assert not page.xpath("//meta[@http-equiv='refresh']")
    [link] = page.xpath("//noscript//a[text()='Xem bước mới']")
    return link.get("href")


@pytest.mark.parametrize("phase", ["locked", "shown"])
def test_the_link_leads_to_the_question_once_it_is_locked_or_shown(lan, desk, question, link, phase):
    desk.send_command(step=f"hoi-{question.id}", phase="locked")
    if phase == "shown":
        desk.send_command(step=f"hoi-{question.id}", phase="shown")
    assert lan.page(link).xpath(f"//class-question[contains(@class, 'class-question--{phase}')][not(@hidden)]")


def test_the_link_leads_to_the_next_round_and_to_the_next_question(app, lan, desk, code, question, link):
    key = f"hoi-{question.id}"
    for phase in ("locked", "shown"):
        desk.send_command(step=key, phase=phase)
    desk.send_command(step=key, round="2")
    assert "Lần hai" in visible_text(lan, link)
    desk.send_command(step=key, phase="open")
    assert link_of(lan, link) == link
    typed = question_of_kind(app, "typed")
    open_question(desk, typed)
    assert lan.page(link).xpath(f"//class-question[@data-question='{typed.id}'][not(@hidden)]")


def test_a_page_on_which_an_answer_is_changed_has_the_link_too(lan, desk, code, question, link):
    post_answer(lan, code, question, question.options[0].key)
    assert lan.page(f"/lop/{code}").xpath("//noscript/meta[@http-equiv='refresh']")
    assert link_of(lan, f"/lop/{code}?doi") == link


def test_after_the_class_the_link_leads_to_the_summary(lan, desk, code, link):
    desk.send_command(close="true")
    assert lan.get(link).location == f"/lop/{code}/ket"


def test_the_link_of_a_removed_seat_leads_to_a_page_that_reloads_until_it_is_readmitted(
    app, lan, desk, code, question, link
):
    seat = {
        "class_id": desk.id,
        "number": 1,
        "account_id": class_session_of(app, desk).opened_by,
        "now": datetime.now(UTC),
    }
    call_service(app, seats.remove_seat, **seat)
    removed = lan.page(link)
    assert removed.xpath("//noscript/meta[@http-equiv='refresh']")
    assert "Máy này đang ở ngoài lớp" in visible_text(lan, link)
    call_service(app, seats.readmit_seat, **seat)
    assert link_of(lan, link) == link


def test_a_seat_that_was_removed_as_idle_comes_back_with_the_answer(app, lan, desk, code, question, link):
    later = datetime.now(UTC) + timedelta(hours=1)
    account_id = class_session_of(app, desk).opened_by
    assert call_service(app, idle_seats.remove_idle_seats, class_id=desk.id, account_id=account_id, now=later) == 1
    assert "Bác còn ngồi ở đây không?" in visible_text(lan, link)
    post_answer(lan, code, question, question.options[0].key)
    assert "Đã nhận câu trả lời." in visible_text(lan, link)


def test_no_page_may_be_framed(lan, code, link):
    for address in (link, f"/lop/{code}", "/", "/toi", f"/lop/{code}/ket", f"/lop/{code}/dang-o"):
        headers = lan.get(address).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]

"""The facilitator prints the badges that were claimed in the class, and no others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.learning.badges.awarding import revoke_badge
from lms.web import clock
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import (
    QUESTION_LESSON,
    call_service,
    class_session_of,
    open_desk,
)
from tests.web.learner_actions import claim_badge
from tests.web.signed_in_clients import signed_in_client

pytestmark = pytest.mark.slow


@pytest.fixture
def minh(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Minh")


def test_the_facilitator_prints_the_badges_that_were_claimed_in_the_class(app, minh):
    at_home, in_class, unnamed, idle = (app.test_client() for _ in range(4))
    claim_badge(at_home, name="Nhận ở nhà")
    desk = open_desk(minh, QUESTION_LESSON)
    code = class_session_of(app, desk).code
    for phone in (at_home, unnamed, in_class, idle):
        assert phone.post(f"/lop/{code}", data={}).status_code == 303
    addresses = [claim_badge(in_class, name="Trần Thị Lan"), claim_badge(unnamed, name="")]
    claim_badge(app.test_client(), name="Người ngoài lớp")
    page = desk.page("/huy-hieu")
    assert page.xpath("//article//*[contains(@class, 'certificate__name')]/text()") == [
        "Huy hiệu bài Ba loại mã",
        "Trần Thị Lan",
    ]
    assert set(page.xpath("//main//ul/li/a/@href")) == set(addresses)
    assert "Nhận ở nhà" not in page.text_content()
    assert "Người ngoài lớp" not in page.text_content()
    assert f"{desk.base}/huy-hieu" in desk.page("/bao-cao").xpath("//a/@href")
    desk.send_command(close="true")
    assert f"{desk.base}/huy-hieu" in desk.page().xpath("//a/@href")
    assert len(desk.page("/huy-hieu").xpath("//article")) == 2


def test_badges_claimed_long_after_the_class_or_withdrawn_are_not_printed(app, minh, monkeypatch):
    desk = open_desk(minh, QUESTION_LESSON)
    early, late = app.test_client(), app.test_client()
    for phone in (early, late):
        phone.post(f"/lop/{class_session_of(app, desk).code}", data={})
    withdrawn = claim_badge(early, name="Trần Thị Lan")
    call_service(app, revoke_badge, badge_id=withdrawn.rsplit("/", 1)[1], now=datetime.now(UTC))
    desk.send_command(close="true")
    later = datetime.now(UTC) + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    claim_badge(late, name="Nhận ở nhà")
    assert "Chưa ai nhận huy hiệu ở lớp này" in desk.words("/huy-hieu")


def test_who_does_not_run_the_class_prints_none_of_its_badges(app, minh):
    desk = open_desk(minh, QUESTION_LESSON)
    phone = app.test_client()
    phone.post(f"/lop/{class_session_of(app, desk).code}", data={})
    claim_badge(phone, name="Trần Thị Lan")
    hoa = signed_in_client(app, "Hoa")
    assert "Trần Thị Lan" not in hoa.get(f"{desk.base}/huy-hieu").text

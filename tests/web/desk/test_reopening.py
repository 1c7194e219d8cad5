"""Reopening a class that was closed by mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.learning.classroom.lifecycle.opening import REOPEN_WINDOW
from lms.web import clock
from lms.web.classroom.desk import routes
from tests.web.desk_client import class_session_of
from tests.web.signed_in_clients import signed_in_client


@pytest.mark.slow
def test_one_tap_on_the_closed_page_reopens_the_class_at_its_step(app, desk):
    desk.press_next()
    before = desk.main_button_text()
    code = class_session_of(app, desk).code
    phone = app.test_client()
    phone.post(f"/lop/{code}")
    desk.send_command(close="true")
    assert phone.get(f"/lop/{code}").location == f"/lop/{code}/ket"
    first = desk.page().xpath("(//main//form)[1]")[0]
    assert "Đóng nhầm" in first.text_content()  # in sight on a phone, above all that follows a class
    answer = desk.press("Mở lại lớp này")
    assert "Lớp đã mở lại" in desk.client.get(answer.location).text
    assert desk.main_button_text() == before
    assert "Số 1" in phone.get(f"/lop/{code}").text
    assert app.test_client().post(f"/lop/{code}").status_code == 303


@pytest.mark.slow
def test_the_summary_page_has_a_stream_while_the_class_is_open_or_can_be_reopened(app, desk, monkeypatch):
    code = class_session_of(app, desk).code
    phone = app.test_client()
    phone.post(f"/lop/{code}")
    assert "data-open" in phone.get(f"/lop/{code}/ket").text  # it may go on with another lesson
    desk.send_command(close="true")
    assert "data-open" not in phone.get(f"/lop/{code}/ket").text
    assert "<seat-summary" in phone.get(f"/lop/{code}/ket").text
    late = clock.now() + REOPEN_WINDOW
    monkeypatch.setattr(clock, "now", lambda: late)
    assert "<seat-summary" not in phone.get(f"/lop/{code}/ket").text


def test_without_javascript_the_summary_looks_again_and_leads_back_when_the_class_was_reopened(app, desk, monkeypatch):
    code = class_session_of(app, desk).code
    phone = app.test_client()
    phone.post(f"/lop/{code}")

    def refreshes() -> list[str]:
        return phone.page(f"/lop/{code}/ket").xpath("//noscript/meta[@http-equiv='refresh']/@content")

    desk.send_command(close="true")
    assert refreshes() == [f"30; url=/lop/{code}/ket?cho"]
    assert phone.get(f"/lop/{code}/ket?cho").status_code == 200
    desk.press("Mở lại lớp này")
    assert phone.get(f"/lop/{code}/ket?cho").location == f"/lop/{code}"
    assert refreshes() == [f"30; url=/lop/{code}/ket?bai=1"]  # until the class goes on with another lesson
    desk.send_command(close="true")
    late = clock.now() + REOPEN_WINDOW
    monkeypatch.setattr(clock, "now", lambda: late)
    assert refreshes() == []


def test_the_pages_of_a_closed_class_await_its_reopening_only_while_that_is_possible(app, desk, monkeypatch):
    desk.send_command(close="true")
    assert desk.page().xpath("//await-reopening/@data-url") == [desk.base]
    list_page = desk.client.get(f"{desk.base}/giup")
    assert f'data-url="{desk.base}/giup"' in list_page.text
    assert '<noscript><meta http-equiv="refresh"' in list_page.text
    late = clock.now() + REOPEN_WINDOW
    monkeypatch.setattr(clock, "now", lambda: late)
    assert not desk.page().xpath("//await-reopening")
    list_page = desk.client.get(f"{desk.base}/giup")
    assert (list_page.status_code, "await-reopening" in list_page.text) == (409, False)
    assert "refresh" not in list_page.text


def test_after_a_while_it_is_not_offered_and_refused_in_words(app, desk, monkeypatch):
    desk.send_command(close="true")
    address, fields = desk.form("Mở lại lớp này")
    late = clock.now() + REOPEN_WINDOW + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert "Mở lại lớp" not in desk.client.get(desk.base).text
    answer = desk.client.post(address, data=fields)
    assert (answer.status_code, "trong 15 phút" in answer.text) == (409, True)
    assert class_session_of(app, desk).is_closed


def test_a_reopening_is_logged_once(app, desk):
    desk.send_command(close="true")
    address, fields = desk.form("Mở lại lớp này")
    for _ in range(2):
        assert desk.client.post(address, data=fields).status_code == 303
    assert signed_in_client(app, "Thu", {"organiser"}).get("/quan-ly/nhat-ky").text.count("mở lại lớp") == 1


def test_two_simultaneous_reopenings_are_logged_once(app, desk, monkeypatch):
    desk.send_command(close="true")
    address, fields = desk.form("Mở lại lớp này")
    contexts = {}
    find = routes.require_steering  # both requests see the closed class before either reopens it
    monkeypatch.setattr(routes, "require_steering", lambda class_id: contexts.setdefault(class_id, find(class_id)))
    for _ in range(2):
        assert desk.client.post(address, data=fields).status_code == 303
    assert signed_in_client(app, "Thu", {"organiser"}).get("/quan-ly/nhat-ky").text.count("mở lại lớp") == 1


@pytest.mark.parametrize("roles", [{"helper"}, {"facilitator"}])
def test_only_a_facilitator_of_the_class_can_reopen_it(app, desk, roles):
    desk.send_command(close="true")
    address, _ = desk.form("Mở lại lớp này")
    hoa = signed_in_client(app, "Hoa", roles)
    token = hoa.get("/dung-lop").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert hoa.post(address, data={"csrf_token": token}).status_code == 403
    assert class_session_of(app, desk).is_closed

"""Closed by a slip of the thumb: one tap, and the hall is back in its class."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.learning.classroom.lifecycle.reopening import REOPENS
from lms.web import clock
from lms.web.classroom.desk import reopening
from tests.web.desks import found
from tests.web.duty import signed_in


def test_one_tap_on_the_closed_page_opens_it_again_at_its_step(app, desk):
    desk.goes_on()
    before = desk.button()
    code = found(app, desk).code
    phone = app.test_client()
    phone.post(f"/lop/{code}")
    desk.sends(close="true")
    assert phone.get(f"/lop/{code}").location == f"/lop/{code}/ket"
    answer = desk.press("Mở lại lớp này")
    assert "Lớp đã mở lại" in desk.client.get(answer.location).text
    assert desk.button() == before
    assert "Số 1" in phone.get(f"/lop/{code}").text
    assert app.test_client().post(f"/lop/{code}").status_code == 303


def test_the_phones_last_page_asks_whether_the_class_goes_on_only_while_it_can(app, desk, monkeypatch):
    code = found(app, desk).code
    phone = app.test_client()
    phone.post(f"/lop/{code}")
    assert "data-after" not in phone.get(f"/lop/{code}/ket").text
    desk.sends(close="true")
    assert "data-after" in phone.get(f"/lop/{code}/ket").text
    late = clock.now() + REOPENS
    monkeypatch.setattr(clock, "now", lambda: late)
    assert "data-after" not in phone.get(f"/lop/{code}/ket").text


def test_after_a_while_it_is_not_offered_and_refused_in_words(app, desk, monkeypatch):
    desk.sends(close="true")
    address, fields = desk.form("Mở lại lớp này")
    late = clock.now() + REOPENS + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert "Mở lại lớp" not in desk.client.get(desk.base).text
    answer = desk.client.post(address, data=fields)
    assert (answer.status_code, "trong 15 phút" in answer.text) == (409, True)
    assert found(app, desk).closed


def test_the_journal_says_so_once(app, desk):
    desk.sends(close="true")
    address, fields = desk.form("Mở lại lớp này")
    for _ in range(2):
        assert desk.client.post(address, data=fields).status_code == 303
    assert signed_in(app, "Thu", {"organiser"}).get("/quan-ly/nhat-ky").text.count("mở lại lớp") == 1


def test_of_two_taps_at_once_the_journal_has_one(app, desk, monkeypatch):
    desk.sends(close="true")
    address, fields = desk.form("Mở lại lớp này")
    rooms = {}
    find = reopening.steered  # both have found it closed before either has opened it
    monkeypatch.setattr(reopening, "steered", lambda class_id: rooms.setdefault(class_id, find(class_id)))
    for _ in range(2):
        assert desk.client.post(address, data=fields).status_code == 303
    assert signed_in(app, "Thu", {"organiser"}).get("/quan-ly/nhat-ky").text.count("mở lại lớp") == 1


@pytest.mark.parametrize("roles", [{"helper"}, {"facilitator"}])
def test_nobody_else_opens_it_again(app, desk, roles):
    desk.sends(close="true")
    address, _ = desk.form("Mở lại lớp này")
    hoa = signed_in(app, "Hoa", roles)
    token = hoa.get("/dung-lop").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert hoa.post(address, data={"csrf_token": token}).status_code == 403
    assert found(app, desk).closed

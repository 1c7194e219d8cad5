"""/quan-ly/so-lieu: an organiser sees what was counted in the own ward, and what was left out and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from lms import vietnam_time
from lms.web import clock
from tests.learning.movement_statistics.movement import Movement
from tests.web.page_texts import main_text_at
from tests.web.signed_in_clients import OTHER_WARD, WARD, engine_of, signed_in_client

PAGE = "/quan-ly/so-lieu"


@pytest.fixture
def movement(app: Flask) -> Movement:
    """Begins some days ago at noon, so that what comes minutes later is of the same day, and of a month still open."""
    movement = Movement(engine_of(app))
    movement.now = vietnam_time.to_vietnam_time(clock.now() - timedelta(days=3)).replace(hour=12)
    return movement


def month_of(movement: Movement) -> str:
    return f"{vietnam_time.to_vietnam_time(movement.now):%Y-%m}"


def test_the_exact_figures_and_what_was_left_out_are_told(movement, organiser):
    month, learners = month_of(movement), movement.learners(7)
    movement.hold_class(learners)
    movement.hold_class([*learners[:2], *movement.learners(5)], opened_at=movement.now + timedelta(minutes=1))
    movement.hold_class(movement.learners(2))
    movement.hold_class(movement.learners(9), minutes=4)
    movement.hold_class(movement.learners(9), ward=OTHER_WARD)
    movement.release()
    text = main_text_at(organiser, f"{PAGE}?thang={month}")
    assert "Lớp 2" in text
    assert "Lượt học ở lớp 12" in text
    assert "Người học 12" in text
    assert "2 người: dưới 3 máy hay dưới 5 người" in text
    assert "9 người: chưa tới 15 phút" in text
    assert "7 người: 2 người đã tính ở lớp khác cùng ngày" in text


def test_an_organiser_of_a_ward_sees_no_other(movement, organiser):
    assert organiser.get(f"{PAGE}?phuong={OTHER_WARD}").status_code == 404
    assert organiser.get(f"{PAGE}?phuong={WARD}").status_code == 200


def test_an_organiser_of_the_city_chooses_a_ward(app, movement):
    month = month_of(movement)
    movement.hold_class(movement.learners(9), ward=OTHER_WARD)
    movement.release()
    city = signed_in_client(app, "Ba", {"organiser"}, "")
    assert "Người học 9" in main_text_at(city, f"{PAGE}?thang={month}&phuong={OTHER_WARD}")
    assert "Người học 0" in main_text_at(city, f"{PAGE}?thang={month}&phuong={WARD}")


@pytest.mark.parametrize("month", ["", "2026-13", "x", "1999-01"])
def test_a_month_that_is_none_is_the_present_one(organiser, month: str):
    today = vietnam_time.to_vietnam_time(clock.now())
    assert f"Đã tính, tháng {today.month} năm {today.year}" in main_text_at(organiser, f"{PAGE}?thang={month}")

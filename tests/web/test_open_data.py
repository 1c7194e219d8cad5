"""The open data, as programs of others read it: one CSV file and one JSON document."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.movement_statistics.published_values import STEP
from lms.web import clock
from tests.learning.movement_statistics.movement import OTHER_WARD, WARD, Movement
from tests.web.checking_client import CheckingClient
from tests.web.ledger import add_target
from tests.web.page_texts import main_text_at
from tests.web.signed_in_clients import engine_of

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


@pytest.fixture
def movement(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Movement:
    """Begins four days ago, in the same year: its targets and figures are of one year."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    movement = Movement(engine_of(app))
    movement.now = NOW - timedelta(days=4)
    return movement


@pytest.fixture
def released(app: Flask, movement: Movement) -> Movement:
    """A movement with figures in every table."""
    for ward, number in ((WARD, 1207), (OTHER_WARD, 303)):
        add_target(app, ward, number=number, indicator="attendances", signs=True)
    women = movement.unit("Hội Phụ nữ", organisation="hoi-phu-nu")
    for hour in range(7):
        movement.hold_class(movement.learners(8), unit=women, opened_at=movement.now + timedelta(hours=hour))
    movement.hold_class(movement.learners(13), ward=OTHER_WARD)
    movement.release()
    return movement


def test_no_number_is_told_but_in_steps_of_five(released: Movement, lan: CheckingClient):
    rows = csv.DictReader(io.StringIO(lan.get("/phong-trao.csv").text))
    values = [int(row[indicator]) for row in rows for indicator in Indicator]
    document = lan.get("/phong-trao.json").json
    for part in (document["city"], *document["wards"], *document["organisations"]):
        values += [part[indicator] for indicator in Indicator if indicator in part]
    assert any(values)
    assert [value for value in values if value % STEP] == []


def test_the_page_leads_to_the_file_and_the_document_and_there_is_no_other(released: Movement, lan: CheckingClient):
    assert {"/phong-trao.csv", "/phong-trao.json"} <= set(lan.page("/phong-trao").xpath("//main//a/@href"))
    assert lan.get("/phong-trao/doan-the.csv").status_code == 404


def test_the_city_counts_its_classes_for_itself_where_wards_hold_a_few_each(movement: Movement, lan: CheckingClient):
    for ward in (WARD, OTHER_WARD):
        for hour in range(4):
            movement.hold_class(movement.learners(6), ward=ward, opened_at=movement.now + timedelta(hours=hour))
    movement.release()
    document = lan.get("/phong-trao.json").json
    assert {ward["classes"] for ward in document["wards"]} == {0}
    assert document["city"]["classes"] == 5
    assert document["city"]["learners"] == 40  # the sum of what is published
    assert "Lớp 5 " in main_text_at(lan, "/phong-trao")

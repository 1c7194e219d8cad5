"""What the pages of a practice with gestures say: guides, feedback and replay; and what they load."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms.learning.practice.events import save_events
from lms.learning.store.database import write_sessions
from lms.learning.store.models import PracticeAttempt
from tests.web.every_screen import LESSON
from tests.web.gesture_screens import write_gesture_screens
from tests.web.nojs_phone import PRACTICE_URL, NoJsPhone
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import engine_of

# Screen, widget, action; how the guides say it; what the replay says.
STEPS = [
    ("khoa-may", 0, "swipe", "Bác đặt ngón tay lên “Vuốt lên để mở”, rồi kéo lên.", "Đã vuốt ở “Vuốt lên để mở”."),
    ("trang-hai", 0, "swipe", "Bác đặt ngón tay lên “Sang trang sau”, rồi kéo sang trái.",
     "Đã vuốt ở “Sang trang sau”."),
    ("danh-sach", 5, "tap", "Bác kéo lên tới khi thấy “Con gái”, rồi chạm vào đó.", "Đã chạm “Con gái”."),
    ("tam-anh", 0, "pinch", "Bác đặt hai ngón tay lên “Tấm ảnh của cháu”, rồi mở hai ngón ra.",
     "Đã dùng hai ngón tay ở “Tấm ảnh của cháu”."),
    ("thu-nho-lai", 0, "pinch", "Bác đặt hai ngón tay lên “Tấm ảnh to”, rồi chụm hai ngón lại.",
     "Đã dùng hai ngón tay ở “Tấm ảnh to”."),
    ("giu-lau", 0, "hold", "Bác đặt ngón tay lên “Tin của con”, giữ yên một lúc rồi nhấc ra.",
     "Đã chạm và giữ “Tin của con”."),
    ("cham-hai-cai", 0, "double-tap", "Bác chạm vào “Trang chữ nhỏ” hai cái liền nhau.",
     "Đã chạm hai cái vào “Trang chữ nhỏ”."),
]  # fmt: skip
EVENTS = [[q, q * 1000, *step[:3]] for q, step in enumerate(STEPS, 1)]


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_gesture_screens


def test_the_demonstration_says_how_each_gesture_goes(lan: NoJsPhone):
    assert lan.open(f"{PRACTICE_URL}?che-do=xem-mau") == 200
    said = [text_of(one) for one in lan.page.xpath("//*[@data-sentence]")]
    assert said[:-1] == [how for *_, how, _ in STEPS]
    assert lan.page.xpath("//li[@data-direction]/@data-direction") == ["up", "left"]


@pytest.mark.parametrize("guide", ["to-buoc", "lam-that"])
def test_the_sheet_and_the_cards_beside_the_real_phone_say_it_too(lan: NoJsPhone, guide: str):
    assert lan.open(f"{PRACTICE_URL}?che-do={guide}") == 200
    for _, _, action, how, _ in STEPS:
        assert (how if action != "tap" else "Bác chạm “Con gái”.") in lan.text


def test_without_a_script_a_tap_is_asked_for_and_goes_on(lan: NoJsPhone):
    lan.start("lam-theo")
    assert "Bác chạm “Vuốt lên để mở”." in lan.text
    assert "chạm vào hình bàn tay là thay cho vuốt" in lan.text  # the task still says to swipe
    lan.tap("Vuốt lên để mở")
    lan.tap("Sang trang sau")
    assert lan.screen == "danh-sach"
    assert lan.page.xpath("//div[contains(@class, 'scroll')]//button[contains(., 'Con gái')]")


def test_a_practice_with_gestures_loads_their_script_and_stylesheets(lan: NoJsPhone):
    lan.start()
    assert lan.page.xpath("//script[contains(@src, 'practice/gestures.js')]")
    assert lan.page.xpath("//link[contains(@href, 'gesture+scroll')]")


def test_a_gesture_that_is_drawn_in_a_lesson_has_its_stylesheets_there(lan: NoJsPhone):
    assert lan.open(f"{LESSON}/hieu") == 200
    assert lan.page.xpath("//link[contains(@href, 'gesture')]") and lan.page.xpath("//*[@data-gesture='swipe']")


@pytest.mark.parametrize("mode", ["tu-lam", "kiem-tra"])
def test_a_replay_tells_each_gesture(lan: NoJsPhone, app: Flask, mode: str):
    lan.start(mode)
    missed = [1, 500, "khoa-may", -1, "miss"]
    log = [missed, *([q + 1, *rest] for q, *rest in EVENTS)]
    with write_sessions(engine_of(app)).begin() as session:
        attempt = session.scalars(select(PracticeAttempt)).one()
        receipt = save_events(
            session, learner_id=attempt.learner_id, attempt_id=attempt.id, events=log, now=datetime.now(UTC)
        )
    assert receipt.passed and receipt.score == 100
    address = lan.address
    assert lan.open(f"{address}/xem-lai?buoc=1") == 200
    assert "Đã chạm hay vuốt chưa trúng chỗ." in lan.text
    for number, (*_, done) in enumerate(STEPS, 2):
        assert lan.open(f"{address}/xem-lai?buoc={number}") == 200
        assert done in lan.text
        assert lan.page.xpath("//*[contains(@class, 'pointed')]")

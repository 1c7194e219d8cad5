"""Rows, bubbles, cards, tabs, photos and keys; a lock screen, a browser, a store page, and what is no screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from lms.content.model import Practice
from lms.content.practice.action_paths import expected_path
from lms.content.practice.compiling import generate_random_data
from lms.content.practice.storyboard import read_practice
from lms.web.practice.phone_components import phone_components
from tests.web.drawn_phone import LAM, PRACTICE, write_drawn_phone
from tests.web.every_screen import every_screen


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_drawn_phone


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    return FlaskClient(app, app.response_class, use_cookies=True)


def practice() -> Practice:
    read, problems = read_practice(LAM, "lam.md", today=date(2026, 11, 25))
    assert read is not None, problems
    return read


def start(phone: FlaskClient, mode: str) -> str:
    """Start an attempt; its address."""
    return phone.post(PRACTICE, data={"mode": mode}).location


def drawn_screens(phone: FlaskClient, mode: str = "tu-lam") -> dict[str, html.HtmlElement]:
    """The phone of each screen, as the page has it for its script."""
    page = html.fromstring(phone.get(start(phone, mode)).text)
    templates = page.xpath("//template[@data-template]")
    return {one.get("data-template"): one.xpath(".//*[contains(@class, 'phone phone--')]")[0] for one in templates}


def words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.xpath(".//text()")).split())


@pytest.mark.slow
def test_rows_and_tabs_are_tapped_like_buttons_and_lead_to_the_goal_without_a_script(phone):
    address = start(phone, "tu-lam")
    for step in expected_path(practice(), generate_random_data(practice(), 1)):
        page = html.fromstring(phone.get(address).text)
        (form,) = page.xpath("//form[@id='man-hinh'][not(ancestor::template)]")
        assert form.get("data-screen") == step.screen
        assert form.xpath(f".//button[@name='tap'][@value='{step.widget}']")
        hidden = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
        assert phone.post(address, data={**hidden, "tap": str(step.widget)}).status_code == 303
    assert phone.get(f"{address}/ket-qua").status_code == 200


def test_a_row_has_two_lines_and_a_time(phone):
    rows = drawn_screens(phone)["danh-sach-tin"].xpath(".//button[contains(@class, 'list-row')]")
    assert [words(row) for row in rows] == [
        "Nhà mạng Hôm qua Gói cước tháng này của bác còn 3 ngày",
        "Con gái 09:10 Má khỏe không ba?",
        "Tổ dân phố Mời họp tối thứ Sáu",
    ]
    assert [row.get("value") for row in rows] == ["1", "2", "3"]


def test_the_open_tab_says_so(phone):
    tabs = drawn_screens(phone)["danh-sach-tin"].xpath(".//div[@class='tabs']/button")
    assert [(words(tab), tab.get("aria-current")) for tab in tabs] == [
        ("Tin nhắn", "true"),
        ("Danh bạ", None),
        ("Thêm", None),
    ]


def test_a_bubble_says_who_wrote_it_and_is_no_button(phone):
    screen = drawn_screens(phone)["tin-cua-con"]
    bubbles = screen.xpath(".//p[contains(@class, 'bubble')]")
    assert [words(bubble) for bubble in bubbles] == [
        "Bên kia: Má khỏe không ba? Mai con về. 09:10",
        "Bác: Má khỏe. 09:12",
    ]
    assert [words(button) for button in screen.xpath(".//button[@name='tap'][not(@aria-hidden)]")] == ["", "Xem ảnh"]


def test_a_phone_shows_who_calls_and_not_what_the_author_calls_it(phone):
    for mode in ("lam-theo", "tu-lam", "kiem-tra"):
        screens = drawn_screens(phone, mode)
        assert words(screens["nguoi-la-goi"]).startswith("0283… – không có trong danh bạ Đang nói chuyện")
        assert not any("Người lạ gọi" in words(screen) for screen in screens.values())


def test_the_address_bar_has_the_whole_address(phone):
    (address,) = drawn_screens(phone)["trang-la"].xpath(".//p[@class='browser__address']")
    assert address.text_content() == "Địa chỉ: https://nhan-qua-nhanh-hom-nay.example/vao"


def test_a_store_page_names_who_made_the_application(phone):
    (head,) = drawn_screens(phone)["trang-ung-dung"].xpath(".//div[@class='store']")
    assert words(head) == "Xe buýt Mẫu Trung tâm Xe buýt 4,5 ★★★★☆ trên 5 sao"


def test_a_card_has_its_lines_and_rings_one(phone):
    (card,) = drawn_screens(phone)["o-quay"].xpath(".//div[contains(@class, 'drawn-card--identity')]")
    lines = card.xpath(".//dl/div")
    assert [words(line) for line in lines] == ["Số 099 060 000 123", "Họ và tên Nguyễn Văn Tập"]
    assert ["ringed" in line.get("class") for line in lines] == [True, False]


def test_photos_stand_in_a_grid_and_keys_under_a_keyboard(phone):
    screens = drawn_screens(phone)
    assert len(screens["anh-con-gui"].xpath(".//div[@class='gallery']/button")) == 3
    assert len(screens["ban-phim"].xpath(".//div[@class='keyboard__keys']/button")) == 3


def test_what_happens_outside_the_phone_has_no_phone_around_it(phone):
    screens = drawn_screens(phone)
    without_keys = {name for name, screen in screens.items() if not screen.xpath(".//div[@class='phone__foot']")}
    assert without_keys == {"o-quay", "ngoai-to", "trang-qua", "xong"}
    assert "Đọc số cho cán bộ" not in phone.get(f"{PRACTICE}?che-do=lam-that").text


def test_a_practice_loads_only_the_stylesheets_of_what_it_draws():
    assert phone_components(every_screen()) == ["phone", "app", "home", "call", "sms", "scan", "pointed"]
    assert set(phone_components(practice())) > {
        "list-row",
        "bubble",
        "drawn-card",
        "tabs",
        "gallery",
        "keyboard",
        "lock",
    }


def test_the_demonstration_and_the_sheet_of_steps_know_the_rows(phone):
    for guide in ("xem-mau", "to-buoc"):
        page = phone.get(f"{PRACTICE}?che-do={guide}").text
        assert re.search("Bác chạm “Con gái”", page)

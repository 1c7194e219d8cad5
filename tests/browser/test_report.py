"""Report, attestation, Wi-Fi and network check in a browser: accessibility, and the report on one sheet of paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    class_code,
    join_class_session,
    open_class_session,
    send_command,
)
from tests.browser.conftest import PHONE
from tests.browser.finished_class import chosen_tasks, hold_class
from tests.browser.inspection import Inspector
from tests.browser.lessons import all_lessons, library
from tests.browser.printed_paper import sheets_of
from tests.browser.shared_chromium import SharedChromium
from tests.browser.site_process import Site
from tests.browser.staff import sign_in_as, tap_and_wait_for_page
from tests.browser.wall_inspection import WallInspector

PAPER = {"width": 703, "height": 1032}  # px: an A4 less its margins


@pytest.fixture
def minh(new_page, site: Site) -> Page:
    page = new_page(PHONE)
    sign_in_as(page, site, "Minh", "facilitator")
    return page


@pytest.fixture
def paper(minh: Page, site: Site, chromium: SharedChromium) -> Iterator[Page]:
    """A page of Minh's as a printer sees it."""
    context = chromium.new_context(base_url=site.url, viewport=PAPER, storage_state=minh.context.storage_state())
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


def smallest_of(page: Page, within: str) -> float:
    """Letters, in px."""
    return page.evaluate(
        "(within) => Math.min(...[...document.querySelectorAll(within + ' *')]"
        ".map((one) => parseFloat(getComputedStyle(one).fontSize)))",
        within,
    )


def test_the_report_of_every_lesson_fits_one_sheet_and_can_be_read(paper, site):
    found = {}
    for lesson in all_lessons():
        paper.goto(hold_class(site, lesson), wait_until="load")
        smallest = smallest_of(paper, ".class-report")
        if sheets_of(paper) != 1 or smallest < 12 * 4 / 3 - 0.01:
            found[lesson.slug] = (sheets_of(paper), smallest)
    assert found == {}


@pytest.mark.parametrize("phones", [0, 1, 60])
def test_the_reports_of_an_empty_and_a_full_class_fit_one_sheet_without_overlaps(paper, site, phones):
    lesson = max(all_lessons(), key=lambda one: (one.practice is not None, len(one.understand.questions)))
    paper.goto(hold_class(site, lesson, phones), wait_until="load")
    assert sheets_of(paper) == 1
    bars = paper.evaluate(
        "() => [...document.querySelectorAll('.class-report-line__fill')].map((one) => one.getBoundingClientRect())"
        ".map(({ top, bottom }) => [top, bottom])"
    )
    assert all(bottom < top for (_, bottom), (top, _) in pairwise(bars))
    cut = paper.evaluate(
        "() => [...document.querySelectorAll('.class-report-line__value')]"
        ".filter((one) => one.getBoundingClientRect().right > document.querySelector('.class-report')"
        ".getBoundingClientRect().right).map((one) => one.textContent)"
    )
    assert cut == []


def test_the_wifi_and_the_join_link_can_be_printed_as_a_poster(minh, paper):
    base = open_class_session(minh, LESSON_WITH_PRACTICE)
    for name, password in (("NhaVanHoa KP3", "hoc-chung-2026"), ("W" * 32, "W" * 63), ("Quán nước", "")):
        minh.goto(f"{base}/wifi", wait_until="load")
        minh.locator("#ten").fill(name)
        minh.locator("#mat-khau").fill(password)
        tap_and_wait_for_page(minh.get_by_role("button", name="Hiện lên màn chiếu"))
        expect(minh.get_by_role("button", name="In tờ dán cửa")).to_be_visible()
        expect(minh.locator(".poster")).to_be_hidden()
        paper.goto(f"{base}/wifi", wait_until="load")
        expect(paper.locator(".poster")).to_contain_text(name)
        assert sheets_of(paper) == 1
        assert smallest_of(paper, ".poster") >= 18 * 4 / 3 - 0.01
        for square in paper.locator(".poster .qr__square").all():
            assert square.bounding_box()["width"] >= 50 * 96 / 25.4
        assert not paper.locator(".desk-dock, .desk-header, .poster ~ form").filter(visible=True).count()
        steps = [step.bounding_box() for step in paper.locator(".poster__step").all()]
        assert steps[0]["x"] + steps[0]["width"] < steps[1]["x"]
        assert steps[1]["x"] + steps[1]["width"] <= PAPER["width"]


def test_every_page_is_accessible(minh, site, new_page, monitor):
    monitor.expected = {404}
    inspector = Inspector(minh)
    report = hold_class(site, library().lesson(*LESSON_WITH_PRACTICE.split("/")))
    for path, where in ((report, "report"), ("/dung-lop/bao-cao", "reports"), (report[:-8], "closed")):
        minh.goto(path, wait_until="load")
        inspector.inspect_page(where)
    minh.goto("/thu-truoc-gio", wait_until="load")
    inspector.inspect_page("before a trial")
    tap_and_wait_for_page(minh.get_by_role("button", name="Bắt đầu thử"))
    expect(minh.locator(".network-check__number")).to_be_visible()
    inspector.inspect_page("a trial")
    phone = new_page(PHONE)
    looking = Inspector(phone)
    phone.goto(re.search(r"/thu-truoc-gio/\d{4}", minh.locator("main").inner_text())[0], wait_until="load")
    looking.inspect_page("a phone that tries")
    tap_and_wait_for_page(phone.get_by_role("button", name="Thử máy này"))
    expect(phone.locator("h1")).to_have_text("Máy này vào được")
    looking.inspect_page("a phone that was counted")
    expect(minh.locator(".network-check__number")).to_have_text("1")
    expect(minh.locator("[data-part=found]")).to_contain_text(re.compile("Mạng .+ 1 máy"))  # as it is here and now
    phone.goto("/thu-truoc-gio/0", wait_until="load")
    looking.inspect_page("a wrong number")
    base = open_class_session(minh, LESSON_WITH_PRACTICE)
    join_class_session(new_page(PHONE), class_code(minh))
    for path in ("/wifi", "/chung-kien", chosen_tasks()):
        minh.goto(base + path, wait_until="load")
        inspector.inspect_page(path)
    assert inspector.found | looking.found == {}


def test_a_tap_marks_a_seat_in_place_and_another_one_takes_it_back(minh, new_page):
    base = open_class_session(minh, LESSON_WITH_PRACTICE)
    code = class_code(minh)
    for _ in range(2):
        join_class_session(new_page(PHONE), code)
    minh.goto(f"{base}/chung-kien", wait_until="load")
    minh.locator(".tickbox").first.tap()
    tap_and_wait_for_page(minh.get_by_role("button", name="Xong, sang từng người"))
    minh.evaluate("() => { window.stays = true }")
    minh.get_by_role("button", name="Tôi đã thấy: số 2").tap()
    expect(minh.locator("#cho-2 strong", has_text="Đã thấy")).to_be_visible()
    expect(minh.locator("[data-part=count]")).to_have_text("Đã thấy 1 trong 2 chỗ.")
    minh.get_by_role("button", name="Chạm nhầm: số 2").tap()
    expect(minh.locator("[data-part=count]")).to_have_text("Đã thấy 0 trong 2 chỗ.")
    assert minh.evaluate("() => window.stays")


def test_a_later_attested_task_is_added_and_the_phone_is_told(minh, new_page):
    base = open_class_session(minh, LESSON_WITH_PRACTICE)
    lan = new_page(PHONE)
    join_class_session(lan, class_code(minh))
    send_command(minh, to="dung")
    expect(lan.locator("[data-part=dung]")).to_be_visible()
    expect(lan.locator("[data-attested]")).to_be_hidden()
    minh.goto(f"{base}{chosen_tasks().partition('&')[0]}", wait_until="load")
    minh.get_by_role("button", name="Tôi đã thấy: số 1").tap()
    expect(lan.locator("[data-attested]")).to_be_visible()
    expect(minh.get_by_role("button", name="Chạm nhầm: số 1")).to_be_focused()
    tap_and_wait_for_page(minh.get_by_role("link", name="Chọn lại việc"))
    minh.locator(".tickbox").nth(1).tap()
    tap_and_wait_for_page(minh.get_by_role("button", name="Xong, sang từng người"))
    minh.get_by_role("button", name="Thấy thêm: số 1").tap()
    expect(minh.get_by_role("button", name="Chạm nhầm: số 1")).to_be_focused()
    expect(minh.locator("#cho-1 button")).to_have_count(1)
    expect(minh.get_by_text("Ai đã ghi rồi")).to_have_count(0)


def test_the_wifi_step_is_readable_from_the_last_row(minh, new_page):
    base = open_class_session(minh, LESSON_WITH_PRACTICE)
    wall = new_page({"viewport": {"width": 1920, "height": 1080}, "locale": "vi-VN"})
    wall.goto("/chieu")
    expect(wall.locator(".wall-pairing__digit")).to_have_count(4)
    minh.locator("#bon-so").fill("".join(wall.locator(".wall-pairing__digit").all_inner_texts()))
    tap_and_wait_for_page(minh.get_by_role("button", name="Ghép"))
    expect(wall.locator(".wall-join__code")).to_be_visible()
    inspector = WallInspector(wall)
    networks = (("NhaVanHoa KP3", "hoc-chung-2026"), ("W" * 32, "W" * 30), ("M" * 32, "M" * 63), ("Quán nước", ""))
    for name, password in networks:
        minh.goto(f"{base}/wifi", wait_until="load")
        minh.locator("#ten").fill(name)
        minh.locator("#mat-khau").fill(password)
        tap_and_wait_for_page(minh.get_by_role("button", name="Hiện lên màn chiếu"))
        expect(wall.locator(".wall-network")).to_contain_text(name)
        inspector.inspect(name)
    minh.get_by_role("button", name="Bỏ khỏi màn chiếu").tap()
    expect(wall.locator(".wall-network")).to_have_count(0)
    assert inspector.found == {}

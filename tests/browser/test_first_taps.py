"""From a slip to the first slide, and to the practice: the taps of a volunteer who read the guide's first section."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.class_pages import LESSON_WITH_PRACTICE, wait_for_next_step_label
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.site_process import Site
from tests.browser.staff import run_user_command, slip_path, tap_and_wait_for_page

TO_FIRST_SLIDE, TO_PRACTICE = 12, 20  # taps


class Taps:
    """Counts what she taps."""

    def __init__(self) -> None:
        self.count = 0

    def to_page(self, control: Locator) -> None:
        self.count += 1
        tap_and_wait_for_page(control)

    def next_step(self, desk: Page, control: Locator) -> str:
        self.count += 1
        return wait_for_next_step_label(desk, control.click)


def test_from_the_slip_to_the_first_slide_and_the_practice_in_few_taps(new_page, site: Site):
    slip = slip_path(run_user_command(site, "add", "--name", "Minh", "--role", "facilitator", "--ward", "An Đông"))
    laptop, taps = new_page(LAPTOP), Taps()
    laptop.goto(slip)
    taps.to_page(laptop.get_by_role("button", name="Vào"))
    course = laptop.locator(f"details:has(input[value='{LESSON_WITH_PRACTICE}'])")
    if course.get_attribute("open") is None:
        course.locator("summary").tap()
        taps.count += 1
    laptop.locator(f"label:has(input[value='{LESSON_WITH_PRACTICE}'])").tap()
    taps.count += 1
    taps.to_page(laptop.get_by_role("button", name="Mở lớp"))
    with laptop.expect_popup() as opened:
        laptop.get_by_role("button", name="Chiếu bằng máy này").tap()
    taps.count += 1
    wall = opened.value
    expect(wall.locator(".wall-join__code")).to_be_visible()
    taps.next_step(laptop, laptop.locator("[data-next-step]"))
    expect(wall.locator(".wall-join__code")).to_be_hidden()
    assert taps.count <= TO_FIRST_SLIDE, taps.count

    # Her phone comes along: two taps on the laptop, one on the phone.
    before = taps.count
    taps.to_page(laptop.get_by_role("link", name="Cầm điện thoại đi lại"))
    taps.to_page(laptop.get_by_role("button", name="Hiện hình vuông"))
    code = laptop.locator(".code").inner_text()
    phone = new_page(PHONE)
    phone.goto("/vao")
    phone.locator("#ma").fill(code)
    taps.to_page(phone.get_by_role("button", name="Vào bằng mã"))
    expect(phone).to_have_url(re.compile(r"/dung-lop/[0-9a-f]{32}$"))
    assert taps.count == before + 3
    taps.count = before

    taps.to_page(phone.get_by_role("link", name="Các bước của buổi"))
    taps.count += 1
    phone.locator(".desk-steps__item", has_text="Cả lớp tập").tap()
    expect(phone.locator("[data-number=practising]")).to_have_count(1)
    assert taps.count <= TO_PRACTICE, taps.count

"""From a slip to the first slide, and to the practice: the taps of a volunteer who read the guide's first section.

She taps only what that section names in bold and what she sees without scrolling, on a laptop and on a phone.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.class_pages import LESSON_WITH_PRACTICE, wait_for_next_step_label
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.site_process import Site
from tests.browser.staff import run_user_command, slip_path, tap_and_wait_for_page
from tests.browser.waiting import wait_until

TO_FIRST_SLIDE, TO_PRACTICE = 12, 20  # taps
DESK_PHONE = PHONE | {"viewport": {"width": 390, "height": 844}}
GUIDE = Path(__file__).parents[2] / "docs/huong-dan-dung-lop.md"
# Its middle and its edges are on the screen, and nothing lies over them.
IS_SEEN = """(control) => {
  const { left, top, right, bottom } = control.getBoundingClientRect()
  const at = (x, y) => control.contains(document.elementFromPoint(x, y))
  const middle = (left + right) / 2
  return at(middle, top + 3) && at(middle, (top + bottom) / 2) && at(middle, bottom - 3)
}"""


def first_section() -> str:
    """The guide's first section, in one line."""
    return " ".join(GUIDE.read_text("utf-8").split("\n## ")[1].split())


class Taps:
    """Counts what she taps. ``name``: what the guide's first section calls it."""

    def __init__(self) -> None:
        self.count, self.read = 0, first_section()

    def to_page(self, control: Locator, name: str) -> None:
        self._look_for(control, name)
        tap_and_wait_for_page(control)

    def next_step(self, desk: Page, control: Locator, name: str) -> str:
        self._look_for(control, name)
        return wait_for_next_step_label(desk, control.tap)

    def _look_for(self, control: Locator, name: str) -> None:
        assert f"**{name}**" in self.read, name
        expect(control).to_contain_text(name)
        wait_until(control.page, lambda: control.evaluate(IS_SEEN))  # a push may just have replaced it
        self.count += 1


def test_from_the_slip_to_the_first_slide_and_the_practice_in_few_taps(new_page, site: Site):
    slip = slip_path(run_user_command(site, "add", "--name", "Minh", "--role", "facilitator", "--ward", "An Đông"))
    laptop, taps = new_page(LAPTOP), Taps()
    laptop.goto(slip)
    taps.to_page(laptop.get_by_role("button", name="Vào"), "Vào")
    course = laptop.locator(f"details:has(input[value='{LESSON_WITH_PRACTICE}'])")
    if course.get_attribute("open") is None:
        course.locator("summary").tap()
        taps.count += 1
    laptop.locator(f"label:has(input[value='{LESSON_WITH_PRACTICE}'])").tap()
    taps.count += 1
    taps.to_page(laptop.get_by_role("button", name="Mở lớp"), "Mở lớp")
    with laptop.expect_popup() as opened:
        laptop.get_by_role("button", name="Chiếu bằng máy này").tap()
    taps.count += 1
    wall = opened.value
    expect(wall.locator(".wall-join__code")).to_be_visible()
    taps.next_step(laptop, laptop.locator("[data-next-step]"), "Tiếp")
    expect(wall.locator(".wall-join__code")).to_be_hidden()
    assert taps.count <= TO_FIRST_SLIDE, taps.count

    # Her phone comes along: two taps on the laptop, one on the phone.
    before = taps.count
    taps.to_page(laptop.get_by_role("link", name="Cầm điện thoại đi lại"), "Cầm điện thoại đi lại")
    taps.to_page(laptop.get_by_role("button", name="Hiện hình vuông"), "Hiện hình vuông")
    code = laptop.locator(".learning-code").inner_text()
    phone = new_page(DESK_PHONE)
    phone.goto("/vao")
    phone.locator("#ma").fill(code)
    taps.to_page(phone.get_by_role("button", name="Vào bằng mã"), "Vào")
    expect(phone).to_have_url(re.compile(r"/dung-lop/[0-9a-f]{32}$"))
    assert taps.count == before + 3
    laptop.goto(phone.url)
    expect(laptop.locator(".desk-stages [aria-current]")).to_have_text("Hiểu")

    # A tap by mistake says what it left out, and is taken back by one more.
    slide = phone.locator(".desk-preview__title").inner_text()
    taps.next_step(phone, phone.locator(".desk-stages__button", has_text="Làm"), "Làm")
    expect(phone.locator(".desk-jump")).to_contain_text("Đã sang phần Làm, bỏ qua 6 trang và 7 câu hỏi.")
    taps.next_step(phone, phone.locator(".desk-jump button"), "Về lại")
    expect(phone.locator(".desk-preview__title")).to_have_text(slide)

    for desk in (phone, laptop):
        expect(desk.locator(".desk-preview__title")).to_have_text(slide)
        taps.count = before
        taps.next_step(desk, desk.locator(".desk-stages__button", has_text="Làm"), "Làm")
        leave_demo = desk.get_by_role("button", name="Thôi làm mẫu")
        taps.next_step(desk, leave_demo, "Thôi làm mẫu. Cả lớp tập")
        expect(desk.locator("[data-number=practising]")).to_have_count(1)
        assert taps.count <= TO_PRACTICE, taps.count
        desk.locator(".desk-stages__button", has_text="Hiểu").tap()

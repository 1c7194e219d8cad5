"""What ends by itself on desk, wall and phones at the same moment: a break, and the last minute of a question."""

from __future__ import annotations

import re
import sqlite3
import time

from playwright.sync_api import expect

from tests.browser.class_pages import class_code, join_class_session, open_class_session, press_next_step
from tests.browser.conftest import LAPTOP, PHONE


def let_end_in_three_seconds(site, base: str, key: str) -> None:
    """Set the moment that the class's state keeps under ``key``. Then nothing more is written or pushed."""
    with sqlite3.connect(site.data_dir / "lms.sqlite3") as database:
        database.execute(
            "UPDATE classes SET state = json_set(state, ?, ?), version = version + 1 WHERE id = ?",
            (f"$.{key}", int(time.time()) + 3, base[-32:]),
        )


def test_a_break_begins_and_ends_by_itself_on_desk_wall_and_phones(new_page, facilitator, site):
    laptop, learner = new_page(LAPTOP), new_page(PHONE)
    facilitator(laptop, "Minh")
    base = open_class_session(laptop)
    join_class_session(learner, class_code(laptop))
    with laptop.expect_popup() as opened:
        laptop.get_by_role("button", name="Chiếu bằng máy này").click()
    wall = opened.value
    press_next_step(laptop)
    laptop.locator("#nghi summary").click()
    laptop.get_by_role("button", name="Nghỉ 10 phút").click()
    expect(laptop.locator("[data-next-step]")).to_contain_text("Hết nghỉ")
    expect(laptop.locator(".desk-preview")).to_contain_text(re.compile(r"còn (10:00|9:\d\d)"))
    expect(wall.locator("h1")).to_have_text("Mời các bác nghỉ giải lao")
    expect(wall.locator("[data-break-left]")).to_have_text(re.compile(r"^9:\d\d$"))  # it counts down
    expect(learner.locator("[data-break]")).to_have_text(re.compile(r"Học tiếp lúc \d+:\d\d"))
    let_end_in_three_seconds(site, base, "break_until")
    expect(laptop.locator("[data-next-step]")).to_contain_text("Tiếp")
    expect(laptop.locator(".desk-preview")).not_to_contain_text("Đang nghỉ")
    expect(wall.locator("[data-break-left]")).to_have_count(0)
    expect(learner.locator("[data-break]")).to_be_hidden()


def test_the_last_minute_of_a_question_shrinks_calmly_and_ends_by_itself(new_page, facilitator, site):
    laptop, learner, still = new_page(LAPTOP), new_page(PHONE), new_page(PHONE | {"reduced_motion": "reduce"})
    facilitator(laptop, "Minh")
    base = open_class_session(laptop)
    for phone in (learner, still):
        join_class_session(phone, class_code(laptop))
    with laptop.expect_popup() as opened:
        laptop.get_by_role("button", name="Chiếu bằng máy này").click()
    wall = opened.value
    while laptop.get_by_role("button", name="Khóa câu trả lời").count() == 0:
        press_next_step(laptop)
    laptop.get_by_role("button", name="Còn 1 phút", exact=True).click()
    expect(laptop.locator("[data-next-step]")).to_contain_text("Khóa câu trả lời")
    for page in (wall, learner, still):
        expect(page.locator("[data-last-minute]")).to_have_text("Còn 1 phút")
    for page in (wall, learner):
        expect(page.locator("[data-bar]")).to_have_css("animation-name", "last-minute")
    expect(still.locator("[data-bar]")).to_be_hidden()
    let_end_in_three_seconds(site, base, "last_minute_until")
    for page in (wall, learner, still):
        expect(page.locator("[data-last-minute]")).to_be_hidden()
    expect(laptop.get_by_role("button", name="Còn 1 phút", exact=True)).to_be_visible()
    laptop.get_by_role("link", name="Đếm tay").click()
    more = laptop.get_by_role("button", name="Thêm một tay cho câu").first
    # A browser drops clicks on a page that it has not painted yet.
    laptop.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    more.click(click_count=3)
    expect(laptop.locator(".desk-number__field").first).to_have_value("3")

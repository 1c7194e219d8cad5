"""The keys of the desk, the wall and the pages beside them: a presenter, a clicker, and who may not."""

from __future__ import annotations

import re
from functools import partial

from playwright.sync_api import expect

from tests.browser.class_pages import (
    advance_to,
    class_code,
    join_class_session,
    open_class_session,
    pair_projector,
    press_next_step,
    wait_for_next_step_label,
)
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.wall_inspection import FIND

LESSON = "vneid/ba-loai-ma"
# The window that the desk opens, and projectors.
HINT_SIZES = ({"width": 960, "height": 540}, {"width": 1280, "height": 720}, {"width": 1024, "height": 768})


def test_keys_and_a_presenter_control_the_class(new_page, facilitator):
    laptop = new_page(LAPTOP)
    facilitator(laptop, "Minh")
    open_class_session(laptop, LESSON)
    label = laptop.locator(".desk__label")
    for key in ("Space", "ArrowRight", "PageDown"):
        wait_for_next_step_label(laptop, partial(laptop.keyboard.press, key))
    asked = label.inner_text()
    laptop.keyboard.press("PageUp")
    expect(label).not_to_have_text(asked)
    laptop.keyboard.press("b")
    expect(laptop.locator(".desk-preview")).to_contain_text("Các máy đang dừng")
    laptop.keyboard.press("b")
    expect(laptop.locator(".desk-preview")).not_to_contain_text("Các máy đang dừng")


def test_the_main_button_keeps_the_focus_when_the_panel_changes(new_page, facilitator):
    laptop = new_page(LAPTOP)
    facilitator(laptop, "Minh")
    open_class_session(laptop)
    press_next_step(laptop)  # "Lùi" appears with this step
    expect(laptop.locator("[data-next-step]")).to_be_focused()
    advance_to(laptop, "Bước tiếp")
    expect(laptop.locator("h1")).to_have_text(re.compile(r"Phòng đang thấy: bước 1 trong \d+"))
    expect(laptop.locator("[data-next-step]")).to_contain_text("bước 2 trong ")
    laptop.get_by_role("button", name="Thôi làm mẫu").click()  # and disappears again
    expect(laptop.locator("[data-next-step]")).to_contain_text("Dùng liền")
    expect(laptop.locator("[data-next-step]")).to_be_focused()
    laptop.keyboard.press("b")
    expect(laptop.locator("[data-next-step]")).to_contain_text("Mở lại các máy")
    laptop.keyboard.press("b")
    expect(laptop.locator("[data-next-step]")).to_contain_text("Dùng liền")


def test_keys_do_not_control_the_class_while_typing(new_page, facilitator):
    laptop = new_page(LAPTOP)
    facilitator(laptop, "Minh")
    open_class_session(laptop)
    before = laptop.locator("[data-next-step]").inner_text()
    laptop.locator("#bon-so").click()
    for key in ("1", "Space", "ArrowLeft", "PageDown", "2", "."):
        laptop.keyboard.press(key)
    expect(laptop.locator("[aria-busy=true]")).to_have_count(0)  # while a command is in flight
    expect(laptop.locator("[data-next-step]")).to_have_text(before)
    assert laptop.locator("#bon-so").input_value()


def test_the_wall_opens_paired_in_a_window_whose_keys_control_the_class(new_page, facilitator):
    """Whatever the desk's own tab shows, and after full screen, whose button would take the keys."""
    laptop = new_page(LAPTOP)
    facilitator(laptop, "Minh")
    open_class_session(laptop)
    with laptop.expect_popup() as opened:
        laptop.get_by_role("button", name="Chiếu bằng máy này").click()
    wall = opened.value
    code = class_code(laptop)
    expect(wall.locator("body")).to_contain_text(f"{code[:3]} {code[3:]}")
    expect(wall.locator("[data-note=drag]")).to_contain_text("Kéo cửa sổ này")
    wall.wait_for_load_state("load")  # its script is there
    cut = {}
    for size in HINT_SIZES:
        wall.set_viewport_size(size)
        # Shown once more, because it goes by itself.
        wall.evaluate("document.querySelector('class-wall').showNote('drag', 1e6)")
        hint, board = wall.locator("[data-note]").bounding_box(), wall.locator(".wall__board").bounding_box()
        assert hint["y"] + hint["height"] <= board["y"] + 1
        # The letters are a little smaller for as long as the hint stands.
        if faults := [fault for fault in wall.evaluate(FIND) if "cut off" in fault]:
            cut[size["width"]] = faults
    assert cut == {}
    next_step = laptop.locator("[data-next-step]")
    before = next_step.inner_text()
    wall.bring_to_front()
    wall.keyboard.press("PageDown")
    expect(next_step).not_to_have_text(before)
    full = wall.get_by_role("button", name="Toàn màn hình")
    full.hover()
    expect(full).to_have_css("opacity", "1")
    full.click()
    expect(full).not_to_be_focused()
    wall.mouse.move(10, 200)
    expect(full).to_have_css("opacity", "0")
    laptop.get_by_role("link", name="Việc khác").click()
    laptop.wait_for_url("**/viec")
    shown = wall.locator("h1")
    for key in ("PageDown", "Space", "PageUp"):
        before = shown.inner_text()
        wall.keyboard.press(key)
        expect(shown).not_to_have_text(before)


def test_a_wall_that_may_not_control_the_class_says_so_when_a_key_is_pressed(new_page, facilitator):
    laptop, wall = new_page(LAPTOP), new_page(LAPTOP)
    facilitator(laptop, "Minh")
    open_class_session(laptop)
    wall.goto("/chieu")
    pair_projector(laptop, wall)
    before = wall.locator("[data-snapshot]").get_attribute("data-snapshot")
    wall.keyboard.press("PageDown")
    expect(wall.locator("[data-note]")).to_contain_text("Bút bấm chưa nối")
    assert wall.locator("[data-snapshot]").get_attribute("data-snapshot") == before


def test_the_pointer_and_the_buttons_leave_the_wall_after_a_rest(new_page):
    wall = new_page(LAPTOP)
    wall.clock.install()
    wall.goto("/chieu")
    expect(wall.locator(".wall-pairing__digit")).to_have_count(4)
    wall.mouse.move(1300, 10)
    full = wall.get_by_role("button", name="Toàn màn hình")
    expect(full).to_have_css("opacity", "1")
    wall.clock.run_for(4000)
    expect(wall.locator("html")).to_have_css("cursor", "none")
    expect(full).to_have_css("opacity", "0")
    wall.mouse.move(1290, 12)
    expect(full).to_have_css("opacity", "1")


def test_the_clicker_controls_the_class_from_the_pages_beside_the_desk(new_page, facilitator):
    laptop, learner = new_page(LAPTOP), new_page(PHONE)
    facilitator(laptop, "Minh")
    base = open_class_session(laptop)
    first, code = laptop.locator("[data-next-step]").inner_text(), class_code(laptop)
    laptop.goto(f"{base}/viec", wait_until="load")
    join_class_session(learner, code)
    expect(laptop.locator("[data-number=machines]")).to_have_text("1")
    laptop.keyboard.press("PageDown")
    expect(laptop.locator("desk-subpage")).to_have_text("Bút bấm: lớp đã theo.")
    laptop.goto(base)
    expect(laptop.locator("[data-next-step]")).not_to_have_text(first)
    for path in ("wifi", "giup"):
        laptop.goto(f"{base}/{path}", wait_until="load")
        laptop.keyboard.press("PageUp" if path == "wifi" else "PageDown")
        expect(laptop.locator("desk-subpage")).to_have_text("Bút bấm: lớp đã theo.")
        expect(laptop.locator("[data-number=machines]")).to_have_text("1")

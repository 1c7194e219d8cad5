"""The desk in a browser: on a phone, on a laptop, and without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.class_pages import (
    LESSON_WITH_PRACTICE,
    advance_to,
    choose_lesson,
    class_code,
    join_class_session,
    open_class_session,
    press_next_step,
    raise_hand,
    wait_for_next_step_label,
)
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.inspection import Inspector
from tests.browser.staff import tap_and_wait_for_page

LESSON = "vneid/ba-loai-ma"
# Its words, whether it is drawn, and the left, right and lower edge of each, in px of the window.
URGENT_BUTTONS = """() => Array.from(document.querySelectorAll("[data-urgent]"), (button) => {
  const { left, right, bottom } = button.getBoundingClientRect()
  const isDrawn = button.getClientRects().length > 0 && getComputedStyle(button).visibility === "visible"
  return [button.innerText.replace(/\\s+/g, " ").trim(), isDrawn, left, right, bottom]
})"""

# The left and upper edge of each course, in px of the page.
COURSES = """() => Array.from(document.querySelectorAll("#mo-lop summary"), (course) => {
  const { left, top } = course.getBoundingClientRect()
  return [Math.round(left), Math.round(top + scrollY)]
}).slice(0, -1)"""


def test_every_page_of_the_desk_is_accessible(new_page, facilitator, monitor):
    monitor.expected = {404, 409}  # a seat that there is not; the list of a class that was closed
    phone = new_page(PHONE)
    inspector = Inspector(phone)
    facilitator(phone, "Minh")
    phone.goto("/dung-lop", wait_until="load")
    inspector.inspect_page("lessons")
    base = open_class_session(phone)
    inspector.inspect_page("at the door")
    learner = new_page(PHONE)
    join_class_session(learner, class_code(phone))
    for path in ("/viec", "/giup", "/cho/1", "/dong", "/qr-giup", "/cho/99"):
        phone.goto(base + path, wait_until="load")
        inspector.inspect_page(path)
    phone.goto(f"{base}/qr-giup")
    tap_and_wait_for_page(phone.get_by_role("button", name="Hiện mã"))
    expect(phone.locator(".desk__qr")).to_be_visible()
    inspector.inspect_page("a code for helpers")
    invitation = phone.locator(".desk__qr").get_attribute("data-address")
    helper = new_page(PHONE)
    looking = Inspector(helper)
    helper.goto(re.search(r"/giup/\S+", invitation)[0])
    looking.inspect_page("a helper's door")
    helper.get_by_role("button", name="Vào phụ lớp").tap()
    helper.wait_for_url("**/giup")
    looking.inspect_page("a helper's list")
    phone.goto(base, wait_until="load")
    for words in ("Mở câu hỏi", "Khóa", "Xem đáp án", "Bước tiếp", "Dùng liền", "Đóng lớp"):
        advance_to(phone, words)
        inspector.inspect_all_sizes(words)
    phone.goto(f"{base}/man/nhap-ma-otp", wait_until="load")
    inspector.inspect_page("a screen of the row")
    phone.goto(f"{base}/dong")
    phone.get_by_role("button", name="Đóng lớp").tap()
    expect(phone.locator("h1")).to_have_text("Lớp đã đóng")
    inspector.inspect_page("closed")
    assert inspector.found | looking.found == {}


def test_the_button_that_opens_a_class_is_highlighted_once_a_lesson_is_chosen(new_page, facilitator):
    phone = new_page(PHONE)
    facilitator(phone, "Minh")
    phone.goto("/dung-lop", wait_until="load")
    button = phone.get_by_role("button", name="Mở lớp")
    before = button.evaluate("one => getComputedStyle(one).backgroundColor")
    choose_lesson(phone, LESSON)
    expect(button).not_to_have_css("background-color", before)
    expect(button).not_to_contain_text("Chọn bài trước")


def test_a_course_that_is_opened_moves_nothing_beside_or_above_it_and_the_bar_stays_low(new_page, facilitator):
    for device in (PHONE, LAPTOP):
        page = new_page(device)
        facilitator(page, "Minh")
        page.goto("/dung-lop", wait_until="load")
        height = device["viewport"]["height"]
        assert height - page.locator(".desk-dock").bounding_box()["y"] <= 0.15 * height
        before = page.evaluate(COURSES)
        page.locator("#mo-lop summary").nth(2).tap()
        expect(page.locator("#mo-lop details").nth(2)).to_have_attribute("open", "")
        after = page.evaluate(COURSES)
        left, top = before[2]
        stays = [number for number, (x, y) in enumerate(before) if y <= top or x > left]
        assert len(stays) > 3 - (device is PHONE)
        assert [after[number] for number in stays] == [before[number] for number in stays]


def test_on_a_laptop_the_main_colour_marks_opening_the_wall_first_and_then_the_next_step(new_page, facilitator):
    laptop = new_page(LAPTOP)
    facilitator(laptop, "Minh")
    open_class_session(laptop)
    wall, on = laptop.get_by_role("button", name="Chiếu bằng máy này"), laptop.locator("[data-next-step]")
    lamp, card = "rgb(245, 184, 46)", "rgb(255, 255, 255)"
    expect(wall).to_have_css("background-color", lamp)
    expect(on).to_have_css("background-color", card)
    with laptop.expect_popup():
        wall.click()
    expect(on).to_have_css("background-color", lamp)
    expect(wall).to_have_count(0)


def test_the_wall_of_a_second_class_replaces_that_of_the_first(new_page, facilitator):
    laptop = new_page(LAPTOP)
    facilitator(laptop, "Minh")

    def shows_itself(lesson: str) -> tuple[str, Page]:
        base = open_class_session(laptop, lesson)
        laptop.evaluate("window.open = () => null")  # a browser that blocks windows: each wall is a tab
        with laptop.expect_popup() as opened:
            laptop.get_by_role("button", name="Chiếu bằng máy này").click()
        expect(opened.value.locator("class-wall")).to_have_attribute("data-class", base[-32:])
        return base, opened.value

    (first, old_wall), (second, _) = shows_itself(LESSON_WITH_PRACTICE), shows_itself(LESSON)
    code = class_code(laptop)
    laptop.goto(first)
    press_next_step(laptop)  # the class that is on no wall any more
    expect(old_wall.locator("class-wall")).to_have_attribute("data-class", second[-32:])
    expect(old_wall.locator(".wall-join__code")).to_have_text(f"{code[:3]} {code[3:]}")


def test_a_confirmation_is_shown_once(new_page, facilitator):
    phone = new_page(PHONE)
    facilitator(phone, "Minh")
    base = open_class_session(phone, LESSON)
    phone.goto(f"{base}?da=tay", wait_until="load")
    expect(phone.locator(".desk-preview")).to_be_visible()
    expect(phone.get_by_text("Đã ghi số tay.")).to_be_visible()
    press_next_step(phone)
    expect(phone.get_by_text("Đã ghi số tay.")).to_have_count(0)
    phone.reload()
    expect(phone.locator("[data-next-step]")).to_be_visible()
    expect(phone.get_by_text("Đã ghi số tay.")).to_have_count(0)


def test_without_scripts_everything_works_by_forms(new_page, facilitator):
    phone = new_page(PHONE, script=False)
    facilitator(phone, "Minh")
    base = open_class_session(phone, LESSON)
    before = phone.locator("[data-next-step]").inner_text()
    phone.locator("[data-next-step]").tap()
    expect(phone.locator("[data-next-step]")).not_to_have_text(before)
    assert phone.url == base
    phone.get_by_role("button", name="Lùi").tap()
    expect(phone.locator("[data-next-step]")).to_have_text(before)


def test_every_urgent_button_is_in_sight_on_a_phone_at_every_step_and_phase(new_page, facilitator):
    phone = new_page(PHONE | {"viewport": {"width": 390, "height": 844}})
    facilitator(phone, "Minh")
    open_class_session(phone)
    seen: set[str] = set()
    hidden: list[str] = []
    while phone.locator("form [data-next-step]").count():
        at = f"{phone.locator('.desk__label').inner_text()} / {phone.locator('[data-next-step]').inner_text()}"
        for words, is_drawn, left, right, bottom in phone.evaluate(URGENT_BUTTONS):
            seen.add(re.sub(r"\d+", "", words))
            if not is_drawn or left < 0 or right > 390 or bottom > 844:
                hidden.append(f"{at}: {words} {left} to {right}, {bottom}")
        press_next_step(phone)
    assert hidden == []
    expected = {"Lùi", "Mời nhìn lên", "Cần giúp:", "Hỏi lại lần hai", "Mở lại cho sửa", "Đếm tay", "Đã thấy ai làm"}
    assert expected <= {words.strip() for words in seen}


def test_the_desk_returns_to_the_top_with_what_the_room_sees_and_keeps_its_place_when_only_numbers_change(
    new_page, facilitator
):
    phone, learner = new_page(PHONE | {"viewport": {"width": 390, "height": 844}}), new_page(PHONE)
    facilitator(phone, "Minh")
    open_class_session(phone)
    code = class_code(phone)
    press_next_step(phone)
    phone.evaluate("scrollTo(0, document.body.scrollHeight)")
    place = phone.evaluate("scrollY")
    assert place > 0
    join_class_session(learner, code)
    expect(phone.locator("[data-number=machines]").first).to_have_text("1")
    raise_hand(learner)
    hands = phone.get_by_role("status").get_by_role("link", name="1 bác giơ tay")
    expect(hands).to_be_in_viewport(ratio=1)  # though the page is scrolled
    assert phone.evaluate("scrollY") >= place
    press_next_step(phone)
    assert phone.evaluate("scrollY") == 0
    expect(phone.locator("[data-next-step]")).to_be_focused()
    expect(hands).to_be_in_viewport(ratio=1)
    phone.evaluate("scrollTo(0, document.body.scrollHeight)")
    phone.keyboard.press("PageDown")  # a clicker, with the same page open
    expect(phone.locator(".desk__label")).to_be_in_viewport()
    learner.get_by_role("button", name="Bỏ tay").click()
    expect(hands).to_be_hidden()


def test_a_class_without_a_wall_says_so_until_one_connects(new_page, facilitator):
    """On a phone the note pushes no button of the present step below the fold."""
    desk, wall = new_page(PHONE | {"viewport": {"width": 390, "height": 844}}), new_page(LAPTOP)
    facilitator(desk, "Minh")
    base = open_class_session(desk)
    press_next_step(desk)
    expect(desk.locator("[data-part=seen]")).to_contain_text("Chưa nối màn chiếu")
    wait_for_next_step_label(desk, desk.locator(".desk-stages__button", has_text="Làm").tap)
    leave_demo, back = (desk.get_by_role("button", name=name) for name in ("Thôi làm mẫu", "Lùi"))
    for width, height in ((390, 844), (360, 740)):
        desk.set_viewport_size({"width": width, "height": height})
        expect(leave_demo).to_be_in_viewport(ratio=1)
        upper = leave_demo.bounding_box()
        assert upper["y"] + upper["height"] <= back.bounding_box()["y"]
    wall.goto("/chieu")
    digits = wall.locator(".wall-pairing__digit")
    expect(digits.first).to_be_visible()
    settings = desk.context.new_page()
    settings.goto(f"{base}/viec?mo=man-chieu")
    settings.locator("#bon-so").fill("".join(digits.all_inner_texts()))
    with settings.expect_navigation():
        settings.get_by_role("button", name="Ghép").click()
    expect(desk.locator("[data-part=seen]")).not_to_contain_text("Chưa nối màn chiếu")

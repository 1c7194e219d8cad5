"""A small drawn phone between the paragraphs of a lesson: a tap on it is answered, and nothing is sent."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.input_devices import Finger, Keyboard
from tests.browser.lessons import lesson

FIRST = "/bat-dau/cham-vuot-go"
SCAM = "/lua-dao/gia-cong-an"
# The element fetches them when it comes near; importing the same module again waits for that.
GESTURES_ARE_LOADED = """() => {
  const script = document.querySelector("script[src*='inline-screen']").src
  return import(script.replace("elements/inline-screen", "practice/gestures")).then(() => true)
}"""


def test_the_right_tap_and_the_others_are_answered_and_nothing_is_sent(phone):
    finger = Finger()
    phone.goto(f"{FIRST}/hieu")
    screen = phone.locator("inline-screen").first
    requests = []
    phone.on("request", lambda request: requests.append(request.url))
    finger.press(screen.get_by_role("button", name="Máy ảnh"))
    expect(screen.locator("[data-note=idle]")).to_be_visible()
    finger.press(screen.get_by_role("button", name="Tin nhắn"))
    expect(screen.locator("[data-note=right]")).to_be_visible()
    expect(screen.locator("[data-note=idle]")).to_be_hidden()
    expect(phone.locator("[role=status]").last).to_contain_text("Đúng rồi")
    assert requests == []
    assert phone.evaluate("document.cookie + Object.keys(localStorage).filter((key) => /luot/.test(key))") == ""


def test_the_answer_to_a_tap_is_seen_also_where_the_phone_reaches_below_the_fold(phone):
    phone.goto("/thanh-toan/nhan-tien/hieu")
    screen = phone.locator("inline-screen").first
    button = screen.get_by_role("button", name="Quét QR")
    button.evaluate("button => scrollBy(0, button.getBoundingClientRect().bottom - innerHeight)")
    expect(screen.get_by_role("button", name="Cài đặt")).not_to_be_in_viewport()
    Finger().press(button)
    expect(screen.locator(".note:visible")).to_be_in_viewport(ratio=0.95)


def test_the_lesson_begins_with_doing(phone):
    phone.goto(f"{FIRST}/hieu")
    expect(phone.locator("inline-screen").first.get_by_role("button", name="Tin nhắn")).to_be_in_viewport()


def test_a_trap_that_is_to_be_found_is_not_pointed_at_and_explains_itself(phone):
    phone.goto(f"{SCAM}/hieu")
    screen = phone.locator("inline-screen")
    expect(screen.locator(".pointed__hand").first).to_be_hidden()
    (part,) = lesson(SCAM).understand.inline_screens
    drawn = lesson(SCAM).practice.screen(part.screen)
    trap = next(widget for widget in drawn.widgets if widget.arrow == "x>")
    Finger().press(screen.get_by_role("button", name=trap.label))
    expect(screen.locator(".note:visible")).to_contain_text(trap.warn)


def test_a_swipe_is_answered_and_one_the_wrong_way_kindly(phone):
    phone.goto(f"{FIRST}/hieu")
    screen = phone.locator("inline-screen:has([data-gesture=swipe])")
    area = screen.locator("[data-gesture=swipe]")
    area.scroll_into_view_if_needed()
    phone.evaluate(GESTURES_ARE_LOADED)
    swipe(phone, area, 60)
    expect(screen.locator("[data-note=miss]")).to_be_visible()
    area.tap()
    expect(screen.locator("[data-note=tapped]")).to_contain_text("rồi kéo lên")
    swipe(phone, area, -60)
    expect(screen.locator("[data-note=right]")).to_be_visible()
    expect(screen.locator("[data-note=tapped]")).to_be_hidden()


def swipe(page, area, down: int) -> None:
    box = area.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in (1, 2, 3):
        spot = {"x": x, "y": y + down * part / 3}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [spot]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_it_works_by_keyboard(phone):
    phone.goto(f"{FIRST}/hieu")
    screen = phone.locator("inline-screen").first
    Keyboard().press(screen.get_by_role("button", name="Tin nhắn"))
    expect(screen.locator("[data-note=right]")).to_be_visible()


def test_without_a_script_it_is_a_drawing_that_points_and_says_what_to_tap(plain_phone):
    plain_phone.goto(f"{SCAM}/hieu")
    screen = plain_phone.locator("inline-screen")
    expect(screen.locator(".pointed .pointed__hand")).to_be_visible()
    expect(screen).to_contain_text("Chỗ cần chạm có viền vàng")
    expect(screen.get_by_role("button").first).to_be_disabled()

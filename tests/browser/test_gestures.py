"""Gestures in a practice, made with fingers on a touch screen, with the keyboard, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.attempts import begin_attempt, go_by_requests
from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.input_devices import Keyboard
from tests.browser.site_process import Site, serve_site
from tests.web.every_screen import LESSON
from tests.web.gesture_screens import gesture_screens, write_gesture_screens

Spot = tuple[float, float]
STEPS = 8  # moves of a finger
NOTE = "[data-feedback=miss]"
ACTIONS_IN_LOG = """() => {
  const log = Object.keys(localStorage).find((key) => key.startsWith("luot-"))
  return JSON.parse(localStorage.getItem(log)).map((event) => event[4])
}"""
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
# As they will be when they have glided there.
FINGERS_APART = """() => {
  const fingers = Array.from(document.querySelectorAll(".demo-walk__finger:not(.demo-walk__finger--away)"))
  const [one, other] = fingers.map(({ style }) => new DOMMatrix(style.transform))
  return Math.hypot(one.e - other.e, one.f - other.f)
}"""
WATCH_FINGER = """() => {
  window.looks = [] // whether it was down, before each change
  const look = (changes) => window.looks.push(...changes.map(({ oldValue }) => /--down/.test(oldValue)))
  const options = { attributeFilter: ["class"], attributeOldValue: true }
  new MutationObserver(look).observe(document.querySelector(".demo-walk__finger"), options)
}"""
COUNT_TOUCHES = "() => window.looks.filter((isDown, index) => isDown && !window.looks[index - 1]).length"
ORDER = ("khoa-may", "trang-hai", "danh-sach", "tam-anh", "thu-nho-lai", "giu-lau", "cham-hai-cai", "xong")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("gestures")
    with serve_site(folder, courses=write_gesture_screens(folder / "courses")) as running:
        yield running


# Whether a list has not moved for ten frames.
LIES_STILL = """(list) => new Promise((done) => {
  let frames = 0
  let before = list.scrollTop
  const look = () => {
    if (list.scrollTop !== before) return done(false)
    frames += 1
    return frames === 10 ? done(true) : requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})"""


class Hands:
    """Fingers on the touch screen, as the browser's input events have them."""

    def __init__(self, page: Page) -> None:
        self.page, self.session = page, page.context.new_cdp_session(page)

    def touch(self, kind: str, spots: Sequence[Spot]) -> None:
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(spots)]
        self.session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    def move(self, *ways: tuple[Spot, Spot]) -> None:
        """Put a finger down at the beginning of each way, move all to the ends, and lift them."""
        self.touch("Start", [start for start, _ in ways])
        for step in range(1, STEPS + 1):
            part = step / STEPS
            self.touch("Move", [(x + (to_x - x) * part, y + (to_y - y) * part) for (x, y), (to_x, to_y) in ways])
        self.touch("End", [])

    def swipe(self, place: Locator, x: float, y: float) -> None:
        start = centre(place)
        self.move((start, (start[0] + x, start[1] + y)))

    def spread(self, place: Locator, before: float, after: float) -> None:
        """Two fingers, ``before`` px from the middle, then ``after``."""
        x, y = centre(place)
        self.move(((x - before, y), (x - after, y)), ((x + before, y), (x + after, y)))


def centre(place: Locator) -> Spot:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def start(page: Page, mode: str = "tu-lam", screen: str = "khoa-may") -> Hands:
    """Open an attempt that has come to a screen."""
    attempt = begin_attempt(page, f"{LESSON}/lam", mode)
    go_by_requests(page, attempt, gesture_screens(), screen)
    page.goto(attempt)
    expect_screen(page, screen)
    page.wait_for_load_state()
    return Hands(page)


def expect_screen(page: Page, screen: str) -> None:
    expect(page.locator(f"form.phone[data-screen='{screen}']:not(:has(input[name=q]))")).to_be_visible()


def gesture(page: Page) -> Locator:
    return page.locator(".phone [data-gesture]")


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam", "kiem-tra"])
def test_fingers_alone_go_all_the_way(phone, mode):
    hands = start(phone, mode)
    hands.swipe(gesture(phone), 0, -60)
    expect_screen(phone, "trang-hai")
    hands.swipe(gesture(phone), -60, 10)
    expect_screen(phone, "danh-sach")
    list_on_phone, row = phone.locator(".scroll"), phone.get_by_role("button", name="Con gái")
    expect(row).not_to_be_in_viewport(ratio=1)
    hands.swipe(list_on_phone, 0, -140)
    hands.swipe(list_on_phone, 0, -140)
    expect(row).to_be_in_viewport(ratio=1)
    phone.wait_for_function(LIES_STILL, arg=list_on_phone.element_handle())  # a touch of a gliding list only stops it
    phone.touchscreen.tap(*centre(row))
    expect_screen(phone, "tam-anh")
    hands.spread(gesture(phone), 20, 70)
    expect_screen(phone, "thu-nho-lai")
    hands.spread(gesture(phone), 80, 30)
    expect_screen(phone, "giu-lau")
    hands.touch("Start", [centre(gesture(phone))])
    expect_screen(phone, "cham-hai-cai")
    hands.touch("End", [])
    assert phone.evaluate(ACTIONS_IN_LOG) == ["swipe", "swipe", "tap", "pinch", "pinch", "hold"]
    spot = centre(gesture(phone))
    phone.clock.install(time=NOON)
    phone.clock.pause_at(NOON + timedelta(minutes=10))  # a busy machine takes long between two taps
    with phone.expect_request(lambda request: "double-tap" in (request.post_data or "")):
        phone.touchscreen.tap(*spot)
        phone.touchscreen.tap(*spot)
        expect(phone.locator(".phone--end")).to_be_visible()
        phone.clock.resume()


@pytest.mark.parametrize(("x", "y"), [(0, 60), (60, -5), (-60, 0), (8, -30)])
def test_a_swipe_that_goes_wrong_is_answered_kindly_and_costs_nothing(phone, x, y):
    hands = start(phone)
    hands.swipe(gesture(phone), x, y)
    expect(phone.locator(NOTE)).to_have_text("Gần được rồi. Bác đặt ngón tay lên hình bàn tay, rồi kéo lên.")
    expect(phone.locator(NOTE)).to_be_in_viewport()
    expect_screen(phone, "khoa-may")
    hands.swipe(gesture(phone), 0, -60)
    expect_screen(phone, "trang-hai")


def test_a_swipe_beside_its_place_is_answered_too(phone):
    hands = start(phone)
    gesture(phone).scroll_into_view_if_needed()
    hands.swipe(phone.get_by_text("09:15, Thứ Tư"), 0, -90)
    expect(phone.locator(NOTE)).to_be_in_viewport()
    expect_screen(phone, "khoa-may")


def test_a_test_does_not_tell_the_way(phone):
    hands = start(phone, "kiem-tra")
    hands.swipe(gesture(phone), 0, 60)
    expect(phone.locator(NOTE)).to_contain_text("Máy chưa nhận ra ngón tay của bác.")


def test_one_finger_is_no_pinch_and_a_short_press_is_a_tap(phone):
    hands = start(phone, screen="tam-anh")
    hands.swipe(gesture(phone), 60, 0)
    expect(phone.locator(NOTE)).to_have_text("Gần được rồi. Bác đặt hai ngón tay lên hình bàn tay, rồi mở hai ngón ra.")
    hands.spread(gesture(phone), 80, 30)
    expect_screen(phone, "tam-anh")
    hands.spread(gesture(phone), 20, 70)
    expect_screen(phone, "thu-nho-lai")


@pytest.mark.parametrize("screen", [screen for screen in ORDER if screen not in ("danh-sach", "xong")])
def test_a_tap_always_does_what_the_gesture_does(phone, screen):
    start(phone, screen=screen)
    gesture(phone).tap()
    expect_screen(phone, ORDER[ORDER.index(screen) + 1])


def test_the_page_scrolls_under_a_finger_only_beside_the_gesture(phone):
    hands = start(phone)
    phone.evaluate("() => scrollTo(0, 0)")
    x, y = centre(gesture(phone))
    before = phone.evaluate("() => scrollY")
    hands.move(((x, y), (x, y - 30)))
    expect(phone.locator(NOTE)).to_be_visible()
    assert gesture(phone).evaluate("(one) => getComputedStyle(one).touchAction") == "none"
    assert phone.evaluate("() => scrollY") <= before


def test_the_edge_of_a_list_says_where_the_row_is(phone):
    hands = start(phone, "lam-theo", "danh-sach")
    cue = phone.locator("[data-scroll-cue]")
    expect(cue).to_have_text("Kéo lên để thấy chỗ cần chạm")
    expect(phone.locator("[data-feedback='point 5']")).to_have_text(
        "Bác kéo lên tới khi thấy “Con gái”, rồi chạm vào đó."
    )
    hands.swipe(phone.locator(".scroll"), 0, -140)
    hands.swipe(phone.locator(".scroll"), 0, -140)
    expect(cue).to_have_text("Kéo lên, kéo xuống để xem hết")


def test_gestures_work_by_mouse_and_keyboard(new_page):
    page, keyboard = new_page(PROJECTOR), Keyboard()
    start(page)
    x, y = centre(gesture(page))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 60, steps=4)
    page.mouse.up()
    expect(page.locator(NOTE)).to_be_visible()
    expect_screen(page, "khoa-may")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=4)
    page.mouse.up()
    expect_screen(page, "trang-hai")
    for after in ("danh-sach", "tam-anh", "thu-nho-lai", "giu-lau", "cham-hai-cai", "xong"):
        keyboard.press(gesture(page) if after != "tam-anh" else page.get_by_role("button", name="Con gái"))
        expect_screen(page, after)


def test_the_way_stays_visible_where_nothing_may_move(new_page):
    page = new_page(PHONE, reduced_motion="reduce")
    start(page)
    way = page.locator(".gesture__way")
    expect(way).to_be_visible()
    for part in (way, page.locator(".gesture__hand")):
        assert part.evaluate("(one) => getComputedStyle(one).animationName") == "none"


def test_the_example_pinches_with_two_fingers_and_taps_twice(phone):
    phone.clock.install(time=NOON)
    phone.clock.pause_at(NOON + timedelta(minutes=10))
    phone.goto(f"{LESSON}/lam?che-do=xem-mau")
    fingers = phone.locator(".demo-walk__finger:visible")
    expect(fingers).to_have_count(1)
    go_on = phone.get_by_role("button", name="Bước tiếp")
    for _ in range(3):
        go_on.click()
    expect(fingers).to_have_count(2)
    before = phone.evaluate(FINGERS_APART)
    phone.clock.run_for(6100)  # fifteen words
    assert phone.evaluate(FINGERS_APART) > before + 40
    for _ in range(3):
        go_on.click()
    expect(fingers).to_have_count(1)
    phone.evaluate(WATCH_FINGER)
    phone.clock.run_for(6000)
    expect(phone.locator("[data-caption]")).to_have_text("Hiện màn “Xong” là xong.")
    assert phone.evaluate(COUNT_TOUCHES) == 2


def test_without_a_script_a_button_does_each_gesture_and_the_list_scrolls(plain_phone):
    page = plain_phone
    page.goto(f"{LESSON}/lam")
    page.locator("button[value=lam-theo]").click()
    for screen in ORDER[:-1]:
        expect(page.locator(f"form.phone[data-screen='{screen}']")).to_be_visible()
        if screen == "danh-sach":
            Hands(page).swipe(page.locator(".scroll"), 0, -200)
            page.get_by_role("button", name="Con gái").tap()
        else:
            gesture(page).tap()
    expect(page.locator(".phone--end")).to_be_visible()

"""The example (xem mẫu) and the real-device tasks (làm thật) in a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.inspection import Inspector, faults
from tests.browser.site_process import Site
from tests.browser.speech_recorder import SPEECH_RECORDER_SCRIPT
from tests.web.every_screen import LESSON

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
WATCH = f"{LESSON}/lam?che-do=xem-mau"
# A trap stands beside the right choice: the reason comes with it.
FIRST_CAPTION = "Bác chạm “Kho ứng dụng”. Chỉ kho ứng dụng mới có ứng dụng thật."


# In each frame until the first step is done: where the finger is, if it is not where the ring is.
WATCH_FINGER = """
window.astray = []
const look = () => {
  const finger = document.querySelector(".demo-walk__finger")
  const ring = document.querySelector(".phone .pointed")
  if (ring && ring.dataset.widget === "0" && getComputedStyle(finger).display !== "none") {
    const [there, here] = [finger, ring].map((thing) => thing.getBoundingClientRect())
    if (there.left < here.left - 8 || there.left > here.right) window.astray.push(there.left)
  }
  requestAnimationFrame(look)
}
addEventListener("DOMContentLoaded", look)
"""
# As whoever is quick: a test would come late on a slow machine.
STOP_AT_ONCE = """addEventListener("DOMContentLoaded", () => document.querySelector("[data-pause]").click())"""
FINGER_IS_ON_IT = """() => {
  const [finger, ring] = [".demo-walk__finger", ".phone .pointed"].map((name) => document.querySelector(name))
  const [there, here] = [finger, ring].map((thing) => thing.getBoundingClientRect())
  const [across, down] = [there.left + there.width / 3, there.top + 8]  // the tip of the finger
  return across > here.left && across < here.right && down > here.top - 8 && down < here.bottom
}"""


RING_ON_PAGE = """() => {
  const box = document.querySelector(".phone .pointed").getBoundingClientRect()
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
  return [x, y, Boolean(document.elementFromPoint(x, y).closest(".phone"))]
}"""


# The widths, in pixels, at which the full stop after a code of six digits stands on another line than its last digit.
WIDTHS_WITH_A_LONELY_STOP = """() => {
  const templates = Array.from(document.querySelectorAll("template"))
  const code = templates.map(({ content }) => content.querySelector(".digits--short")).find(Boolean)
  const line = document.querySelector("[data-caption]")
  line.textContent = "Mã OTP của bác là "
  line.append(code.cloneNode(true), ".")
  const stop = document.createRange()
  stop.selectNode(line.lastChild)
  const found = []
  for (let width = 120; width < 320; width += 1) {
    line.style.width = width + "px"
    const { bottom } = line.querySelector(".digits__group:last-child").getBoundingClientRect()
    if (stop.getBoundingClientRect().top > bottom - 5) found.push(width)
  }
  return found
}"""


@pytest.fixture(scope="module")
def site(every_screen_site: Site) -> Site:
    return every_screen_site


@pytest.fixture
def still_phone(new_page: Callable[..., Page]) -> Page:
    """Its owner asked for less motion."""
    return new_page(PHONE, reduced_motion="reduce")


@pytest.fixture
def listening(phone: Page) -> Page:
    phone.add_init_script(SPEECH_RECORDER_SCRIPT)
    return phone


def caption(page: Page):
    return page.locator("[data-caption]")


def press(page: Page, words: str) -> None:
    page.locator("[data-narration]").get_by_role("button", name=words, exact=True).click()


def open_with_paused_clock(page: Page) -> None:
    """At the first step; from the beginning time passes only by ``run_for``."""
    page.clock.install(time=NOON)
    page.clock.pause_at(NOON + timedelta(minutes=10))
    page.goto(WATCH)


def tap_highlighted_control(page: Page) -> None:
    """Where it is on the page. Playwright's own tap would scroll to the phone first, in Chromium 80 under the coach."""
    page.wait_for_function("() => Array.from(document.images).every((picture) => picture.complete)")
    x, y, is_on_phone = page.evaluate(RING_ON_PAGE)
    assert is_on_phone, "something lies over the ring"
    page.touchscreen.tap(x, y)


def test_the_demo_plays_by_itself_and_can_be_paused(phone):
    open_with_paused_clock(phone)
    expect(caption(phone)).to_have_text(FIRST_CAPTION)
    expect(phone.locator(".demo-walk__finger")).to_be_visible()
    expect(phone.locator(".home__icon.pointed")).to_contain_text("Kho ứng dụng")
    phone.clock.run_for(6700)
    expect(caption(phone)).to_have_text("Bác chạm “Cài đặt”.")
    press(phone, "Dừng")
    phone.clock.run_for(60_000)
    expect(caption(phone)).to_have_text("Bác chạm “Cài đặt”.")
    press(phone, "Chạy tiếp")
    phone.clock.run_for(2700)
    expect(caption(phone)).to_have_text("Máy đang chạy, bác đợi một chút.")


@pytest.mark.parametrize("device", [PHONE, PROJECTOR], ids=["phone", "projector"])
def test_the_hand_is_shown_on_the_widget_only(new_page, device):
    page = new_page(device)
    page.add_init_script(WATCH_FINGER + STOP_AT_ONCE)
    page.goto(WATCH)
    expect(page.locator("[data-pause]")).to_have_text("Chạy tiếp")
    expect(page.locator(".demo-walk__finger")).to_be_visible()
    for _ in range(3):  # the third thing is a place on a picture
        page.wait_for_function(FINGER_IS_ON_IT)
        press(page, "Bước tiếp")
    assert page.evaluate("() => window.astray") == []


def test_a_caption_stays_long_enough_to_be_read(phone):
    open_with_paused_clock(phone)
    for _ in range(5):
        press(phone, "Bước tiếp")
    expect(caption(phone)).to_have_text("Bác gõ 099060000123 vào ô “Số định danh cá nhân”.")
    phone.clock.run_for(3900)  # ten words
    expect(phone.locator(".phone [data-widget='0']")).to_have_value("")
    phone.clock.run_for(900)
    expect(phone.locator(".phone [data-widget='0']")).to_have_value("099060000")
    phone.clock.run_for(1000)
    expect(caption(phone)).to_have_text("Bác gõ 0100000777 vào ô “Số điện thoại”.")


def test_the_demo_can_be_stepped_by_hand_to_its_end(still_phone):
    still_phone.goto(WATCH)
    expect(still_phone.get_by_role("button", name="Dừng")).to_have_count(0)
    while still_phone.locator("[data-next]").is_visible():
        press(still_phone, "Bước tiếp")
    expect(caption(still_phone)).to_have_text("Hiện màn “Hoàn thành” là xong.")
    press(still_phone, "Lùi")
    expect(still_phone.locator(".phone [data-widget='0']")).to_have_value("HocTap@2026")
    press(still_phone, "Bước tiếp")
    press(still_phone, "Xem lại từ đầu")
    expect(caption(still_phone)).to_have_text(FIRST_CAPTION)
    while still_phone.locator("[data-next]").is_visible():
        press(still_phone, "Bước tiếp")
    still_phone.get_by_role("button", name="Bác làm thử").click()
    still_phone.wait_for_url("**/toi/luot/*")
    expect(still_phone.locator(".coach__instruction")).to_contain_text("Làm theo, màn 1")


def test_a_tap_on_the_marked_widget_goes_on(still_phone):
    still_phone.goto(WATCH)
    still_phone.locator(".home__title").tap(force=True)
    still_phone.locator(".phone [data-widget='1']").tap(force=True)
    expect(caption(still_phone)).to_have_text(FIRST_CAPTION)
    while still_phone.locator("[data-next]").is_visible():
        said = caption(still_phone).inner_text()
        still_phone.locator("[data-number]").tap()  # two taps so soon at one place would count as one
        tap_highlighted_control(still_phone)
        expect(caption(still_phone)).not_to_have_text(said)
    expect(still_phone.locator("[data-try]")).to_be_visible()
    assert still_phone.url.endswith("?che-do=xem-mau")


def test_the_demos_buttons_have_different_labels_and_one_is_the_main_one(phone):
    open_with_paused_clock(phone)
    keys = phone.locator("[data-narration] .demo-walk__button")
    expect(keys).to_have_text(["Lùi", "Dừng", "Bước tiếp"])
    press(phone, "Dừng")
    expect(keys).to_have_text(["Lùi", "Chạy tiếp", "Bước tiếp"])
    expect(phone.locator(".button--main:visible")).to_have_text(["Bước tiếp"])


def test_with_reduced_motion_the_demo_waits_for_next(new_page):
    phone = new_page(PHONE, reduced_motion="reduce")
    phone.clock.install()
    phone.goto(WATCH)
    phone.clock.run_for(60_000)
    expect(caption(phone)).to_have_text(FIRST_CAPTION)


def test_the_demo_sends_and_stores_nothing(still_phone):
    still_phone.goto(WATCH)
    asked = []
    still_phone.on("request", lambda request: asked.append((request.method, request.resource_type)))
    while still_phone.locator("[data-next]").is_visible():
        press(still_phone, "Bước tiếp")
    assert set(asked) <= {("GET", "image"), ("GET", "other")}  # pictures of the screens, and the browser's own icon
    assert still_phone.evaluate("() => [localStorage.length, document.cookie]") == [0, ""]


def test_the_full_stop_after_a_code_stays_on_its_line(still_phone):
    still_phone.goto(WATCH)
    assert still_phone.evaluate(WIDTHS_WITH_A_LONELY_STOP) == []


def test_every_step_of_the_demo_is_accessible(still_phone):
    inspector = Inspector(still_phone)
    still_phone.goto(WATCH)
    inspector.inspect_on_phones(caption(still_phone).inner_text())
    while still_phone.locator("[data-next]").is_visible():
        press(still_phone, "Bước tiếp")
        inspector.inspect_on_phones(caption(still_phone).inner_text())
    assert inspector.found == {}


def test_ticks_on_cards_are_still_there_when_the_phone_comes_back(phone):
    inspector = Inspector(phone)
    phone.goto(f"{LESSON}/lam?che-do=lam-that")
    inspector.inspect_on_phones("nothing ticked")
    phone.get_by_text("Bác chạm “Kho ứng dụng”.").tap()
    phone.get_by_role("checkbox").nth(2).tap()
    expect(phone.locator(".real-device__box:checked")).to_have_count(2)
    inspector.inspect_on_phones("two ticked")
    assert inspector.found == {}
    phone.reload()
    expect(phone.locator(".real-device__box:checked")).to_have_count(2)


def test_cards_can_be_ticked_without_a_script(plain_phone):
    plain_phone.goto(f"{LESSON}/lam?che-do=lam-that")
    plain_phone.get_by_role("checkbox").first.tap()
    expect(plain_phone.locator(".real-device__box:checked")).to_have_count(1)


def test_without_a_script_the_demo_is_a_list_of_steps(plain_phone):
    plain_phone.goto(WATCH)
    expect(plain_phone.locator("ol.steps li").first).to_be_visible()
    expect(plain_phone.locator("[data-narration]")).to_be_hidden()
    expect(plain_phone.locator("[data-phone]")).to_be_hidden()
    plain_phone.get_by_role("button", name="Bác làm thử").click()
    expect(plain_phone.locator(".coach__instruction")).to_contain_text("Làm theo, màn 1")


def test_the_introduction_is_accessible(phone):
    phone.goto(f"{LESSON}/lam")
    assert faults(phone) == []
    expect(phone.locator(".button--main")).to_have_count(1)


# --- with a voice ---


def end_sentence(page: Page) -> None:
    page.evaluate("() => window.utterances[window.utterances.length - 1].onend()")


def test_with_sound_each_step_waits_for_the_end_of_its_sentence(listening):
    open_with_paused_clock(listening)
    listening.get_by_role("button", name="Có tiếng").click()
    first = caption(listening).inner_text()
    assert " ".join(listening.evaluate("() => window.spoken")) == first
    listening.clock.run_for(7000)  # long enough to read it
    expect(caption(listening)).to_have_text(first)
    end_sentence(listening)
    listening.clock.run_for(1500)
    second = caption(listening).inner_text()
    assert second != first
    assert listening.evaluate("() => window.spoken").pop() in second
    press(listening, "Dừng")
    end_sentence(listening)
    listening.clock.run_for(60_000)
    expect(caption(listening)).to_have_text(second)


def test_a_voice_that_never_ends_does_not_hold_the_example_up(listening):
    open_with_paused_clock(listening)
    listening.get_by_role("button", name="Có tiếng").click()
    first = caption(listening).inner_text()
    listening.clock.run_for(40_000)
    expect(caption(listening)).not_to_have_text(first)


def test_without_a_voice_the_example_offers_no_sound(phone):
    phone.goto(WATCH)
    expect(caption(phone)).to_be_visible()
    expect(phone.locator("[data-sound]")).to_be_hidden()

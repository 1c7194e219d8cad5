"""Xem mẫu and làm thật in a real browser: watched, paused, gone through by hand, ticked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.everything import everything_served
from tests.browser.inspection import faults, faults_when_narrow_and_doubled
from tests.browser.served import Site
from tests.web.every_screen import LESSON

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
WATCH = f"{LESSON}/lam?che-do=xem-mau"


# In each frame until the first step is done: where the finger is, if it is not where the ring is.
WATCH_FINGER = """
window.astray = []
const look = () => {
  const finger = document.querySelector(".watch__finger")
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
  const [finger, ring] = [".watch__finger", ".phone .pointed"].map((name) => document.querySelector(name))
  const [there, here] = [finger, ring].map((thing) => thing.getBoundingClientRect())
  const [across, down] = [there.left + there.width / 3, there.top + 8]  // the tip of the finger
  return across > here.left && across < here.right && down > here.top - 8 && down < here.bottom
}"""


RING_ON_PHONE = """() => {
  const [phone, ring] = [".phone", ".phone .pointed"].map((name) => document.querySelector(name))
  const [there, here] = [ring, phone].map((thing) => thing.getBoundingClientRect())
  return [
    there.left - here.left - phone.clientLeft + there.width / 2,
    there.top - here.top - phone.clientTop + there.height / 2,
  ]
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with everything_served(tmp_path_factory.mktemp("watched")) as running:
        yield running


@pytest.fixture
def still_phone(take: Callable[..., Page]) -> Page:
    """Its owner asked for less motion."""
    return take(PHONE, reduced_motion="reduce")


def caption(page: Page):
    return page.locator("[data-caption]")


def press(page: Page, words: str) -> None:
    page.locator("[data-told]").get_by_role("button", name=words, exact=True).click()


def opens_with_a_clock_that_stands(page: Page) -> None:
    """At the first step; from the beginning time passes only by ``run_for``."""
    page.clock.install(time=NOON)
    page.clock.pause_at(NOON + timedelta(minutes=10))
    page.goto(WATCH)


def touches_the_ring(page: Page) -> None:
    """At a place on the drawn phone, so that it is met wherever the page has scrolled meanwhile."""
    page.wait_for_function("() => Array.from(document.images).every((picture) => picture.complete)")
    x, y = page.evaluate(RING_ON_PHONE)
    page.locator(".phone").tap(position={"x": x, "y": y})


def test_the_machine_goes_on_by_itself_and_can_be_stopped(phone):
    opens_with_a_clock_that_stands(phone)
    expect(caption(phone)).to_have_text("Bác chạm “Kho ứng dụng”.")
    expect(phone.locator(".watch__finger")).to_be_visible()
    expect(phone.locator(".home__icon.pointed")).to_contain_text("Kho ứng dụng")
    phone.clock.run_for(2700)
    expect(caption(phone)).to_have_text("Bác chạm “Cài đặt”.")
    press(phone, "Dừng")
    phone.clock.run_for(60_000)
    expect(caption(phone)).to_have_text("Bác chạm “Cài đặt”.")
    press(phone, "Chạy tiếp")
    phone.clock.run_for(2700)
    expect(caption(phone)).to_have_text("Máy đang chạy, bác đợi một chút.")


@pytest.mark.parametrize("device", [PHONE, PROJECTOR], ids=["phone", "projector"])
def test_the_finger_comes_to_be_seen_on_the_thing_and_nowhere_else(take, device):
    page = take(device)
    page.add_init_script(WATCH_FINGER + STOP_AT_ONCE)
    page.goto(WATCH)
    expect(page.locator("[data-pause]")).to_have_text("Chạy tiếp")
    expect(page.locator(".watch__finger")).to_be_visible()
    for _ in range(3):  # the third thing is a place on a picture
        page.wait_for_function(FINGER_IS_ON_IT)
        press(page, "Bước tiếp")
    assert page.evaluate("() => window.astray") == []


def test_a_sentence_stays_as_long_as_it_takes_to_read(phone):
    opens_with_a_clock_that_stands(phone)
    for _ in range(5):
        press(phone, "Bước tiếp")
    expect(caption(phone)).to_have_text("Bác gõ 099060000123 vào ô “Số định danh cá nhân”.")
    phone.clock.run_for(3900)  # ten words
    expect(phone.locator(".phone [data-widget='0']")).to_have_value("")
    phone.clock.run_for(900)
    expect(phone.locator(".phone [data-widget='0']")).to_have_value("099060000")
    phone.clock.run_for(1000)
    expect(caption(phone)).to_have_text("Bác gõ 0100000777 vào ô “Số điện thoại”.")


def test_by_hand_it_goes_on_and_back_and_ends_in_trying_it(still_phone):
    still_phone.goto(WATCH)
    expect(still_phone.get_by_role("button", name="Dừng")).to_have_count(0)
    while still_phone.locator("[data-next]").is_visible():
        press(still_phone, "Bước tiếp")
    expect(caption(still_phone)).to_have_text("Hiện màn “Hoàn thành” là xong.")
    press(still_phone, "Lùi")
    expect(still_phone.locator(".phone [data-widget='0']")).to_have_value("HocTap@2026")
    press(still_phone, "Bước tiếp")
    press(still_phone, "Xem lại từ đầu")
    expect(caption(still_phone)).to_have_text("Bác chạm “Kho ứng dụng”.")
    while still_phone.locator("[data-next]").is_visible():
        press(still_phone, "Bước tiếp")
    still_phone.get_by_role("button", name="Bác làm thử").click()
    still_phone.wait_for_url("**/toi/luot/*")
    expect(still_phone.locator(".coach__lead")).to_contain_text("Làm theo, màn 1")


def test_a_tap_on_the_thing_in_the_ring_goes_on_and_one_elsewhere_does_not(still_phone):
    still_phone.goto(WATCH)
    still_phone.locator(".home__title").tap(force=True)
    still_phone.locator(".phone [data-widget='1']").tap(force=True)
    expect(caption(still_phone)).to_have_text("Bác chạm “Kho ứng dụng”.")
    while still_phone.locator("[data-next]").is_visible():
        said = caption(still_phone).inner_text()
        still_phone.locator("[data-number]").tap()  # two taps so soon at one place would count as one
        touches_the_ring(still_phone)
        expect(caption(still_phone)).not_to_have_text(said)
    expect(still_phone.locator("[data-try]")).to_be_visible()
    assert still_phone.url.endswith("?che-do=xem-mau")


def test_its_keys_say_different_things_and_one_is_the_main_one(phone):
    opens_with_a_clock_that_stands(phone)
    keys = phone.locator("[data-told] .watch__key")
    expect(keys).to_have_text(["Lùi", "Dừng", "Bước tiếp"])
    press(phone, "Dừng")
    expect(keys).to_have_text(["Lùi", "Chạy tiếp", "Bước tiếp"])
    expect(phone.locator(".button--main:visible")).to_have_text(["Bước tiếp"])


def test_with_less_motion_nothing_happens_until_next_is_pressed(take):
    phone = take(PHONE, reduced_motion="reduce")
    phone.clock.install()
    phone.goto(WATCH)
    phone.clock.run_for(60_000)
    expect(caption(phone)).to_have_text("Bác chạm “Kho ứng dụng”.")


def test_nothing_is_sent_and_nothing_kept_while_it_is_watched(still_phone):
    still_phone.goto(WATCH)
    asked = []
    still_phone.on("request", lambda request: asked.append((request.method, request.resource_type)))
    while still_phone.locator("[data-next]").is_visible():
        press(still_phone, "Bước tiếp")
    assert set(asked) <= {("GET", "image"), ("GET", "other")}  # pictures of the screens, and the browser's own icon
    assert still_phone.evaluate("() => [localStorage.length, document.cookie]") == [0, ""]


def test_every_moment_of_it_is_fit_for_her(still_phone):
    still_phone.goto(WATCH)
    found = {caption(still_phone).inner_text(): fit(still_phone)}
    while still_phone.locator("[data-next]").is_visible():
        press(still_phone, "Bước tiếp")
        found[caption(still_phone).inner_text()] = fit(still_phone)
    assert {words: faults for words, faults in found.items() if faults} == {}


def fit(page: Page) -> list[str]:
    return [*faults(page), *faults_when_narrow_and_doubled(page)]


def test_the_cards_are_ticked_one_by_one_and_forgotten(phone):
    phone.goto(f"{LESSON}/lam?che-do=lam-that")
    assert fit(phone) == []
    phone.get_by_text("Bác chạm “Kho ứng dụng”.").tap()
    phone.get_by_role("checkbox").nth(2).tap()
    expect(phone.locator(".real__box:checked")).to_have_count(2)
    assert fit(phone) == []
    phone.reload()
    expect(phone.locator(".real__box:checked")).to_have_count(0)


def test_without_a_script_the_cards_are_ticked_all_the_same(plain_phone):
    plain_phone.goto(f"{LESSON}/lam?che-do=lam-that")
    plain_phone.get_by_role("checkbox").first.tap()
    expect(plain_phone.locator(".real__box:checked")).to_have_count(1)


def test_without_a_script_the_steps_are_read(plain_phone):
    plain_phone.goto(WATCH)
    expect(plain_phone.locator("ol.steps li").first).to_be_visible()
    expect(plain_phone.locator("[data-told]")).to_be_hidden()
    expect(plain_phone.locator("[data-phone]")).to_be_hidden()
    plain_phone.get_by_role("button", name="Bác làm thử").click()
    expect(plain_phone.locator(".coach__lead")).to_contain_text("Làm theo, màn 1")


def test_the_introduction_with_all_its_ways_is_fit_for_her(phone):
    phone.goto(f"{LESSON}/lam")
    assert faults(phone) == []
    expect(phone.locator(".button--main")).to_have_count(1)

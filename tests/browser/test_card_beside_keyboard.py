"""The task card stays visible while typing, with the phone's keyboard over half of the page."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.attempts import open_one_screen_before
from tests.browser.conftest import PHONE
from tests.browser.input_devices import Finger, InputDevice, Mouse
from tests.browser.inspection import DOUBLE_TEXT, faults
from tests.browser.lessons import lesson
from tests.browser.practice_page import PracticePage
from tests.browser.screen_inspection import start_attempt

VIEW = 440  # px that a keyboard leaves of a phone of 740


@dataclass(frozen=True)
class Copied:
    """A screen on which something of the task card is typed, and into which field."""

    address: str
    screen: str
    field: int
    value: str


ID_NUMBER = Copied("/vneid/kich-hoat", "kich-hoat-tai-khoan", 0, "099060000123")  # five facts on its card
INSURANCE_NUMBER = Copied("/vssid/quen-mat-khau", "nhap-ma-so", 0, "0000000123")
EMAIL = Copied("/etax/cai-va-dang-nhap", "bo-sung-thong-tin", 1, "tap@vidu.example")
DATE = Copied("/vneid/quen-mat-khau-doi-may", "thong-tin-tren-the", 1, "15/08/2024")
WHAT_IS_TYPED = [ID_NUMBER, INSURANCE_NUMBER, EMAIL, DATE]

# A keyboard that covers the page, as on an iPhone: the page stays as tall as it was, and what is left to see of it may
# begin further down. Chromium does so for its own keyboard only, and has none here.
COVERED = """
{
  const real = window.visualViewport, fake = new EventTarget()
  let left = {}
  for (const name of ["offsetTop", "height", "scale"]) {
    Object.defineProperty(fake, name, { get: () => (name in left ? left[name] : real[name]) })
  }
  for (const name of ["resize", "scroll"]) {
    fake.addEventListener(name, (event) => fake["on" + name] && fake["on" + name](event))
    real.addEventListener(name, () => fake.dispatchEvent(new Event(name)))
  }
  Object.defineProperty(window, "visualViewport", { get: () => fake })
  window.keyboardCovers = (offsetTop, height, scale = 1) => {
    left = { offsetTop, height, scale }
    fake.dispatchEvent(new Event("resize"))
    fake.dispatchEvent(new Event("scroll"))
  }
}
"""

# From the top of what is to be seen to its end: the banner (or that top, where the banner is out of sight), what can be
# copied, the value's own line in it, the field with its label, and what comes right after the field.
IN_SIGHT = """([field, value]) => {
  const box = (element) => element.getBoundingClientRect()
  const facts = document.querySelector(".practice-help-facts")
  const fact = Array.from(facts.children).find((one) => one.textContent.includes(value))
  const whole = field.closest(".app__field"), after = whole.nextElementSibling
  const { offsetTop, height } = visualViewport
  const at = ({ left, width, top, height }) => document.elementFromPoint(left + width / 2, top + height / 2)
  return {
    start: Math.max(offsetTop, box(document.querySelector(".simulation-banner")).bottom),
    end: offsetTop + height,
    facts: [box(facts).top, box(facts).bottom],
    fact: [box(fact).top, box(fact).bottom],
    label: [box(whole).top, box(whole.firstElementChild).bottom],
    field: [box(field).top, box(field).bottom],
    after: [box(after).top, box(after).bottom],
    free: at(box(field)) === field && facts.contains(at(box(fact))),
  }
}"""
ALL_IS_SEEN = f"""(asked) => {{
  const {{ start, end, facts, fact, label, field, after, free }} = ({IN_SIGHT})(asked)
  const inOrder = [start, ...facts, ...label, ...field, end].every((edge, at, all) => !at || all[at - 1] <= edge + 0.5)
  return free && inOrder && fact[0] >= facts[0] && fact[1] <= facts[1] && after[0] >= field[1]
}}"""
FIELD_AND_CRIB_ARE_SEEN = f"""(asked) => {{
  const {{ start, end, facts, field }} = ({IN_SIGHT})(asked)
  const inOrder = [start, ...facts, ...field, end].every((edge, at, all) => !at || all[at - 1] <= edge + 0.5)
  return inOrder && facts[1] - facts[0] > 40
}}"""


@pytest.fixture
def facts(phone: Page) -> Locator:
    return phone.locator(".practice-help-facts")


def wait_for(page: Page, copied: Copied, mode: str = "tu-lam", device: InputDevice | None = None) -> Locator:
    """Come to the screen from the one before it, and return its field."""
    there = lesson(copied.address)
    open_one_screen_before(page, there, mode, copied.screen)
    expect(page.locator("form.phone:not(:has(input[name=q]))")).to_be_visible()  # the script's own drawing
    PracticePage(page, device or Finger(), there.practice, script=True).follow_expected_path(until=copied.screen)
    return page.locator(".phone input[type=text]").nth(copied.field)


def asked(field: Locator, copied: Copied) -> list:
    return [field.element_handle(), copied.value]


def tap_into(field: Locator) -> None:
    """Tap the field and wait until it has the focus: only then does a phone show its keyboard."""
    field.tap()
    expect(field).to_be_focused()


def with_keyboard(page: Page, field: Locator, copied: Copied) -> None:
    """A keyboard that resizes the page, as in Chrome."""
    tap_into(field)
    page.set_viewport_size({"width": 360, "height": VIEW})
    page.wait_for_function(ALL_IS_SEEN, arg=asked(field, copied))


@pytest.mark.parametrize("copied", WHAT_IS_TYPED, ids=lambda copied: copied.screen)
def test_a_keyboard_that_resizes_the_page_leaves_card_and_field_visible(phone, copied):
    field = wait_for(phone, copied)
    with_keyboard(phone, field, copied)
    field.press_sequentially(copied.value)
    phone.wait_for_function(ALL_IS_SEEN, arg=asked(field, copied))
    button = phone.locator(".phone .app__button").first.bounding_box()
    assert copied is ID_NUMBER or button["y"] + button["height"] <= VIEW  # there it is not the first field


@pytest.mark.parametrize("further_down", [0, 150])
@pytest.mark.parametrize("copied", WHAT_IS_TYPED, ids=lambda copied: copied.screen)
def test_a_keyboard_that_covers_the_page_leaves_card_and_field_visible(phone, copied, further_down):
    phone.add_init_script(COVERED)
    field = wait_for(phone, copied)
    tap_into(field)
    phone.evaluate("(far) => keyboardCovers(far, 740 - 300)", further_down)
    phone.wait_for_function(ALL_IS_SEEN, arg=asked(field, copied))


def test_if_the_page_cannot_scroll_the_field_has_priority(phone):
    """The field is so high on the page that the card does not fit above it."""
    phone.add_init_script(COVERED)
    field = wait_for(phone, ID_NUMBER)
    tap_into(field)
    phone.evaluate("() => keyboardCovers(260, 740 - 300)")
    phone.wait_for_function(
        f"""(asked) => {{
          const {{ facts, field }} = ({IN_SIGHT})(asked)
          return scrollY === 0 && visualViewport.offsetTop < facts[1] && facts[1] <= field[0]
        }}""",
        arg=asked(field, ID_NUMBER),
    )


@pytest.mark.parametrize("height", [VIEW, 320])
@pytest.mark.parametrize("copied", WHAT_IS_TYPED, ids=lambda copied: copied.screen)
def test_on_a_narrow_phone_with_doubled_text_the_field_and_part_of_the_card_are_visible(phone, copied, height):
    """All of a long card, a label of three lines and the field have no room there; the card scrolls under a finger."""
    field = wait_for(phone, copied)
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.evaluate(DOUBLE_TEXT)
    tap_into(field)
    phone.set_viewport_size({"width": 320, "height": height})
    phone.wait_for_function(FIELD_AND_CRIB_ARE_SEEN, arg=asked(field, copied))
    phone.locator(".practice-help-facts__fact").last.evaluate("(fact) => fact.scrollIntoView({ block: 'end' })")
    phone.wait_for_function(FIELD_AND_CRIB_ARE_SEEN, arg=asked(field, copied))


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam", "kiem-tra"])
def test_the_copyable_text_is_that_of_the_card_and_is_read_once(phone, facts, mode):
    with_keyboard(phone, wait_for(phone, ID_NUMBER, mode), ID_NUMBER)
    expect(facts).to_have_attribute("aria-hidden", "true")
    assert facts.locator("a, button, input, [tabindex]").count() == 0
    card = phone.locator(".practice-help__card").text_content()
    texts = facts.locator(".practice-help-facts__fact").all_text_contents()
    assert len(texts) == 5
    assert all(text in card for text in texts)
    assert faults(phone) == []


def test_the_card_follows_the_keyboard(phone, facts):
    field = wait_for(phone, ID_NUMBER)
    expect(facts).to_be_hidden()
    field.tap()
    expect(field).to_be_focused()
    expect(facts).to_be_hidden()
    with_keyboard(phone, field, ID_NUMBER)
    phone.set_viewport_size({"width": 360, "height": 740})  # as by "back" on Android, which leaves the field its focus
    expect(facts).to_be_hidden()
    expect(field).to_be_focused()


def test_pinch_zoom_is_not_mistaken_for_the_keyboard(phone, facts):
    """Zooming in shows less of the page, but nothing covers it."""
    phone.add_init_script(COVERED)
    field = wait_for(phone, ID_NUMBER)
    tap_into(field)
    phone.evaluate("() => keyboardCovers(100, 740 / 2, 2)")
    expect(field).to_be_focused()
    expect(facts).to_be_hidden()
    phone.evaluate("() => keyboardCovers(0, 740 - 300)")
    expect(facts).to_be_visible()


def test_taps_beside_the_card_reach_their_target(phone, facts):
    field = wait_for(phone, ID_NUMBER)
    with_keyboard(phone, field, ID_NUMBER)
    second = Copied(ID_NUMBER.address, ID_NUMBER.screen, 1, "0100000777")
    field = phone.locator(".phone input[type=text]").nth(second.field)
    edge = facts.bounding_box()["y"] + facts.bounding_box()["height"]
    phone.evaluate("(far) => scrollBy(0, far)", field.bounding_box()["y"] - edge + 20)  # its upper edge is covered
    phone.touchscreen.tap(180, edge + 20)
    phone.wait_for_function(ALL_IS_SEEN, arg=asked(field, second))
    expect(field).to_be_focused()
    facts.tap()  # it covers what is below: a touch lets it go
    expect(facts).to_be_hidden()
    expect(phone.locator("[data-feedback]:visible")).to_have_count(0)
    field.tap()
    phone.wait_for_function(ALL_IS_SEEN, arg=asked(field, second))
    phone.locator(".phone .app__button").first.tap()
    expect(phone.locator("[data-feedback]:visible")).to_have_count(1)
    expect(facts).to_be_hidden()


def test_the_feedback_to_a_field_is_visible_above_the_keyboard(phone, facts):
    field = wait_for(phone, ID_NUMBER)
    with_keyboard(phone, field, ID_NUMBER)
    field.press_sequentially("12")
    field.press("Enter")
    note = phone.locator("[data-feedback]:visible")
    expect(note).to_have_count(1)
    expect(facts).to_be_hidden()
    expect(field).to_be_focused()
    banner, said = phone.locator(".simulation-banner").bounding_box(), note.bounding_box()
    assert banner["height"] <= said["y"]
    assert said["y"] + said["height"] <= VIEW + 0.5
    field.press_sequentially("3")
    phone.wait_for_function(ALL_IS_SEEN, arg=asked(field, ID_NUMBER))


def test_after_a_mistake_its_field_and_feedback_are_visible(phone):
    """The focus is in the second field, further down the page, and the error is in the first."""
    field = wait_for(phone, ID_NUMBER)
    second = Copied(ID_NUMBER.address, ID_NUMBER.screen, 1, "0100000777")
    with_keyboard(phone, phone.locator(".phone input[type=text]").nth(second.field), second)
    phone.locator(".phone input[type=text]").nth(second.field).press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    banner, said, wrong = (
        phone.locator(one).bounding_box()
        for one in (".simulation-banner", "[data-feedback]:visible", ".app__input--wrong")
    )
    assert banner["height"] <= said["y"] + 0.5
    assert said["y"] + said["height"] <= wrong["y"]
    assert wrong["y"] + wrong["height"] <= VIEW + 0.5


def test_a_field_that_is_not_on_the_card_is_not_covered(phone, facts):
    """A code comes in a message, which the card must not cover."""
    number = Copied("/chu-ky-so/dang-ky-qua-vneid", "kich-hoat-ung-dung-ky", 0, "099060000123")
    with_keyboard(phone, wait_for(phone, number), number)
    code = phone.locator(".phone input[type=text]").nth(1)
    code.tap()
    expect(code).to_be_focused()
    expect(facts).to_be_hidden()
    phone.locator(".phone input[type=text]").first.tap()
    expect(facts).to_be_visible()


def test_a_select_is_not_covered(phone, facts):
    forgotten = Copied("/vneid/quen-mat-khau-doi-may", "quen-mat-khau", 0, "0100000777")
    with_keyboard(phone, wait_for(phone, forgotten), forgotten)
    phone.locator(".phone select").focus()
    phone.set_viewport_size({"width": 360, "height": 740})  # a list needs no keyboard
    expect(facts).to_be_hidden()


@pytest.mark.parametrize("kind", ["a mouse", "no script"])
def test_with_a_mouse_or_without_scripts_the_card_stays_in_its_place(new_page, kind):
    """Without scripts nothing is typed: the answers are choices."""
    copied = ID_NUMBER
    if kind == "a mouse":
        page = new_page({"viewport": {"width": 800, "height": 740}, "locale": "vi-VN"})
        wait_for(page, copied, device=Mouse()).click()
    else:
        page = new_page(PHONE, script=False)
        there = lesson(copied.address)
        start_attempt(page, there, there.practice, "tu-lam")
        lan = PracticePage(page, Finger(), there.practice, script=False)
        lan.follow_expected_path(until=copied.screen)
        page.locator(".phone input[type=radio]").first.focus()
    expect(page.locator(".phone :focus")).to_have_count(1)
    expect(page.locator(".practice-help-facts")).to_be_hidden()
    expect(page.locator(".practice-help__task")).to_be_visible()

"""Real personal data that a learner types never leaves the phone, whatever the field."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Request, Response

from lms.content.model import Practice
from tests.browser.attempts import open_one_screen_before
from tests.browser.browser_monitor import BrowserMonitor
from tests.browser.conftest import PROJECTOR
from tests.browser.input_devices import Finger
from tests.browser.journeys import screens_on_expected_path
from tests.browser.learner import Learner
from tests.browser.lessons import lesson
from tests.browser.practice_page import PracticePage
from tests.browser.staff import sign_in_as

ACTIVATION = "/vneid/kich-hoat"
FIRST_FIELDS = "kich-hoat-tai-khoan"
TYPED = ("number", "text", "password")

# Made up, but of the shape of real ones.
REAL_LOOKING = {"id number": "079185012345", "phone number": "0903456789", "password": "MatKhauThat#77"}

KEPT_IN_BROWSER = """async () => JSON.stringify([
  Object.entries(localStorage),
  Object.entries(sessionStorage),
  await (indexedDB.databases ? indexedDB.databases() : []),
  document.cookie,
  location.href,
  history.state,
])"""

# As the log in the browser has it.
LAST_DEED_IS_A_TAP = """() => {
  const log = Object.keys(localStorage).find((key) => key.startsWith("luot-"))
  return log && JSON.parse(localStorage.getItem(log)).pop()[4] === "tap"
}"""


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam", "kiem-tra"])
def test_real_numbers_typed_into_a_practice_stay_in_the_field(phone, site, monitor, mode):
    """A whole run with everything mistyped once, then the end page, the replay and a rehearsal; all that was sent, kept
    and shown is looked through."""
    lan, seen = Learner(phone), []
    lan.open(f"{ACTIVATION}/lam")
    practice_page = lan.start_practice(lesson(ACTIVATION), mode)
    complete_with_wrong_values(phone, practice_page)
    lan.open_result()
    seen += [phone.evaluate(KEPT_IN_BROWSER), phone.content()]
    attempt = lan.path.removesuffix("/ket-qua")
    seen += replay_of(phone, attempt)
    assert any("?12" in page for page in seen), "the replay tells the length"
    expect_absent(REAL_LOOKING, monitor.sent_text(), site.stored_bytes(), *seen)


def test_typed_values_do_not_reach_analytics(phone, new_page, site, monitor):
    """Three people, so that their map has something to show."""
    for learner in (phone, new_page(), new_page()):
        practice_page = opens_fields(learner)
        practice_page.fill(0, REAL_LOOKING["id number"])
        practice_page.fill(1, REAL_LOOKING["phone number"])
        with learner.expect_response(has_tap_event) as answered:
            practice_page.tap_words("Gửi yêu cầu")
        assert answered.value.ok
    author = new_page(PROJECTOR)
    sign_in_as(author, site, "Khoa", "author")
    pages = []
    for address in (f"/soan/ban-do{ACTIVATION}", f"/soan/bai{ACTIVATION}", f"{ACTIVATION}/lam?che-do=to-buoc"):
        author.goto(address)
        pages.append(author.content())
    assert re.search(r"Ô “Số định danh cá nhân” chưa đúng: \d+ người", pages[0])
    expect_absent(REAL_LOOKING, monitor.sent_text(), site.stored_bytes(), *pages)


@pytest.mark.parametrize("way", ["xem-mau", "lam-that", "to-buoc"])
def test_pages_that_are_only_viewed_send_nothing(phone, monitor, way):
    phone.goto(f"{ACTIVATION}/lam?che-do={way}", wait_until="load")
    fields = phone.locator("main input:not([type=checkbox]):not([disabled])")
    # In one call: the example plays by itself, and its fields change.
    assert fields.evaluate_all("(fields) => fields.every((one) => one.getAttribute('tabindex') === '-1')")
    assert phone.context.cookies() == [] and monitor.paths("POST") == []


def test_the_event_log_has_only_the_length_of_an_unexpected_value(phone, monitor):
    practice_page = opens_fields(phone)
    practice_page.fill(0, REAL_LOOKING["id number"])
    with phone.expect_response(has_tap_event) as answered:
        practice_page.tap_words("Gửi yêu cầu")
    assert answered.value.ok
    typed = [event[5] for event in sent_events(monitor) if event[4] == "type" and event[2] == FIRST_FIELDS]
    assert typed == ["?12"]


def test_no_cookie_is_set_before_there_is_something_to_store(phone, monitor):
    lan = Learner(phone)
    for address in ("/", "/vneid", ACTIVATION, f"{ACTIVATION}/hieu", f"{ACTIVATION}/lam", f"{ACTIVATION}/dung", "/toi"):
        lan.open(address)
    assert phone.context.cookies() == []
    assert monitor.paths("POST") == []


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_cookie_cannot_be_read_by_a_script_nor_sent_from_elsewhere(new_page, script):
    lan = Learner(new_page(script=script), script=script)
    lan.open(f"{ACTIVATION}/hieu")
    lan.answer_correctly(lesson(ACTIVATION).understand.graded_questions[0])
    cookies = lan.page.context.cookies()
    assert [(cookie["name"], cookie["httpOnly"], cookie["sameSite"]) for cookie in cookies] == [
        ("learner", True, "Lax")
    ]


def opens_fields(page: Page) -> PracticePage:
    """An attempt at the screen with the first fields."""
    there = lesson(ACTIVATION)
    open_one_screen_before(page, there, "tu-lam", FIRST_FIELDS)
    practice_page = PracticePage(page, Finger(), there.practice, script=True)
    practice_page.follow_expected_path(until=FIRST_FIELDS)
    return practice_page


def has_tap_event(answer: Response) -> bool:
    """Wait for the request with the tap on the button below the fields; it may contain earlier events."""
    if not answer.url.endswith("/su-kien"):
        return False
    return any(event[2] == FIRST_FIELDS and event[4] == "tap" for event in events_in(answer.request))


def complete_with_wrong_values(page: Page, practice_page: PracticePage) -> None:
    """Complete the practice, typing real-looking personal data into every field before the right value."""
    practice = practice_page.practice
    for screen in screens_on_expected_path(practice):
        typed = [place for place, widget in enumerate(practice.screen(screen).widgets) if widget.role in TYPED]
        for place in typed:
            for secret in REAL_LOOKING.values():
                practice_page.fill(place, secret)
            practice_page.fill(place, REAL_LOOKING["id number"])
        if typed:
            practice_page.tap(next(step.widget for step in practice_page.steps_on(screen) if step.action == "tap"))
            page.wait_for_function(LAST_DEED_IS_A_TAP)
            practice_page.expect_screen(screen)
            page.reload()
        practice_page.follow_expected_path(until=next_screen(practice, screen))


def next_screen(practice: Practice, screen: str) -> str:
    way = [*screens_on_expected_path(practice), practice.goal]
    return way[way.index(screen) + 1]


def replay_of(page: Page, attempt: str) -> list[str]:
    """Every page of an ended attempt's replay."""
    page.goto(f"{attempt}/xem-lai")
    pages = [page.content()]
    while "ket-qua" not in (onward := page.locator(".button--main").get_attribute("href")):
        page.goto(onward)
        pages.append(page.content())
    return pages


def expect_absent(secrets: dict[str, str], *places: str | bytes) -> None:
    for what, secret in secrets.items():
        for number, place in enumerate(places):
            text = place if isinstance(place, bytes) else place.encode()
            assert secret.encode() not in text, f"the {what} was found in place {number}"


def sent_events(monitor: BrowserMonitor) -> list[list]:
    """Each once, however often it was sent."""
    batches = [events_in(request) for request in monitor.requests if request.url.endswith("/su-kien")]
    return list({event[0]: event for batch in batches for event in batch}.values())


def events_in(request: Request) -> list[list]:
    return json.loads(request.post_data)["events"]

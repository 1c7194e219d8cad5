"""What a learner types of her real life never leaves her phone, whichever field she mistakes for the real one."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from playwright.sync_api import Page, Request, Response

from lms.content.model import Practice
from tests.browser.citizen import Citizen
from tests.browser.conftest import PROJECTOR
from tests.browser.journeys import screens_on_the_way
from tests.browser.lessons import lesson
from tests.browser.practising import Practising
from tests.browser.served import LMS, Site, environment
from tests.browser.watcher import Watcher

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
def test_real_numbers_typed_into_a_practice_stay_in_the_field(phone, site, watcher, mode):
    """A whole run with everything mistyped once, then the end page, the replay and a rehearsal; all that was sent, kept
    and shown is looked through."""
    lan, seen = Citizen(phone), []
    lan.opens(f"{ACTIVATION}/lam")
    practising = lan.starts_to_practise(lesson(ACTIVATION), mode)
    mistypes_everything(phone, practising)
    lan.looks_at_the_result()
    seen += [phone.evaluate(KEPT_IN_BROWSER), phone.content()]
    attempt = lan.path.removesuffix("/ket-qua")
    seen += replay_of(phone, attempt)
    assert any("?12" in page for page in seen), "the replay tells the length"
    found_nowhere(REAL_LOOKING, watcher.sent(), site.written(), *seen)


def test_nothing_of_them_reaches_a_map_or_a_picture(phone, take, site, watcher):
    """Three people, so that their map has something to show."""
    for citizen in (phone, take(), take()):
        lan = Citizen(citizen)
        lan.opens(f"{ACTIVATION}/lam")
        practising = lan.starts_to_practise(lesson(ACTIVATION), "tu-lam")
        practising.goes_the_expected_way(until=FIRST_FIELDS)
        practising.fills(0, REAL_LOOKING["id number"])
        practising.fills(1, REAL_LOOKING["phone number"])
        with citizen.expect_response(tells_of_a_tap) as answered:
            practising.taps_on_words("Gửi yêu cầu")
        assert answered.value.ok
    author = take(PROJECTOR)
    signs_in(author, site)
    pages = []
    for address in (f"/soan/ban-do{ACTIVATION}", f"/soan/so-do{ACTIVATION}", f"{ACTIVATION}/lam?che-do=to-buoc"):
        author.goto(address)
        pages.append(author.content())
    assert re.search(r"Ô “Số định danh cá nhân” chưa đúng: \d+ người", pages[0])
    found_nowhere(REAL_LOOKING, watcher.sent(), site.written(), *pages)


@pytest.mark.parametrize("way", ["xem-mau", "lam-that", "to-buoc"])
def test_the_pages_that_are_only_looked_at_ask_for_nothing_and_send_nothing(phone, watcher, way):
    phone.goto(f"{ACTIVATION}/lam?che-do={way}", wait_until="load")
    fields = phone.locator("main input:not([type=checkbox]):not([disabled])")
    # All at one moment: an example goes on by itself, and a field with it.
    assert fields.evaluate_all("(fields) => fields.every((one) => one.getAttribute('tabindex') === '-1')")
    assert phone.context.cookies() == [] and watcher.paths("POST") == []


def test_the_log_of_a_practice_says_how_long_a_strange_value_was_and_no_more(phone, watcher):
    lan = Citizen(phone)
    lan.opens(f"{ACTIVATION}/lam")
    practising = lan.starts_to_practise(lesson(ACTIVATION), "tu-lam")
    practising.goes_the_expected_way(until=FIRST_FIELDS)
    practising.fills(0, REAL_LOOKING["id number"])
    with phone.expect_response(tells_of_a_tap) as answered:
        practising.taps_on_words("Gửi yêu cầu")
    assert answered.value.ok
    typed = [event[5] for event in sent_events(watcher) if event[4] == "type" and event[2] == FIRST_FIELDS]
    assert typed == ["?12"]


def test_no_cookie_is_set_before_there_is_something_to_keep(phone, watcher):
    lan = Citizen(phone)
    for address in ("/", "/vneid", ACTIVATION, f"{ACTIVATION}/hieu", f"{ACTIVATION}/lam", f"{ACTIVATION}/dung", "/toi"):
        lan.opens(address)
    assert phone.context.cookies() == []
    assert watcher.paths("POST") == []


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_cookie_cannot_be_read_by_a_script_nor_sent_from_elsewhere(take, script):
    lan = Citizen(take(script=script), script=script)
    lan.opens(f"{ACTIVATION}/hieu")
    lan.answers_rightly(lesson(ACTIVATION).understand.graded[0])
    cookies = lan.page.context.cookies()
    assert [(cookie["name"], cookie["httpOnly"], cookie["sameSite"]) for cookie in cookies] == [
        ("learner", True, "Lax")
    ]


def tells_of_a_tap(answer: Response) -> bool:
    """That the button under her fields was tapped. What she did before goes up with it or has gone up on its own."""
    if not answer.url.endswith("/su-kien"):
        return False
    return any(event[2] == FIRST_FIELDS and event[4] == "tap" for event in events_in(answer.request))


def mistypes_everything(page: Page, practising: Practising) -> None:
    """To the end, with her own number, telephone and password typed into every field before the right value."""
    practice = practising.practice
    for screen in screens_on_the_way(practice):
        typed = [place for place, widget in enumerate(practice.screen(screen).widgets) if widget.role in TYPED]
        for place in typed:
            for secret in REAL_LOOKING.values():
                practising.fills(place, secret)
            practising.fills(place, REAL_LOOKING["id number"])
        if typed:
            practising.taps(next(step.widget for step in practising.steps_of(screen) if step.action == "tap"))
            page.wait_for_function(LAST_DEED_IS_A_TAP)
            practising.is_on(screen)
            page.reload()
        practising.goes_the_expected_way(until=following(practice, screen))


def following(practice: Practice, screen: str) -> str:
    way = [*screens_on_the_way(practice), practice.goal]
    return way[way.index(screen) + 1]


def replay_of(page: Page, attempt: str) -> list[str]:
    """Every page of an ended attempt's replay."""
    page.goto(f"{attempt}/xem-lai")
    pages = [page.content()]
    while "ket-qua" not in (onward := page.locator(".button--main").get_attribute("href")):
        page.goto(onward)
        pages.append(page.content())
    return pages


def signs_in(page: Page, site: Site) -> None:
    """As an author, with a slip that the command line prints."""
    made = [LMS, "user", "add", "--name", "Khoa", "--role", "author", "--ward", "27316"]
    printed = subprocess.run(made, env=environment(site.data_dir), cwd=site.data_dir, capture_output=True, text=True)
    address = re.search(r"/vao/\S+", printed.stdout)
    assert address, printed.stdout + printed.stderr
    page.goto(address[0])
    page.locator("main .button--main").click()
    page.wait_for_url(lambda url: "/vao" not in url)


def found_nowhere(secrets: dict[str, str], *places: str | bytes) -> None:
    for what, secret in secrets.items():
        for number, place in enumerate(places):
            text = place if isinstance(place, bytes) else place.encode()
            assert secret.encode() not in text, f"the {what} was found in place {number}"


def sent_events(watcher: Watcher) -> list[list]:
    """Each once, however often it was sent."""
    batches = [events_in(request) for request in watcher.requests if request.url.endswith("/su-kien")]
    return list({event[0]: event for batch in batches for event in batch}.values())


def events_in(request: Request) -> list[list]:
    return json.loads(request.post_data)["events"]

"""Accessibility of every screen of every practice; of a sample also in the other modes and without script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from lms.content.practice.compiling import main_path
from tests.browser import screen_inspection
from tests.browser.browser_monitor import BrowserMonitor
from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector
from tests.browser.learner import Learner
from tests.browser.lessons import all_lessons, lesson, sample_practices
from tests.browser.practice_explorer import visit_every_screen
from tests.browser.practice_page import PracticePage
from tests.browser.reused_phone import ReusedPhone
from tests.browser.shared_chromium import SharedChromium
from tests.browser.site_process import Site

ACTIVATION = "/vneid/kich-hoat"
PRACTICES = [
    pytest.param(each, practice, id=f"{each.course}-{each.slug}{'-' if practice.name else ''}{practice.name}")
    for each in all_lessons()
    for practice in each.practices
]
# Every kind of screen with every kind of widget; only `make all-tests` looks at the others, too.
SAMPLE_FIRST = [
    one if one.values[1] in sample_practices() else pytest.param(*one.values, id=one.id, marks=pytest.mark.whole)
    for one in PRACTICES
]
pytestmark = pytest.mark.inputs()

ON_BOTH = [one for one in PRACTICES if len(one.values[1].devices) > 1]


@pytest.fixture(scope="module")
def only_phone(chromium: SharedChromium, site: Site) -> Iterator[ReusedPhone]:
    only_phone = ReusedPhone(chromium, site.url, PHONE)
    yield only_phone
    only_phone.close()


@pytest.fixture
def reused_phone(only_phone: ReusedPhone, monitor: BrowserMonitor) -> Iterator[Page]:
    with only_phone.as_new(monitor) as page:
        yield page


@pytest.mark.parametrize(("each", "practice"), PRACTICES)
def test_every_screen_is_accessible(reused_phone, each, practice):
    inspect_in_mode(reused_phone, each, practice, "tu-lam")


@pytest.mark.parametrize("mode", ["lam-theo", "kiem-tra"])
@pytest.mark.parametrize(("each", "practice"), SAMPLE_FIRST)
def test_every_screen_is_accessible_in_the_other_modes(reused_phone, each, practice, mode):
    inspect_in_mode(reused_phone, each, practice, mode)


def inspect_in_mode(phone, each, practice, mode):
    screen_inspection.start_attempt(phone, each, practice, mode)
    screen_inspection.open_player_screens(phone)
    alone = mode == "tu-lam"  # what is drawn there is drawn in all of them
    looks = screen_inspection.inspect_screens(phone, talking=alone, wide=alone)
    assert looks.found == {}
    assert set(looks.seen) == {screen.id for screen in practice.screens}


@pytest.mark.parametrize(("each", "practice"), ON_BOTH)
def test_every_screen_is_accessible_on_an_iphone(reused_phone, each, practice):
    phone = reused_phone
    phone.goto(f"{screen_inspection.introduction_path(each, practice)}?may=iphone")
    screen_inspection.start_attempt(phone, each, practice, "tu-lam")
    expect(phone.locator("main.iphone")).to_be_visible()
    screen_inspection.open_player_screens(phone)
    looks = screen_inspection.inspect_screens(phone, talking=True)
    assert looks.found == {}
    assert set(looks.seen) == {screen.id for screen in practice.screens}


@pytest.mark.parametrize(("each", "practice"), SAMPLE_FIRST)
def test_every_screen_of_an_example_is_accessible(reused_phone, each, practice):
    phone = reused_phone
    phone.emulate_media(reduced_motion="reduce")
    screen_inspection.open_example_screens(phone, each, practice)
    looks = screen_inspection.inspect_screens(phone, wide=each == lesson(ACTIVATION))
    assert looks.found == {}
    assert looks.seen == main_path(practice)


@pytest.mark.parametrize(("each", "practice"), SAMPLE_FIRST)
def test_every_screen_of_the_no_script_form_is_accessible(reused_phone, each, practice):
    """Block the site's scripts instead of disabling JavaScript, which axe needs."""
    phone = reused_phone
    phone.route("**/*.js", lambda route: route.abort())
    screen_inspection.start_attempt(phone, each, practice, "tu-lam")
    screen_inspection.open_nojs_screens(phone, practice)
    looks = screen_inspection.inspect_screens(phone, wide=each == lesson(ACTIVATION))
    assert looks.found == {}
    assert looks.seen == main_path(practice)


@pytest.mark.parametrize("address", [ACTIVATION, "/lua-dao/gia-cong-an"])
def test_every_screen_can_be_reached_by_touch(phone, address):
    each = lesson(address)
    lan = Learner(phone)

    def begins() -> PracticePage:
        lan.open(f"{address}/lam")
        phone.locator("button[name=mode][value=tu-lam]").first.tap()
        phone.wait_for_url(re.compile(r"/toi/luot/"))
        return PracticePage(phone, lan.device, each.practice, script=True)

    assert visit_every_screen(begins, lambda _: None) == {screen.id for screen in each.practice.screens}


def test_pointers_and_feedback_in_a_practice_are_accessible(phone):
    lan, inspector, activation = Learner(phone), Inspector(phone), lesson(ACTIVATION)
    lan.open(f"{ACTIVATION}/lam")
    practice_page = lan.start_practice(activation, "lam-theo")
    inspector.inspect_all_sizes("led by the hand")
    lan.open(f"{ACTIVATION}/lam")
    practice_page = lan.start_practice(activation, "tu-lam")
    practice_page.follow_expected_path(until="kich-hoat-tai-khoan")
    practice_page.tap_words("Gửi yêu cầu")
    expect(phone.locator("[data-feedback^=empty]:visible")).to_have_count(1)
    inspector.inspect_all_sizes("a wrong submit")
    for number, _ in enumerate(activation.practice.screen("kich-hoat-tai-khoan").hints, start=1):
        practice_page.ask_for_hint("hint")
        expect(phone.locator(f"[data-feedback='hint {number}']")).to_be_visible()
    inspector.inspect_all_sizes("all hints asked for")
    practice_page.ask_for_hint("point")
    expect(phone.locator(".phone .pointed")).to_have_count(1)
    inspector.inspect_all_sizes("pointed at")
    phone.locator(".practice-help__task summary").tap()
    expect(phone.locator(".practice-help__task")).to_have_attribute("open", "")
    inspector.inspect_all_sizes("the task card open")
    assert inspector.found == {}

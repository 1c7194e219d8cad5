"""Accessibility of every screen of every practice, in the player, the example and the no-script form."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from lms.content.practice.compiling import main_path
from tests.browser import screen_inspection
from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector
from tests.browser.learner import Learner
from tests.browser.lessons import all_lessons, lesson
from tests.browser.practice_explorer import visit_every_screen
from tests.browser.practice_page import PracticePage

ACTIVATION = "/vneid/kich-hoat"
PRACTICES = [
    pytest.param(each, practice, id=f"{each.course}-{each.slug}{'-' if practice.name else ''}{practice.name}")
    for each in all_lessons()
    for practice in each.practices
]

ON_BOTH = [one for one in PRACTICES if len(one.values[1].devices) > 1]


@pytest.mark.parametrize(("each", "practice"), PRACTICES)
def test_every_screen_is_accessible_in_every_mode(phone, each, practice):
    for mode in ("lam-theo", "tu-lam", "kiem-tra"):
        screen_inspection.start_attempt(phone, each, practice, mode)
        screen_inspection.open_player_screens(phone)
        alone = mode == "tu-lam"  # what is drawn there is drawn in all of them
        looks = screen_inspection.inspect_screens(phone, talking=alone, wide=alone)
        assert looks.found == {}, mode
        assert set(looks.seen) == {screen.id for screen in practice.screens}


@pytest.mark.parametrize(("each", "practice"), ON_BOTH)
def test_every_screen_is_accessible_on_an_iphone(phone, each, practice):
    phone.goto(f"{screen_inspection.introduction_path(each, practice)}?may=iphone")
    screen_inspection.start_attempt(phone, each, practice, "tu-lam")
    expect(phone.locator("main.iphone")).to_be_visible()
    screen_inspection.open_player_screens(phone)
    looks = screen_inspection.inspect_screens(phone, talking=True)
    assert looks.found == {}
    assert set(looks.seen) == {screen.id for screen in practice.screens}


@pytest.mark.parametrize(("each", "practice"), PRACTICES)
def test_every_screen_of_an_example_is_accessible(new_page, each, practice):
    phone = new_page(PHONE, reduced_motion="reduce")
    screen_inspection.open_example_screens(phone, each, practice)
    looks = screen_inspection.inspect_screens(phone, wide=each == lesson(ACTIVATION))
    assert looks.found == {}
    assert looks.seen == main_path(practice)


@pytest.mark.parametrize(("each", "practice"), PRACTICES)
def test_every_screen_of_the_no_script_form_is_accessible(new_page, each, practice):
    """Block the site's scripts instead of disabling JavaScript, which axe needs."""
    phone = new_page(PHONE)
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
    phone.locator(".aids__task summary").tap()
    expect(phone.locator(".aids__task")).to_have_attribute("open", "")
    inspector.inspect_all_sizes("the task card open")
    assert inspector.found == {}

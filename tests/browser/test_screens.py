"""Old eyes, large fingers, a narrow phone with doubled text: on every screen of every practice, in every way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from lms.content.practice.compiling import path_of
from tests.browser import screens
from tests.browser.citizen import Citizen
from tests.browser.conftest import PHONE
from tests.browser.exploring import explores
from tests.browser.inspection import Inspector
from tests.browser.lessons import every_lesson, lesson
from tests.browser.practising import Practising

ACTIVATION = "/vneid/kich-hoat"
PRACTICES = [
    pytest.param(each, practice, id=f"{each.course}-{each.slug}{'-' if practice.name else ''}{practice.name}")
    for each in every_lesson()
    for practice in each.practices
]

ON_BOTH = [one for one in PRACTICES if len(one.values[1].devices) > 1]


@pytest.mark.parametrize(("each", "practice"), PRACTICES)
def test_every_screen_is_fit_for_her_in_every_mode(phone, each, practice):
    for mode in ("lam-theo", "tu-lam", "kiem-tra"):
        screens.begins(phone, each, practice, mode)
        screens.open_stage(phone)
        alone = mode == "tu-lam"  # what is drawn there is drawn in all of them
        looks = screens.inspect(phone, talking=alone, wide=alone)
        assert looks.found == {}, mode
        assert set(looks.seen) == {screen.id for screen in practice.screens}


@pytest.mark.parametrize(("each", "practice"), ON_BOTH)
def test_every_screen_is_fit_for_her_on_an_iphone_too(phone, each, practice):
    phone.goto(f"{screens.introduction(each, practice)}?may=iphone")
    screens.begins(phone, each, practice, "tu-lam")
    expect(phone.locator("main.practice--iphone")).to_be_visible()
    screens.open_stage(phone)
    looks = screens.inspect(phone, talking=True)
    assert looks.found == {}
    assert set(looks.seen) == {screen.id for screen in practice.screens}


@pytest.mark.parametrize(("each", "practice"), PRACTICES)
def test_every_watched_screen_is_fit_for_her(take, each, practice):
    phone = take(PHONE, reduced_motion="reduce")
    screens.open_example(phone, each, practice)
    looks = screens.inspect(phone, wide=each == lesson(ACTIVATION))
    assert looks.found == {}
    assert looks.seen == path_of(practice)


@pytest.mark.parametrize(("each", "practice"), PRACTICES)
def test_every_screen_of_the_plain_form_is_fit_for_her(take, each, practice):
    """As without a script: the scripts are kept from arriving, so that axe can still look."""
    phone = take(PHONE)
    phone.route("**/*.js", lambda route: route.abort())
    screens.begins(phone, each, practice, "tu-lam")
    screens.open_plain(phone, practice)
    looks = screens.inspect(phone, wide=each == lesson(ACTIVATION))
    assert looks.found == {}
    assert looks.seen == path_of(practice)


@pytest.mark.parametrize("address", [ACTIVATION, "/lua-dao/gia-cong-an"])
def test_every_screen_can_be_walked_to_with_a_finger(phone, address):
    each = lesson(address)
    lan = Citizen(phone)

    def begins() -> Practising:
        lan.opens(f"{address}/lam")
        phone.locator("button[name=mode][value=tu-lam]").first.tap()
        phone.wait_for_url(re.compile(r"/toi/luot/"))
        return Practising(phone, lan.hands, each.practice, script=True)

    assert explores(begins, lambda _: None) == {screen.id for screen in each.practice.screens}


def test_what_is_pointed_at_and_said_in_a_practice_is_fit_for_her(phone):
    lan, inspector, activation = Citizen(phone), Inspector(phone), lesson(ACTIVATION)
    lan.opens(f"{ACTIVATION}/lam")
    practising = lan.starts_to_practise(activation, "lam-theo")
    inspector.looks("led by the hand")
    lan.opens(f"{ACTIVATION}/lam")
    practising = lan.starts_to_practise(activation, "tu-lam")
    practising.goes_the_expected_way(until="kich-hoat-tai-khoan")
    practising.taps_on_words("Gửi yêu cầu")
    expect(phone.locator("[data-said^=wrong]:visible")).to_have_count(1)
    inspector.looks("a wrong submit")
    for number, _ in enumerate(activation.practice.screen("kich-hoat-tai-khoan").hints, start=1):
        practising.asks_for_help("hint")
        expect(phone.locator(f"[data-said='hint {number}']")).to_be_visible()
    inspector.looks("all hints asked for")
    practising.asks_for_help("point")
    expect(phone.locator(".phone .pointed")).to_have_count(1)
    inspector.looks("pointed at")
    phone.locator(".aids__task summary").tap()
    expect(phone.locator(".aids__task")).to_have_attribute("open", "")
    inspector.looks("the task card open")
    assert inspector.found == {}

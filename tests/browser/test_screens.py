"""Old eyes, large fingers, a narrow phone with doubled text: on every simulated screen of every practice."""

from __future__ import annotations

import re

import pytest

from tests.browser import journeys
from tests.browser.citizen import Citizen
from tests.browser.conftest import PHONE
from tests.browser.exploring import explores
from tests.browser.inspection import Inspector
from tests.browser.lessons import address_of, every_lesson, lesson
from tests.browser.practising import Practising

ACTIVATION = "/vneid/kich-hoat"
PRACTICES = [
    pytest.param(each, practice, id=f"{each.course}-{each.slug}{'-' if practice.name else ''}{practice.name}")
    for each in every_lesson()
    for practice in each.practices
]


@pytest.mark.parametrize(("each", "practice"), PRACTICES)
def test_every_simulated_screen_is_fit_for_her(phone, each, practice):
    lan, inspector = Citizen(phone), Inspector(phone)

    def begins() -> Practising:
        address = f"{address_of(each)}/lam" + (f"/{practice.name}" if practice.name else "")
        lan.opens(address)
        phone.locator("button[name=mode][value=tu-lam]").tap()
        phone.wait_for_url(re.compile(r"/toi/luot/"))
        return Practising(phone, lan.hands, practice, script=True)

    def looks(screen) -> None:
        if screen.kind != "loading":  # that one moves on while it is looked at; the plain form below stays
            inspector.looks(screen.id)

    seen = explores(begins, looks)
    assert inspector.found == {}
    assert seen == {screen.id for screen in practice.screens}


@pytest.mark.parametrize(("each", "practice"), PRACTICES)
def test_every_screen_of_the_plain_form_is_fit_for_her(take, watcher, each, practice):
    """As without a script: the scripts are kept from arriving, so that axe can still look."""
    phone = take(PHONE)
    phone.route("**/*.js", lambda route: route.abort())
    lan, inspector = Citizen(phone, script=False), Inspector(phone)
    lan.opens(f"{address_of(each)}/lam" + (f"/{practice.name}" if practice.name else ""))
    phone.locator("button[name=mode][value=tu-lam]").tap()
    phone.wait_for_url(re.compile(r"/toi/luot/"))
    practising = Practising(phone, lan.hands, practice, script=False)
    way = journeys.screens_on_the_way(practice)
    for here, there in zip(way, [*way[1:], practice.goal], strict=True):
        inspector.looks_on_phones(here)
        practising.goes_the_expected_way(until=there)
    inspector.looks_on_phones(practice.goal)
    assert inspector.found == {}


def test_what_is_pointed_at_and_said_in_a_practice_is_fit_for_her(phone):
    lan, inspector, activation = Citizen(phone), Inspector(phone), lesson(ACTIVATION)
    lan.opens(f"{ACTIVATION}/lam")
    practising = lan.starts_to_practise(activation, "lam-theo")
    inspector.looks("led by the hand")
    lan.opens(f"{ACTIVATION}/lam")
    practising = lan.starts_to_practise(activation, "tu-lam")
    practising.goes_the_expected_way(until="kich-hoat-tai-khoan")
    practising.taps_on_words("Gửi yêu cầu")
    inspector.looks("a wrong submit")
    while phone.locator("[data-help=hint]:visible").count():
        practising.asks_for_help("hint")
    inspector.looks("all hints asked for")
    practising.asks_for_help("point")
    inspector.looks("pointed at")
    phone.locator(".aids__task summary").tap()
    inspector.looks("the task card open")
    assert inspector.found == {}

"""As in a neighbourhood hall: plain http, an address that is not loopback, a network with nothing else in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browser import journeys
from tests.browser.citizen import Citizen
from tests.browser.conftest import FLAGS, PATIENCE, PHONE
from tests.browser.lessons import lesson
from tests.browser.watcher import Watcher

ACTIVATION = "/vneid/kich-hoat"


@pytest.fixture
def hall_chromium(hall, playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=str(hall.chromium), args=FLAGS)
    yield browser
    browser.close()


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_whole_journey_in_a_hall(hall, hall_chromium, script):
    watcher = Watcher(hall.url)
    contexts = [
        hall_chromium.new_context(base_url=hall.url, java_script_enabled=script, **PHONE),
        hall_chromium.new_context(base_url=hall.url, **PHONE),
    ]
    for context in contexts:
        context.set_default_timeout(PATIENCE)
        watcher.watch(context)
    lan = Citizen(contexts[0].new_page(), script=script)
    badge = journeys.learns_a_whole_lesson(lan, lesson(ACTIVATION), name="Nguyễn Thị Lan")
    assert badge.startswith(hall.url)
    assert lan.marks(lesson(ACTIVATION)) == journeys.ALL_MARKS
    stranger = contexts[1].new_page()
    journeys.verifies(stranger, badge, name="Nguyễn Thị Lan")
    expect(stranger.locator("main")).to_contain_text("Nguyễn Thị Lan")
    assert stranger.evaluate("() => window.isSecureContext") is False
    assert watcher.complaints == []

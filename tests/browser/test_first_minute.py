"""From the home page to the first success: at most eight taps, with and without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from lms.content.practice import action_paths
from lms.content.practice.compiling import generate_random_data
from tests.browser.conftest import PHONE
from tests.browser.input_devices import Finger
from tests.browser.learner import Learner
from tests.browser.practice_page import PracticePage
from tests.real_courses import library

MAX_TAPS = 8


class CountingFinger(Finger):
    """Counts its taps."""

    def __init__(self) -> None:
        super().__init__()
        self.taps = 0

    def press(self, control) -> None:
        self.taps += 1
        super().press(control)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_first_visit_succeeds_within_eight_taps(new_page, script):
    page: Page = new_page(PHONE, script=script)
    lesson, practice = library().tryout
    finger = CountingFinger()
    lan = Learner(page, script=script, device=finger)
    lan.open("/")
    expect(page.locator(".button--main")).to_be_in_viewport()
    lan.press_main_button()
    tryout = PracticePage(page, finger, practice, script=script)
    tryout.expect_screen(practice.start)
    tryout.follow_expected_path()
    lan.open_result()
    expect(page.locator("h1")).to_have_text("Bác làm được rồi")
    steps = action_paths.expected_path(practice, generate_random_data(practice, 1))
    assert finger.taps == len(steps) + 2 <= MAX_TAPS
    lan.press_main_button()
    lan.expect_path(f"/{lesson.course}/{lesson.slug}/hieu")

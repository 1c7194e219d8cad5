"""Attempts at a practice that requests bring to a screen, as the page's script would send them.

Tests of one screen begin there. The taps on the way through a whole practice are made in test_journey.py,
test_practice.py and test_practice_robust.py.
"""

from __future__ import annotations

import json
import re
from itertools import dropwhile, pairwise, takewhile

from playwright.sync_api import Page

from lms.content.model import Lesson, Practice
from lms.content.practice import action_paths
from tests.browser.lessons import expected_path, lesson_path
from tests.browser.waiting import MAX_RETRIES


def begin_attempt(page: Page, introduction: str, mode: str) -> str:
    """Start an attempt from the address of its introduction page; the address of the attempt."""
    begun = page.request.post(introduction, form={"mode": mode}, max_redirects=0, max_retries=MAX_RETRIES)
    return begun.headers["location"]


def go_by_requests(page: Page, attempt: str, practice: Practice, screen: str) -> None:
    """Do what the expected path has from the attempt's present screen, of which nothing is done yet, to ``screen``."""
    shown = page.request.get(attempt, max_retries=MAX_RETRIES).text()
    facts = json.loads(re.search(r" data-practice>(.*?)</script>", shown, re.DOTALL)[1])
    here, done = facts["state"]["screen"], facts["state"]["q"]
    path = dropwhile(lambda step: step.screen != here, action_paths.expected_path(practice, facts["data"]))
    steps = takewhile(lambda step: step.screen != screen, path)
    events = [step.to_event(number, 1000 * number) for number, step in enumerate(steps, done + 1)]
    if events:
        sent = page.request.post(f"{attempt}/su-kien", data={"events": events}, max_retries=MAX_RETRIES)
        assert sent.ok and sent.json()["screen"] == screen, sent.text()


def open_one_screen_before(page: Page, lesson: Lesson, mode: str, screen: str) -> None:
    """Open a new attempt at the screen from which the expected path leads to ``screen``, or there if it is the first.

    So a test taps the last step itself, where it matters how one arrives.
    """
    assert lesson.practice
    screens = [*dict.fromkeys(step.screen for step in expected_path(lesson.practice)), lesson.practice.goal]
    before = next((one for one, other in pairwise(screens) if other == screen), screen)
    attempt = begin_attempt(page, f"{lesson_path(lesson)}/lam", mode)
    go_by_requests(page, attempt, lesson.practice, before)
    page.goto(attempt, wait_until="load")

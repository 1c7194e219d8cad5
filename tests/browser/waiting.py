"""Waiting for what a test's own handlers hear of a browser: nobody knows who is faster."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page

PATIENCE = 30_000  # milliseconds until a thing that should be there is given up
_BETWEEN = 20  # milliseconds
# What a test asks outside of a page goes over lines that were idle, and the site may hang up at that very moment: a
# browser asks again by itself, Playwright when it is told to.
RECONNECTS = 3

# Runs before a page: it never gives up an answer that a test holds back, however long that takes.
PATIENT = "AbortController.prototype.abort = () => {}"


def until(page: Page, is_so: Callable[[], object]) -> None:
    """Let the events of ``page`` come until it is so. What a page itself shows is waited for with ``expect``."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not is_so():
        assert time.monotonic() < deadline, "it never came"
        page.wait_for_timeout(_BETWEEN)

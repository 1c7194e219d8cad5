"""Wait for events of a browser that a test's own handlers receive."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page

TIMEOUT_MS = 60_000  # milliseconds: on a machine that other work kept busy, 30 s were not always enough
# Requests outside of a page reuse idle connections, which the site may be closing: a browser retries by itself,
# Playwright only if told to.
MAX_RETRIES = 3

# An init script: the page never aborts a request whose response the test delays.
NEVER_ABORT = "AbortController.prototype.abort = () => {}"


def wait_until(page: Page, predicate: Callable[[], object], *, pause_ms: float = 20) -> None:
    """Process the events of ``page`` until the predicate is true. For what a page shows, use ``expect``."""
    deadline = time.monotonic() + TIMEOUT_MS / 1000
    while not predicate():
        assert time.monotonic() < deadline, "timed out"
        page.wait_for_timeout(pause_ms)

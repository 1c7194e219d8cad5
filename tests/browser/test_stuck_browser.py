"""A browser that does not answer holds up no test: it is killed, and the next page opens in another one."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Error

from tests.browser.chromium import find_chromium
from tests.browser.conftest import FLAGS
from tests.browser.shared_chromium import SharedChromium, running_playwright, shared_chromium

ROOT = Path(__file__).parents[2]
STOPPED_DRIVER = """
import os, signal
from tests.browser import shared_chromium

with shared_chromium.running_playwright(stuck_seconds=1):
    [driver] = shared_chromium.drivers()
    os.kill(driver, signal.SIGSTOP)
"""


def test_a_stopped_browser_is_killed_and_replaced():
    with ThreadPoolExecutor(1) as thread:  # the browser of the other tests has an event loop in this one
        thread.submit(stop_and_replace).result()


def stop_and_replace() -> None:
    options = {"executable_path": find_chromium(), "args": FLAGS}
    with running_playwright() as playwright, shared_chromium(playwright, **options) as chromium:
        context = chromium.new_context()
        assert context.new_page().evaluate("() => 1 + 1") == 2
        with stopped(chromium):
            context.close()
        assert chromium.new_context().new_page().evaluate("() => 1 + 1") == 2
        with stopped(chromium, stuck_seconds=4):  # long enough for a busy machine to answer from the browser after it
            context = chromium.new_context()
        assert context.new_page().evaluate("() => 1 + 1") == 2
        with stopped(chromium):
            chromium.close()


@contextmanager
def stopped(chromium: SharedChromium, stuck_seconds: float = 1) -> Iterator[None]:
    """The browser answers nothing, and only within the block it soon counts as stuck."""
    chromium.send_signal(signal.SIGSTOP)
    usual, chromium.stuck_seconds = chromium.stuck_seconds, stuck_seconds
    with pytest.warns(UserWarning, match="stuck"):
        yield
    chromium.stuck_seconds = usual


def test_a_browser_that_crashed_is_replaced_and_other_errors_are_not_hidden():
    with ThreadPoolExecutor(1) as thread:
        thread.submit(crash_and_replace).result()


def crash_and_replace() -> None:
    with running_playwright() as playwright, shared_chromium(playwright, executable_path=find_chromium()) as chromium:
        context = chromium.new_context()
        chromium.send_signal(signal.SIGKILL)
        context.close()
        assert chromium.new_context().new_page().evaluate("() => 1 + 1") == 2
        with pytest.raises(Error, match="không có"):
            chromium.new_context(permissions=["không có"])


def test_a_driver_that_does_not_stop_is_killed():
    done = subprocess.run([sys.executable, "-c", STOPPED_DRIVER], cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 0

"""Interrupt what hangs after a test has failed or ended.

pytest-timeout rings once for a test, and for nothing after a failure. But what a test leaves may hang as well: the end
of a `with` that waits for threads, and teardowns; that of the last test ends all that lasted for the run, such as
servers, browsers and databases. Each would hold up the run for ever.
"""

from __future__ import annotations

import itertools
import signal
import threading
from collections.abc import Generator, Iterator
from types import FrameType
from typing import Any

import pytest

OPTION = "teardown_timeout"
SLICES = 10  # of a wait: a run that was suspended for minutes has not waited as long


def add_option(parser: pytest.Parser) -> None:
    parser.addini(OPTION, "seconds until a teardown is interrupted, and then what is left of it", default="0")


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: Any) -> Generator[None, object, object]:
    """Ring again for what a test still does after it ran out of time."""
    is_set = yield
    delay, _ = signal.getitimer(signal.ITIMER_REAL)
    if delay:
        signal.setitimer(signal.ITIMER_REAL, delay, float(item.config.getini(OPTION)))
    return is_set


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    seconds = float(item.config.getini(OPTION))
    if not seconds or threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    rings = itertools.count(1)

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if next(rings) % SLICES == 0:
            pytest.fail(f"teardown took more than {seconds:g} s")

    # In place of pytest-timeout's, which it sets anew for each test. It goes on ringing: pytest runs the finalizers
    # that are left after an interrupted one, and these may hang as well.
    handler = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds / SLICES, seconds / SLICES)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)

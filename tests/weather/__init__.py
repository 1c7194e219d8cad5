"""Bad weather for the browser's tests: nothing may depend on who is faster, the test, the browser or the site.

``WEATHER`` in the environment names what is slow, any of ``KINDS`` joined by a comma; ``make weather`` goes through
them. A test that fails in one of them would fail one day on somebody's busy machine.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

SLOW_LINE = "slow-line"  # the site's answers take their time, each another time
SLOW_HAND = "slow-hand"  # the test does the next thing later: what only passes by has passed
SLOW_PHONE = "slow-phone"  # scripts and drawing take several times as long
KINDS = (SLOW_LINE, SLOW_HAND, SLOW_PHONE)

_HESITATION = 120  # milliseconds before each thing that a test asks of the browser
_TIMES_SLOWER = 5


def weather() -> frozenset[str]:
    """What is slow in this run; nothing on a usual day.

    Raises:
        ValueError: ``WEATHER`` names what there is not.
    """
    named = frozenset(filter(None, os.environ.get("WEATHER", "").split(",")))
    if unknown := named - set(KINDS):
        raise ValueError(f"WEATHER knows {', '.join(KINDS)}, not {', '.join(sorted(unknown))}")
    return named


def hesitation() -> int:
    """Milliseconds that a test waits before each thing it asks of the browser."""
    return _HESITATION if SLOW_HAND in weather() else 0


def burden(page: Page) -> None:
    """Make a phone as slow as the weather says."""
    if SLOW_PHONE in weather():
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": _TIMES_SLOWER})


def site_environment() -> dict[str, str]:
    """What a site's own environment gets on top."""
    if SLOW_LINE not in weather():
        return {}
    return {"PYTHONPATH": str(Path(__file__).with_name("slow_line"))}

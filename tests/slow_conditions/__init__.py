"""Simulated slow conditions for the browser tests: no test may depend on the speed of test, browser or site.

``SLOW_CONDITIONS`` in the environment names them, separated by commas; ``make slow-conditions`` runs each. A test that
fails under one of them will fail some day on a busy machine.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

SLOW_NETWORK = "slow-network"  # each response is delayed by a random time
SLOW_INPUT = "slow-input"  # the test pauses before each action: what is shown for a moment only is gone
SLOW_PHONE = "slow-phone"  # scripts and rendering take several times as long
CONDITIONS = (SLOW_NETWORK, SLOW_INPUT, SLOW_PHONE)

_INPUT_DELAY_MS = 120
_CPU_SLOWDOWN = 5


def slow_conditions() -> frozenset[str]:
    """The conditions of this run, usually none.

    Raises:
        ValueError: ``SLOW_CONDITIONS`` names an unknown one.
    """
    chosen = frozenset(filter(None, os.environ.get("SLOW_CONDITIONS", "").split(",")))
    if unknown := chosen - set(CONDITIONS):
        raise ValueError(f"SLOW_CONDITIONS may name {', '.join(CONDITIONS)}, not {', '.join(sorted(unknown))}")
    return chosen


def input_delay_ms() -> int:
    """Milliseconds to wait before each action in the browser: Playwright's ``slow_mo``."""
    return _INPUT_DELAY_MS if SLOW_INPUT in slow_conditions() else 0


def throttle_cpu(page: Page) -> None:
    """Slow the page down if this run simulates a slow phone."""
    if SLOW_PHONE in slow_conditions():
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": _CPU_SLOWDOWN})


def site_environment() -> dict[str, str]:
    """Additional environment variables of a site's process."""
    if SLOW_NETWORK not in slow_conditions():
        return {}
    return {"PYTHONPATH": str(Path(__file__).with_name("slow_network"))}

"""A practice on an old phone behind a thin line: a CPU slowed six times and Lighthouse's slow 3G, in a real Chromium.

*Usable* is the first screen as the script has drawn it, with its styles, on an empty cache: from here on every tap is
answered on the phone. (The plain form, which is painted before, already takes taps over the network.) *Tap to next
screen* is what the browser itself measures from the touch to the frame that shows the answer (Event Timing), for every
tap of the expected path of the longest practice. The path is walked several times: the figure is the slowest of its
taps, each taken at its median, so that one stall of this machine is not taken for a slow screen.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.figures import Figure, at_most
from bench.graduate import Graduate, graduate
from bench.sites import COURSES, Site, our_site
from lms.content.library import read_library
from lms.content.model import Practice
from lms.content.practice import paths

SLOWER = 6
LATENCY = 400  # ms
BYTES_A_SECOND = 400_000 / 8
LOADS = 5
WALKS = 5
USABLE_BAR, TAP_BAR = 3.0, 100
RULED = {"mat-khau-manh": "Tap@Doc2026", "6-so": "730164", "co-chu": "tập"}

# Since the page was asked for: when its script had drawn the first screen, which has no number for the server.
_USABLE = """() => document.readyState !== "loading" && document.querySelector("form.phone")
  && !document.querySelector("form.phone input[name=q]") && performance.now()"""
_PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
# Touches, and how long each took until its frame; Event Timing knows nothing shorter than 16 ms and rounds to 8.
_WATCH_TAPS = """
window.taps = []
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.name === "click") window.taps.push(entry.duration)
}).observe({ type: "event", durationThreshold: 16, buffered: true })
"""


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, our_site(Path(folder)) as site, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        learner = graduate(site)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield _first_screen(browser, site, learner)
        yield _taps(browser, site, learner)
        browser.close()


def _first_screen(browser: Browser, site: Site, learner: Graduate) -> Figure:
    usable, painted = [], []
    for _ in range(LOADS):
        context = _phone(browser, site, learner)
        page = _slow(context, on_thin_line=True)
        page.goto(site.url + learner.open_attempt_path, wait_until="commit")
        usable.append(page.wait_for_function(_USABLE, polling=10).json_value() / 1000)
        painted.append(page.evaluate(_PAINTED) / 1000)
        context.close()
    note = f"median of {LOADS}, empty cache, {LATENCY} ms, 400 kbit/s; painted after {statistics.median(painted):.2f} s"
    return at_most(f"first practice screen usable, slow 3G, CPU 1/{SLOWER}", _median(usable), USABLE_BAR, "s", note)


def _taps(browser: Browser, site: Site, learner: Graduate) -> Figure:
    context = _phone(browser, site, learner)
    page = _slow(context, on_thin_line=False)
    page.add_init_script(_WATCH_TAPS)
    walks = []
    for _ in range(WALKS):
        page.goto(f"{site.url}{learner.lesson_path}/lam")
        page.locator("button[name=mode][value=tu-lam]").first.tap()
        page.wait_for_url("**/toi/luot/*")
        page.wait_for_function(_USABLE)
        _walk(page, _practice_at(learner))
        page.wait_for_timeout(500)  # entries come in batches
        walks.append(page.evaluate("() => window.taps"))
    context.close()
    taps = [_median(times) for times in zip(*walks, strict=True)]
    note = f"{len(taps)} taps, {WALKS} walks; median tap {_median(taps):.0f} ms"
    return at_most(f"tap to next screen, the slowest, CPU 1/{SLOWER}", max(taps), TAP_BAR, "ms", note)


def _walk(page: Page, practice: Practice) -> None:
    """Go the expected way by touch."""
    data = json.loads(page.locator("[data-practice]").text_content())["data"]
    for step in paths.expected_path(practice, data):
        page.wait_for_selector(f"form.phone[data-screen='{step.screen}']")
        thing = page.locator(f"form.phone [data-widget='{step.widget}']")
        if step.action == "type":
            thing.fill(RULED.get(practice.screen(step.screen).widgets[step.widget].rule, step.value))
        elif step.action == "choose":
            thing.select_option(step.value)
        elif step.action == "switch":
            thing.set_checked(step.value == "bật")
        elif step.action == "tap":
            thing.tap()
            page.wait_for_timeout(600)  # two touches so soon would be taken for one
    page.wait_for_selector(f"form.phone[data-screen='{practice.goal}']")


def _phone(browser: Browser, site: Site, learner: Graduate) -> BrowserContext:
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    name, _, value = learner.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": site.url}])
    return context


def _slow(context: BrowserContext, *, on_thin_line: bool) -> Page:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    if on_thin_line:
        thin = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY, **thin})
    return page


def _practice_at(learner: Graduate) -> Practice:
    """The practice of the graduate's lesson."""
    _, course, slug = learner.lesson_path.split("/")
    library = read_library(COURSES, today=datetime.now(UTC).date()).library
    return library.course(course).lesson(slug).practice


def _median(values: list[float]) -> float:
    return statistics.median(values)

"""A practice on an old phone, in a real Chromium: the CPU slowed down six times, on Lighthouse's slow 3G.

*Usable* is when the script has rendered the first screen, on an empty cache: from then on taps are handled on the
phone. (The plain form, which is painted before, already works over the network.) *Tap to next screen* is the duration
that the browser measures from the touch to the next frame (Event Timing), for every tap on the expected path of the
longest practice. The path is walked several times; the figure is the slowest of its taps, each at its median, so that
a stall of this machine does not count as a slow screen.

The baseline of the taps is a bare page with the same stylesheets in the same browser: a tap on it replaces one screen
with the next by ``innerHTML`` and does nothing else.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.figures import Figure, at_most
from bench.sample_learner import SampleLearner, create_sample_learner
from bench.sites import COURSES, Site, our_site
from lms.content.library import read_library
from lms.content.model import TAP_ACTIONS, Practice
from lms.content.practice import action_paths

CPU_SLOWDOWN = 6
LATENCY_MS = 400
BYTES_A_SECOND = 400_000 / 8
LOADS = 5
WALKS = 5
USABLE_BAR = 3.0  # seconds
TAP_BAR = 3.5  # times a tap on the bare page
VALUES_BY_RULE = {"mat-khau-manh": "Tap@Doc2026", "6-so": "730164", "co-chu": "tập"}

# Milliseconds from the navigation to the script's first screen, which, unlike the plain form, has no input "q".
_USABLE = """() => document.readyState !== "loading" && document.querySelector("form.phone")
  && !document.querySelector("form.phone input[name=q]") && performance.now()"""
_PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
# The duration of each tap until its frame. Event Timing reports none below 16 ms, and rounds to 8 ms.
_WATCH_TAPS = """
window.taps = []
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.name === "click") window.taps.push(entry.duration)
}).observe({ type: "event", durationThreshold: 16, buffered: true })
"""

_REPLACE_ON_TAP = """(screens) => {
  const main = document.querySelector("main")
  let next = 0
  document.querySelector("#next").addEventListener("click", () => { main.innerHTML = screens[next++] })
}"""


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, our_site(Path(folder)) as site, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        learner = create_sample_learner(site)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield _first_screen(browser, site, learner)
        yield _taps(browser, site, learner)
        browser.close()


def _first_screen(browser: Browser, site: Site, learner: SampleLearner) -> Figure:
    usable, painted = [], []
    for _ in range(LOADS):
        context = _phone_context(browser, site, learner)
        page = _throttled_page(context, slow_network=True)
        page.goto(site.url + learner.open_attempt_path, wait_until="commit")
        usable.append(page.wait_for_function(_USABLE, polling=10).json_value() / 1000)
        painted.append(page.evaluate(_PAINTED) / 1000)
        context.close()
    note = (
        f"median of {LOADS}, empty cache, {LATENCY_MS} ms, 400 kbit/s; painted after {statistics.median(painted):.2f} s"
    )
    return at_most(
        f"first practice screen usable, slow 3G, CPU 1/{CPU_SLOWDOWN}", _median(usable), USABLE_BAR, "s", note
    )


def _taps(browser: Browser, site: Site, learner: SampleLearner) -> Figure:
    context = _phone_context(browser, site, learner)
    page = _throttled_page(context, slow_network=False)
    page.add_init_script(_WATCH_TAPS)
    walks, screens = [], []
    for _ in range(WALKS):
        page.goto(f"{site.url}{learner.lesson_path}/lam")
        page.locator("button[name=mode][value=tu-lam]").first.tap()
        page.wait_for_url("**/toi/luot/*")
        page.wait_for_function(_USABLE)
        screens = _walk(page, _practice_of(learner))
        page.wait_for_timeout(500)  # entries come in batches
        walks.append(page.evaluate("() => window.taps"))
    bare = _bare_taps(page, site, screens)
    context.close()
    taps = [_median(times) for times in zip(*walks, strict=True)]
    note = f"{max(taps):.0f} ms, bare {max(bare):.0f} ms; {len(taps)} taps, {WALKS} walks"
    name = f"tap to next screen, the slowest, CPU 1/{CPU_SLOWDOWN}, against bare innerHTML"
    return at_most(name, max(taps) / max(bare), TAP_BAR, "×", note)


def _walk(page: Page, practice: Practice) -> list[str]:
    """Walk the expected path by touch. Returns the HTML of each screen on it."""
    data = json.loads(page.locator("[data-practice]").text_content() or "")["data"]
    screens = []
    for step in action_paths.expected_path(practice, data):
        page.wait_for_selector(f"form.phone[data-screen='{step.screen}']")
        if step.action in TAP_ACTIONS:
            screens.append(page.locator("form.phone").evaluate("(screen) => screen.outerHTML"))
        widget = page.locator(f"form.phone [data-widget='{step.widget}']")
        if step.action == "type":
            rule = practice.screen_by_id(step.screen).widgets[step.widget].rule
            widget.fill(VALUES_BY_RULE.get(rule or "") or step.value or "")
        elif step.action == "choose":
            widget.select_option(step.value)
        elif step.action == "switch":
            widget.set_checked(step.value == "bật")
        elif step.action in TAP_ACTIONS:
            widget.tap()
            page.wait_for_timeout(600)  # a second touch within that time is ignored as a double tap
    page.wait_for_selector(f"form.phone[data-screen='{practice.goal}']")
    return screens


def _bare_taps(page: Page, site: Site, screens: list[str]) -> list[float]:
    """Return the milliseconds of each tap on the bare page, as medians over the walks."""
    styles = page.eval_on_selector_all("link[rel=stylesheet]", "(links) => links.map((link) => link.href)")
    head = "".join(f'<link rel="stylesheet" href="{style}">' for style in styles)
    body = f'<!doctype html><html lang="vi"><head>{head}</head><body><button id="next">Tiếp</button><main></main>'
    page.route(f"{site.url}/bare", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    walks = []
    for _ in range(WALKS):
        page.goto(f"{site.url}/bare")
        page.evaluate(_REPLACE_ON_TAP, screens)
        for _ in screens:
            page.locator("#next").tap()
            page.wait_for_timeout(300)
        page.wait_for_timeout(500)
        walks.append(page.evaluate("() => window.taps"))
    return [_median(times) for times in zip(*walks, strict=True)]


def _phone_context(browser: Browser, site: Site, learner: SampleLearner) -> BrowserContext:
    # A service worker would answer for the bare page, and the kept copies would be no first visit.
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, service_workers="block"
    )
    name, _, value = learner.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": site.url}])
    return context


def _throttled_page(context: BrowserContext, *, slow_network: bool) -> Page:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    if slow_network:
        throughput = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **throughput})
    return page


def _practice_of(learner: SampleLearner) -> Practice:
    """Return the practice of the sample learner's lesson."""
    _, course_slug, slug = learner.lesson_path.split("/")
    course = read_library(COURSES, today=datetime.now(UTC).date()).library.course(course_slug)
    lesson = course and course.lesson(slug)
    if not lesson or not lesson.practice:
        raise RuntimeError(f"{learner.lesson_path} has no practice")
    return lesson.practice


def _median(values: Sequence[float]) -> float:
    return statistics.median(values)

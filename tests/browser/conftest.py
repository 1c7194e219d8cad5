"""Fixtures: Chromium on a running site, with phones, a projector, and a monitor of console and network."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.browser_monitor import BrowserMonitor
from tests.browser.chromium import find_chromium
from tests.browser.inspection import checked_elements
from tests.browser.shared_chromium import SharedChromium, running_playwright, shared_chromium
from tests.browser.site_process import Site
from tests.browser.staff import sign_in_as
from tests.browser.waiting import TIMEOUT_MS
from tests.slow_conditions import input_delay_ms, slow_conditions, throttle_cpu
from tests.slow_conditions.early_actions import EarlyActions, find_early_actions

# Chromium uses only the last --disable-features, so this list repeats Playwright's. The others would render an unseen
# browser UI around each page, or keep a spare process, at twice the cost of the page.
DISABLED_FEATURES = [
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay"),
    *("MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
    *("SpareRendererForSitePerProcess", "ThirdPartyStoragePartitioning"),
    *("WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxPopup"),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=" + ",".join(DISABLED_FEATURES),
]
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "vi-VN",
}
LAPTOP = {"viewport": {"width": 1366, "height": 768}, "has_touch": True, "locale": "vi-VN"}
PROJECTOR = {"viewport": {"width": 1920, "height": 1080}, "locale": "vi-VN"}
expect.set_options(timeout=TIMEOUT_MS)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with running_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[SharedChromium]:
    options = {"executable_path": find_chromium(), "args": FLAGS, "slow_mo": input_delay_ms()}
    with shared_chromium(playwright, **options) as shared:
        yield shared


@pytest.fixture(scope="session", autouse=True)
def shared_checked_elements(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # the folder of all workers
    checked_elements.folder = run / "checked-elements"
    checked_elements.folder.mkdir(exist_ok=True)


@pytest.fixture(scope="session")
def site(live_server: Site) -> Site:
    """The site that ``new_page`` opens. A file whose tests need another one overrides this fixture."""
    return live_server


@pytest.fixture
def monitor(site: Site) -> Iterator[BrowserMonitor]:
    """Fail the test if a page logged an error, contacted a third party, or got an unexpected error status."""
    monitor = BrowserMonitor(site.url)
    yield monitor
    assert monitor.complaints == []


@pytest.fixture
def early_actions() -> Iterator[EarlyActions | None]:
    """With simulated slow conditions, fail the test if it did not wait for a page."""
    if not slow_conditions():
        yield None
        return
    with find_early_actions() as early_actions:
        yield early_actions
    assert early_actions.found == []


@pytest.fixture
def new_page(
    chromium: SharedChromium, site: Site, monitor: BrowserMonitor, early_actions: EarlyActions | None
) -> Iterator[Callable[..., Page]]:
    """Return a factory of pages in fresh browser contexts: ``new_page(PHONE, script=False)``.

    Without the service worker, which would make requests of its own; ``service_workers="allow"`` lets it in.
    """
    contexts: list[BrowserContext] = []

    def create(device: dict = PHONE, *, script: bool = True, **more: object) -> Page:
        options = {"service_workers": "block", **device, **more}
        context = chromium.new_context(base_url=site.url, java_script_enabled=script, **options)
        monitor.watch(context)
        if early_actions:
            early_actions.watch(context)
        contexts.append(context)
        context.on("close", lambda closed: contexts.remove(closed))
        page = context.new_page()
        throttle_cpu(page)
        return page

    yield create
    for context in list(contexts):
        with chromium.killed_if_stuck():
            # A route handler that is still running would fail on the closed page, within the next test.
            for routed in (*context.pages, context):
                routed.unroute_all(behavior="ignoreErrors")
            context.close()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    return new_page(PHONE)


@pytest.fixture
def plain_phone(new_page: Callable[..., Page]) -> Page:
    """A phone without JavaScript."""
    return new_page(PHONE, script=False)


@pytest.fixture
def projector(new_page: Callable[..., Page]) -> Page:
    return new_page(PROJECTOR)


@pytest.fixture
def facilitator(site: Site) -> Callable[[Page, str], None]:
    """Signs a page in with a new account of this name."""

    def come(page: Page, name: str) -> None:
        sign_in_as(page, site, name, "facilitator")

    return come


@pytest.fixture
def desk(new_page, site: Site) -> Page:
    """Minh's phone, signed in."""
    page = new_page(PHONE)
    sign_in_as(page, site, "Minh", "facilitator")
    return page


@pytest.fixture
def open_editor(new_page: Callable[..., Page], site: Site) -> Callable[..., Page]:
    """Opens a file in the editor, signed in as a new author of the city: ``open_editor(HIEU, PHONE)``."""

    def come(address: str, device: dict = LAPTOP, **more: object) -> Page:
        page = new_page(device, **more)
        sign_in_as(page, site, "Khoa", "author", ward="tp")
        page.goto(address)
        return page

    return come


@pytest.fixture
def wall(new_page) -> Page:
    """A projector that shows a pairing code."""
    page = new_page(PROJECTOR)
    page.goto("/chieu")
    expect(page.locator(".wall-pairing__digit")).to_have_count(4)
    return page

"""A real Chromium on a real site: phones, a projector, and somebody who watches the console and the network."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.duty import comes_in, slip_of, user
from tests.browser.served import Site, served
from tests.browser.waiting import PATIENCE
from tests.browser.watcher import Watcher
from tests.weather import burden, hesitation, weather
from tests.weather.haste import Haste, watched

# The last list counts, so this one holds what Playwright itself switches off; the others would draw a browser that
# nobody sees around each page, or keep a process ready for a next site, at twice the price of the page.
NEEDLESS = [
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
    "--disable-features=" + ",".join(NEEDLESS),
]
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "vi-VN",
}
PROJECTOR = {"viewport": {"width": 1920, "height": 1080}, "locale": "vi-VN"}
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium is missing: apt-get install chromium"
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS, slow_mo=hesitation())
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def watcher(site: Site) -> Iterator[Watcher]:
    """Fails its test when any page complained on the console, asked a third party, or was refused unexpectedly."""
    watching = Watcher(site.url)
    yield watching
    assert watching.complaints == []


@pytest.fixture
def haste() -> Iterator[Haste | None]:
    """In bad weather, fails its test when it did not wait for a page."""
    if not weather():
        yield None
        return
    with watched() as haste:
        yield haste
    assert haste.found == []


@pytest.fixture
def take(chromium: Browser, site: Site, watcher: Watcher, haste: Haste | None) -> Iterator[Callable[..., Page]]:
    """Hands out a fresh phone or projector with no past: ``take(PHONE, script=False)``."""
    contexts: list[BrowserContext] = []

    def fresh(device: dict = PHONE, *, script: bool = True, **more: object) -> Page:
        context = chromium.new_context(base_url=site.url, java_script_enabled=script, **device, **more)
        context.set_default_timeout(PATIENCE)
        watcher.watch(context)
        if haste:
            haste.watch(context)
        contexts.append(context)
        context.on("close", lambda closed: contexts.remove(closed))
        page = context.new_page()
        burden(page)
        return page

    yield fresh
    for context in list(contexts):
        # A route that is still being answered would complain of the closed page, and in the test that comes next.
        for routed in (*context.pages, context):
            routed.unroute_all(behavior="ignoreErrors")
        context.close()


@pytest.fixture
def phone(take: Callable[..., Page]) -> Page:
    return take(PHONE)


@pytest.fixture
def plain_phone(take: Callable[..., Page]) -> Page:
    """A phone whose browser runs no script."""
    return take(PHONE, script=False)


@pytest.fixture
def projector(take: Callable[..., Page]) -> Page:
    return take(PROJECTOR)


@pytest.fixture
def desk(take, site: Site) -> Page:
    """Minh's phone, signed in."""
    page = take(PHONE)
    comes_in(page, slip_of(user(site, "add", "--name", "Minh", "--role", "facilitator", "--ward", "An Đông")))
    return page


@pytest.fixture
def wall(take) -> Page:
    """A projector that waits for a class."""
    page = take(PROJECTOR)
    page.goto("/chieu")
    expect(page.locator(".pair__digit")).to_have_count(4)
    return page

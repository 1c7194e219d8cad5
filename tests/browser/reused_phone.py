"""One page for many tests, each of which finds it as if nobody had used it.

A new context with its page and process takes more time than loading a page of the site. What a test adds for good, such
as init scripts, needs a page of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page

from tests.browser.browser_monitor import BrowserMonitor
from tests.browser.shared_chromium import SharedChromium

FORGET_SESSION = "() => sessionStorage.clear()"


class ReusedPhone:
    """A page of the site at ``url`` on the device with these context options."""

    def __init__(self, chromium: SharedChromium, url: str, device: dict[str, Any]) -> None:
        self._chromium, self._url, self._device = chromium, url, device
        self._page: Page | None = None

    @contextmanager
    def as_new(self, monitor: BrowserMonitor) -> Iterator[Page]:
        """The page, watched by ``monitor``. Afterwards it forgets cookies, storage, routes, size and media."""
        page = self._usable_page()
        monitor.watch(page.context)
        yield page
        try:
            with self._chromium.killed_if_stuck():
                self._forget(page)
        except BaseException:
            self.close()  # nobody knows in what state it is
            raise
        monitor.leave(page.context)

    def close(self) -> None:
        page, self._page = self._page, None
        if page is not None:
            page.context.close()

    def _usable_page(self) -> Page:
        """The page, or a new one after a browser that was stuck has been replaced."""
        browser = self._page and self._page.context.browser
        if self._page is None or self._page.is_closed() or not (browser and browser.is_connected()):
            context = self._chromium.new_context(base_url=self._url, service_workers="block", **self._device)
            self._page = context.new_page()
        return self._page

    def _forget(self, page: Page) -> None:
        page.unroute_all(behavior="ignoreErrors")
        page.evaluate(FORGET_SESSION)
        page.goto("about:blank")  # a page that is still open could store once more
        session = page.context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": self._url, "storageTypes": "all"})
        session.detach()
        page.context.clear_cookies()
        page.set_viewport_size(self._device["viewport"])
        page.emulate_media(media="null", color_scheme="null", reduced_motion="null")

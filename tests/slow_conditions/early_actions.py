"""Finds actions of a test that come too early: on a page that is navigating away, or navigating away before a post is
answered.

Such a test passes on an idle machine and fails on a busy one. Assertions of ``expect`` are not checked: they retry.
"""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Frame, Locator, Page, Request

TESTS = Path(__file__).parents[1]
_EVENT_PUMP_MS = 15  # lets the handlers receive the events that the browser has sent already

NAVIGATIONS = ("goto", "reload", "go_back", "go_forward")
PAGE_READS = ("content", "evaluate", "screenshot")
LOCATOR_ACTIONS = (
    *("click", "tap", "dblclick", "fill", "press", "press_sequentially", "check", "uncheck", "select_option"),
    *("set_input_files", "evaluate", "evaluate_all", "inner_text", "inner_html", "text_content", "all_inner_texts"),
    *("all_text_contents", "count", "get_attribute", "input_value", "is_checked", "is_visible", "is_hidden"),
    *("is_enabled", "bounding_box"),
)
_CHECKED_METHODS = [(Page, name) for name in (*NAVIGATIONS, *PAGE_READS)] + [
    (Locator, name) for name in LOCATOR_ACTIONS
]


class EarlyActions:
    """``found`` has one sentence for each early action on a page of the watched contexts."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._navigations: dict[Page, Request] = {}
        self._pending_posts: dict[Page, set[Request]] = {}
        self._is_checking = False

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._on_request)
        context.on("requestfinished", self._on_request_finished)
        context.on("requestfailed", self._on_request_failed)
        context.on("page", self._on_page)

    def check(self, page: Page, action: str) -> None:
        """Record the action that is about to begin if it comes too early."""
        if self._is_checking or page.is_closed():
            return
        self._is_checking = True  # wait_for_timeout may call a checked method
        try:
            page.wait_for_timeout(_EVENT_PUMP_MS)
        finally:
            self._is_checking = False
        if navigation := self._navigations.get(page):
            self.found.append(f"{action} during {navigation.method} {navigation.url} ({_test_lines()})")
        elif action in NAVIGATIONS and (posts := self._pending_posts.get(page)):
            urls = ", ".join(request.url for request in posts)
            self.found.append(f"{action} before the response of {urls} ({_test_lines()})")

    def _on_page(self, page: Page) -> None:
        page.on("domcontentloaded", lambda loaded: self._navigations.pop(loaded, None))
        page.on("framenavigated", self._on_frame_navigated)

    def _on_request(self, request: Request) -> None:
        page = _page_of(request)
        if page is None:
            return
        if request.is_navigation_request():
            if request.frame == page.main_frame:
                self._navigations[page] = request
        elif request.method == "POST" and request.resource_type != "ping":
            self._pending_posts.setdefault(page, set()).add(request)

    def _on_request_finished(self, request: Request) -> None:
        page = _page_of(request)
        self._pending_posts.get(page, set()).discard(request)
        response = request.response() if self._navigations.get(page) is request else None
        if response is not None and (response.status == 204 or "content-disposition" in response.headers):
            self._navigations.pop(page, None)  # no content or a download: the page stays

    def _on_request_failed(self, request: Request) -> None:
        page = _page_of(request)
        self._pending_posts.get(page, set()).discard(request)
        if self._navigations.get(page) is request:
            self._navigations.pop(page)

    def _on_frame_navigated(self, frame: Frame) -> None:
        if frame.parent_frame is None:
            self._pending_posts.pop(frame.page, None)


@contextmanager
def find_early_actions() -> Iterator[EarlyActions]:
    """Check every action on every page of the contexts that the yielded object watches."""
    early_actions = EarlyActions()
    originals = {(kind, name): getattr(kind, name) for kind, name in _CHECKED_METHODS}
    for (kind, name), method in originals.items():
        setattr(kind, name, _checking_first(early_actions, name, method))
    try:
        yield early_actions
    finally:
        for (kind, name), method in originals.items():
            setattr(kind, name, method)


def _checking_first(early_actions: EarlyActions, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def checked(self: Page | Locator, *args: Any, **kwargs: Any) -> Any:
        early_actions.check(self if isinstance(self, Page) else self.page, name)
        return method(self, *args, **kwargs)

    return checked


def _page_of(request: Request) -> Page | None:
    try:
        return request.frame.page
    except Exception:  # a worker's request, or one of a page that is closing
        return None


def _test_lines() -> str:
    """The lines of the tests on the stack, the innermost last."""
    lines = [
        f"{Path(frame.filename).relative_to(TESTS)}:{frame.lineno}"
        for frame in traceback.extract_stack()
        if Path(frame.filename).is_relative_to(TESTS) and Path(frame.filename).parent != Path(__file__).parent
    ]
    return " > ".join(lines[-3:])

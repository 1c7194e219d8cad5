"""Finds where a test does not wait: it acts on a page, or reads it, while that page is on its way to another one, or
leaves it while something it sent is not answered.

Such a test passes on an idle machine and fails on a busy one. Assertions of ``expect`` are left alone: they look again.
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
_PUMP = 15  # milliseconds for what the browser has said already to be heard

LEAVING = ("goto", "reload", "go_back", "go_forward")
READING = ("content", "evaluate", "screenshot")
ON_A_CONTROL = (
    *("click", "tap", "dblclick", "fill", "press", "press_sequentially", "check", "uncheck", "select_option"),
    *("set_input_files", "evaluate", "evaluate_all", "inner_text", "inner_html", "text_content", "all_inner_texts"),
    *("all_text_contents", "count", "get_attribute", "input_value", "is_checked", "is_visible", "is_hidden"),
    *("is_enabled", "bounding_box"),
)


class Haste:
    """What was done too early, one sentence each, while ``watched``."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._leads_to: dict[Page, Request] = {}
        self._sent: dict[Page, set[Request]] = {}
        self._checking = False

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._asked)
        context.on("requestfinished", self._answered)
        context.on("requestfailed", self._failed)
        context.on("page", self._opened)

    def _opened(self, page: Page) -> None:
        page.on("domcontentloaded", lambda there: self._leads_to.pop(there, None))
        page.on("framenavigated", self._arrived)

    def _asked(self, request: Request) -> None:
        page = _page_of(request)
        if page is None:
            return
        if request.is_navigation_request():
            if request.frame == page.main_frame:
                self._leads_to[page] = request
        elif request.method == "POST" and request.resource_type != "ping":
            self._sent.setdefault(page, set()).add(request)

    def _answered(self, request: Request) -> None:
        page = _page_of(request)
        self._sent.get(page, set()).discard(request)
        answer = request.response() if self._leads_to.get(page) is request else None
        if answer is not None and (answer.status == 204 or "content-disposition" in answer.headers):
            self._leads_to.pop(page, None)  # nothing to see, or a file: the page stays

    def _failed(self, request: Request) -> None:
        page = _page_of(request)
        self._sent.get(page, set()).discard(request)
        if self._leads_to.get(page) is request:
            self._leads_to.pop(page)

    def _arrived(self, frame: Frame) -> None:
        if frame.parent_frame is None:
            self._sent.pop(frame.page, None)

    def looks(self, page: Page, deed: str) -> None:
        if self._checking or page.is_closed():
            return
        self._checking = True  # what follows must not look at itself
        try:
            page.wait_for_timeout(_PUMP)
        finally:
            self._checking = False
        if leads_to := self._leads_to.get(page):
            self.found.append(f"{deed} on the way to {leads_to.method} {leads_to.url} ({_place()})")
        elif deed in LEAVING and (sent := self._sent.get(page)):
            self.found.append(f"{deed} before {', '.join(request.url for request in sent)} was answered ({_place()})")


@contextmanager
def watched() -> Iterator[Haste]:
    """Every deed on every page of contexts that the yielded one watches."""
    haste = Haste()
    usual = {(kind, name): getattr(kind, name) for kind, name in _DEEDS}
    for (kind, name), deed in usual.items():
        setattr(kind, name, _looking_first(haste, name, deed))
    try:
        yield haste
    finally:
        for (kind, name), deed in usual.items():
            setattr(kind, name, deed)


_DEEDS = [(Page, name) for name in (*LEAVING, *READING)] + [(Locator, name) for name in ON_A_CONTROL]


def _looking_first(haste: Haste, name: str, deed: Callable) -> Callable:
    @functools.wraps(deed)
    def does(self: Page | Locator, *args: Any, **kwargs: Any) -> Any:
        haste.looks(self if isinstance(self, Page) else self.page, name)
        return deed(self, *args, **kwargs)

    return does


def _page_of(request: Request) -> Page | None:
    try:
        return request.frame.page
    except Exception:  # a worker's, or of a page that is going
        return None


def _place() -> str:
    """The lines of the tests that did it, the innermost last."""
    lines = [
        f"{Path(frame.filename).relative_to(TESTS)}:{frame.lineno}"
        for frame in traceback.extract_stack()
        if Path(frame.filename).is_relative_to(TESTS) and Path(frame.filename).parent != Path(__file__).parent
    ]
    return " > ".join(lines[-3:])

"""Pages that are the same for many phones, but change at any moment: kept until what they show has changed.

Unlike pages of ``page_cache`` there is one for each key, compressed fast, so that a calendar that changes every few
seconds neither fills the memory nor compresses for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from flask import Flask, Response, current_app

from lms.lru_cache import LruCache
from lms.web import page_cache
from lms.web.language import offered_languages, page_language
from lms.web.request_context import is_library_current

_MAX_BYTES = 20_000_000  # two hundred pages of 50 KB, compressed in both ways
_ESTIMATED_SHARE = 1.4  # of a page with its compressed bodies


@dataclass(frozen=True, slots=True)
class _CurrentPage:
    version: Hashable
    body: bytes
    compressed: dict[str, bytes] = field(default_factory=dict)


def init_app(app: Flask) -> None:
    app.extensions["current_pages"] = LruCache[Hashable, _CurrentPage](
        _MAX_BYTES, lambda page: round(_ESTIMATED_SHARE * len(page.body))
    )


def respond_with_current_page(key: Hashable, state: Hashable, render: Callable[[], str]) -> Response:
    """The page for ``key``, one for each language, rendered anew when ``state``, the courses or the day have changed.

    ``state`` must have been read before, so that what changes while the page is rendered makes it out of date. Browsers
    keep no copy, as of the same page with the seats that a phone holds.
    """
    if not is_library_current():
        return page_cache.no_store_page(render())
    pages: LruCache[Hashable, _CurrentPage] = current_app.extensions["current_pages"]
    version = (page_cache.common_version(), state)
    key = (page_language(), offered_languages(), key)
    page = pages.get(key)
    if page is None or page.version != version:
        page = _CurrentPage(version, render().encode())
        pages.put(key, page)
    encoding = page_cache.best_encoding()
    if encoding and encoding not in page.compressed:
        page.compressed[encoding] = page_cache.compress(page.body, encoding)
    return page_cache.no_store_body(page.compressed[encoding] if encoding else page.body, encoding)

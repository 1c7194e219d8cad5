"""Pages that are the same for all but for a few slots: rendered once, compressed once, answered with an ETag.

A template marks what belongs to one learner with ``{{ slot("name", anonymous_html) }}``. Whoever comes without a cookie
gets the stored bytes; for a learner the slots that differ are filled in on the server. Everything that the shared
part depends on is in its key or in ``version()``, so nothing is ever thrown away by hand.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import brotli
from flask import Flask, Response, current_app, request
from markupsafe import Markup

from lms.web import clock
from lms.web.access import library

# Control characters are in no template and in no course: the reader of courses turns them away.
_OPEN, _MIDDLE, _CLOSE = "\x01", "\x02", "\x03"
_SLOT = re.compile(f"{_OPEN}([^{_MIDDLE}]*){_MIDDLE}([^{_CLOSE}]*){_CLOSE}")
_PERSONAL_LEVEL = 4  # of gzip: a third of the work of 9 for a twentieth more bytes


@dataclass(frozen=True)
class SharedPage:
    """A rendered page as pieces; every second piece is a slot, ``(name, what it holds for nobody in particular)``."""

    texts: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]

    @cached_property
    def plain(self) -> bytes:
        return self.filled({}).encode()

    @cached_property
    def gzip(self) -> bytes:
        return _gzip(self.plain, 9)

    @cached_property
    def brotli(self) -> bytes:
        return brotli.compress(self.plain, quality=11)

    @cached_property
    def etag(self) -> str:
        return hashlib.sha256(self.plain).hexdigest()[:16]

    def filled(self, fill: Mapping[str, str]) -> str:
        parts = [self.texts[0]]
        for (name, default), text in zip(self.slots, self.texts[1:], strict=True):
            parts += (fill.get(name, default), text)
        return "".join(parts)


def install(app: Flask) -> None:
    app.extensions["shared_pages"] = (None, {})
    app.jinja_env.globals["slot"] = _slot


def shared_page(key: tuple[str, ...], render: Callable[[], str]) -> SharedPage:
    """The page under ``key``, rendered if these courses and this day have not seen it yet."""
    version = (library().digest, clock.today())
    kept_version, kept = current_app.extensions["shared_pages"]
    if kept_version != version:
        kept = {}
        current_app.extensions["shared_pages"] = (version, kept)
    page = kept.get(key)
    if page is None:
        page = kept[key] = _cut(render())
    return page


def answer_shared(page: SharedPage) -> Response:
    """The same bytes for everybody, in the smallest form that the browser reads."""
    encoding = _best_encoding()
    body = {"br": page.brotli, "gzip": page.gzip}[encoding] if encoding else page.plain
    return _respond(body, encoding, f"{page.etag}{encoding}", "no-cache")


def answer_personal(page: SharedPage, version: str, fill: Callable[[], Mapping[str, str]]) -> Response:
    """The page with one learner's slots. ``version`` changes whenever they do; ``fill`` is asked only when needed."""
    encoding = "gzip" if _best_encoding() else ""
    etag = f"{page.etag}{encoding}-{hashlib.sha256(version.encode()).hexdigest()[:16]}"
    if request.if_none_match.contains(etag):
        return _respond(b"", "", etag, "private, no-cache")
    body = page.filled(fill()).encode()
    return _respond(_gzip(body, _PERSONAL_LEVEL) if encoding else body, encoding, etag, "private, no-cache")


def private(html: str, *, status: int = 200) -> Response:
    """A page with somebody's code or name: the next person at this phone must not find it with "back"."""
    response = Response(html, status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def _slot(name: str, default: str = "") -> Markup:
    return Markup(f"{_OPEN}{name}{_MIDDLE}{Markup.escape(default)}{_CLOSE}")  # noqa: S704  (escaped, or markup already)


def _cut(html: str) -> SharedPage:
    parts = _SLOT.split(html)
    return SharedPage(tuple(parts[0::3]), tuple(zip(parts[1::3], parts[2::3], strict=True)))


def _best_encoding() -> str:
    accepted = request.headers.get("Accept-Encoding", "")
    return next((name for name in ("br", "gzip") if name in accepted), "")


def _respond(body: bytes, encoding: str, etag: str, cache_control: str) -> Response:
    response = Response(body, mimetype="text/html")
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.set_etag(etag)
    response.headers["Cache-Control"] = cache_control
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response.make_conditional(request)


def _gzip(body: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()

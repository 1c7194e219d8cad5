"""Pages that are the same for all but for a few slots: rendered once, compressed once, answered with an ETag.

A template marks what belongs to one learner with ``{{ slot("name", anonymous_html) }}``. Whoever comes without a cookie
gets the stored bytes; for a learner the slots that differ are filled in on the server, and kept for her next visit.
Everything that a page depends on is in its key, so nothing is ever thrown away by hand; where there is no more room the
one that was not asked for longest goes.
"""

from __future__ import annotations

import hashlib
import re
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import brotli
from flask import Flask, Response, current_app, g, request
from markupsafe import Markup

from lms.web import clock
from lms.web.authoring_banner import problems_said
from lms.web.current_learner import current_learner_id
from lms.web.request_context import is_on_the_air, library

# Control characters are in no template and in no course: the reader of courses turns them away.
_OPEN, _MIDDLE, _CLOSE = "\x01", "\x02", "\x03"
_SLOT = re.compile(f"{_OPEN}([^{_MIDDLE}]*){_MIDDLE}([^{_CLOSE}]*){_CLOSE}")
# For one person only: a third of the work of the best level for a twentieth more bytes, and Brotli in half of that.
_PERSONAL_GZIP, _PERSONAL_BROTLI = 4, 3
_PERSONAL_PAGES = 2000  # of some 5 KB each
# Two bytes each. Fifty lessons with their practices take half of that; the rest is for what classes make of them.
_SHARED_LETTERS = 40_000_000
_WORTH_PACKING = frozenset({"text/html", "text/css", "application/json", "application/ld+json"})
_PACKED_BEFORE = 1000  # bytes that fit into one packet anyway

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class SharedPage:
    """A rendered page in pieces: texts, and between them slots, ``(name, what it holds for nobody in particular)``."""

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

    @property
    def letters(self) -> int:
        return sum(map(len, self.texts)) + sum(len(default) for _, default in self.slots)

    def filled(self, fill: Mapping[str, str]) -> str:
        parts = [self.texts[0]]
        for (name, default), text in zip(self.slots, self.texts[1:], strict=True):
            parts += (fill.get(name, default), text)
        return "".join(parts)


class LastAskedFor(Generic[Key, Kept]):
    """What was made and may be asked for again; what was not asked for longest goes first.

    ``weigh(kept)`` is what one of them counts against ``most``.
    """

    def __init__(self, most: int, weigh: Callable[[Kept], int] = lambda _kept: 1) -> None:
        self._most = most
        self._weigh = weigh
        self._weight = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def put(self, key: Key, kept: Kept) -> None:
        with self._lock:
            before = self._kept.pop(key, None)
            if before is not None:
                self._weight -= self._weigh(before)
            self._kept[key] = kept
            self._weight += self._weigh(kept)
            while self._weight > self._most:
                _, gone = self._kept.popitem(last=False)
                self._weight -= self._weigh(gone)


def install(app: Flask) -> None:
    app.extensions["shared_pages"] = (None, None)  # the version and its pages, a LastAskedFor
    app.extensions["personal_pages"] = LastAskedFor[str, bytes](_PERSONAL_PAGES)  # by their ETags
    app.jinja_env.globals["slot"] = slot
    app.after_request(_pack)


def shared_page(key: tuple[Hashable, ...], render: Callable[[], str]) -> SharedPage:
    """The page under ``key``, rendered if these courses and this day have not seen it yet."""
    kept = g.get("shared_pages")
    if kept is None:
        kept = g.shared_pages = _kept_pages()
    page = kept.get(key)
    if page is None:
        page = _cut(render())
        kept.put(key, page)
    return page


def unshared_page(render: Callable[[], str]) -> SharedPage:
    """A page with slots of which there may be too many to keep."""
    return _cut(render())


def answer(
    page: SharedPage, fill: Callable[[str], Mapping[str, str]], *, beside: str = "", also_new: bool = False
) -> Response:
    """The page for whoever asks.

    ``fill(learner_id)`` gives the slots of a learner of whom something is kept (``also_new``: or who has just sat
    down); it is asked once for each version of her. ``beside`` is what the slots depend on besides her: something
    about this phone.
    """
    learner_id = current_learner_id()
    version = current_app.extensions["versions"].of(learner_id) if learner_id else 0
    encoding = _best_encoding()
    if not version and not (learner_id and also_new):
        body = {"br": page.brotli, "gzip": page.gzip}[encoding] if encoding else page.plain
        return _respond(body, encoding, f"{page.etag}{encoding}", "no-cache")
    hers = hashlib.sha256(f"{library().digest}.{learner_id}.{version}.{beside}".encode()).hexdigest()[:20]
    etag = f"{page.etag}{encoding}-{hers}"
    body = b"" if _is_known(etag) else _personal(page, etag, encoding, lambda: fill(learner_id))
    return _respond(body, encoding, etag, "private, no-cache")


def answer_once(page: SharedPage, fill: Mapping[str, str], *, status: int) -> Response:
    """The page with slots that answer this very request, and are kept nowhere."""
    return private(page.filled(fill), status=status)


def private(html: str, *, status: int = 200) -> Response:
    """A page with somebody's code or name: the next person at this phone must not find it with "back"."""
    response = Response(html, status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def show_only_now() -> None:
    """What is being filled in is for this answer alone: the next one is to be filled anew."""
    g.show_only_now = True


def _pack(response: Response) -> Response:
    """Pack what was made for this request alone, if the browser reads it packed."""
    if response.mimetype in _WORTH_PACKING and "Content-Encoding" not in response.headers:
        response.vary.add("Accept-Encoding")
        encoding = "" if response.is_streamed else _best_encoding()
        body = response.get_data() if encoding else b""
        if len(body) > _PACKED_BEFORE:
            response.set_data(_packed(body, encoding))
            response.headers["Content-Encoding"] = encoding
    return response


def _personal(page: SharedPage, etag: str, encoding: str, fill: Callable[[], Mapping[str, str]]) -> bytes:
    kept: LastAskedFor[str, bytes] = current_app.extensions["personal_pages"]
    body = kept.get(etag)
    if body is None:
        body = page.filled(fill()).encode()
        body = _packed(body, encoding)
        if not g.pop("show_only_now", False):
            kept.put(etag, body)
    return body


def _kept_pages() -> LastAskedFor[tuple[Hashable, ...], SharedPage]:
    """The pages of the courses that this request sees, and of today."""
    if not is_on_the_air():  # one of the last requests of the old courses: what it makes goes with it
        return _no_pages()
    version = (library().digest, clock.today(), problems_said())
    kept_version, kept = current_app.extensions["shared_pages"]
    if kept_version != version:
        kept = _no_pages()
        current_app.extensions["shared_pages"] = (version, kept)
    return kept


def _no_pages() -> LastAskedFor[tuple[Hashable, ...], SharedPage]:
    return LastAskedFor(_SHARED_LETTERS, lambda page: page.letters)


def slot(name: str, default: str = "") -> Markup:
    """Where a page differs, and what stands there for nobody in particular."""
    return Markup(f"{_OPEN}{name}{_MIDDLE}{Markup.escape(default)}{_CLOSE}")  # noqa: S704  (escaped, or markup already)


def _cut(html: str) -> SharedPage:
    parts = _SLOT.split(html)
    return SharedPage(tuple(parts[0::3]), tuple(zip(parts[1::3], parts[2::3], strict=True)))


def _best_encoding() -> str:
    accepted = request.headers.get("Accept-Encoding", "")
    return next((name for name in ("br", "gzip") if name in accepted), "")


def _respond(body: bytes, encoding: str, etag: str, cache_control: str) -> Response:
    headers = [("ETag", f'"{etag}"'), ("Cache-Control", cache_control), ("Vary", "Accept-Encoding, Cookie")]
    if _is_known(etag):
        return Response(status=304, headers=headers)
    headers.append(("Content-Type", "text/html; charset=utf-8"))
    if encoding:
        headers.append(("Content-Encoding", encoding))
    return Response(body, headers=headers)


def _is_known(etag: str) -> bool:
    """Whether the browser has these bytes. A proxy that packs again makes the tag a weak one."""
    return "If-None-Match" in request.headers and request.if_none_match.contains_weak(etag)


def _packed(body: bytes, encoding: str) -> bytes:
    """For one person, now."""
    if encoding == "br":
        return brotli.compress(body, quality=_PERSONAL_BROTLI)
    return _gzip(body, _PERSONAL_GZIP) if encoding else body


def _gzip(body: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()

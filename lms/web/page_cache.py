"""Pages that differ between learners only in slots: rendered and compressed once, cached, and sent with an ETag.

A template marks what belongs to one learner with ``{{ slot("name", anonymous_html) }}``. Without a learner cookie the
response is the cached bytes; for a learner the slots are filled on the server, and the result is cached, too.
Cache keys contain everything that a page depends on, so nothing is invalidated by hand.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

import brotli
from flask import Flask, Response, current_app, g, request
from markupsafe import Markup

from lms.http.content_coding import accepted_codings
from lms.lru_cache import LruCache
from lms.web import clock
from lms.web.current_learner import current_learner_id
from lms.web.label_check_dates import label_check_dates_of_courses
from lms.web.language import chosen_language, offered_languages, page_language, untranslated_language
from lms.web.offline_copies import allow_offline_copy
from lms.web.request_context import (
    is_library_current,
    library,
    settings,
    shown_files_digest,
    visible_draft_courses,
    visible_drafts,
    visible_problems,
)

# Control characters are in no template, and the parser rejects them in courses.
_OPEN, _MIDDLE, _CLOSE = "\x01", "\x02", "\x03"
_SLOT = re.compile(f"{_OPEN}([^{_MIDDLE}]*){_MIDDLE}([^{_CLOSE}]*){_CLOSE}")
# For one learner: a third of the CPU of the best gzip level for 5 % more bytes; Brotli takes half of that.
_PERSONAL_GZIP_LEVEL, _PERSONAL_BROTLI_QUALITY = 4, 3
_MAX_PERSONAL_PAGES = 2000  # of about 5 KB each
# Of two bytes each. Fifty lessons with their practices take half of it; the rest is for pages of classes.
_MAX_SHARED_CHARACTERS = 40_000_000
_COMPRESSIBLE_TYPES = frozenset({"text/html", "text/css", "application/json", "application/ld+json"})
_MIN_COMPRESSED_BYTES = 1000  # that many fit into one packet anyway


@dataclass(frozen=True)
class SharedPage:
    """A rendered page in parts: texts, and between them slots, each as (name, anonymous html)."""

    texts: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]

    @cached_property
    def plain(self) -> bytes:
        return self.render({}).encode()

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
    def character_count(self) -> int:
        return sum(map(len, self.texts)) + sum(len(default) for _, default in self.slots)

    def render(self, slots: Mapping[str, str]) -> str:
        """The html with these slots; the others get their anonymous html."""
        parts = [self.texts[0]]
        for (name, default), text in zip(self.slots, self.texts[1:], strict=True):
            parts += (slots.get(name, default), text)
        return "".join(parts)


def init_app(app: Flask) -> None:
    app.extensions["shared_pages"] = (None, None)  # (version, LruCache)
    app.extensions["personal_pages"] = LruCache[str, bytes](_MAX_PERSONAL_PAGES)  # by ETag
    app.jinja_env.globals["slot"] = slot
    app.after_request(_compress_response)


def shared_page(
    key: tuple[Hashable, ...], render: Callable[[], str], *, is_current: Callable[[], bool] = lambda: True
) -> SharedPage:
    """The cached page for ``key``, rendered if it is not cached for the current courses, day, address and language.

    ``is_current()``: whether what the key was read from is the same after the page was rendered; else it is not cached.
    """
    cache = g.get("shared_pages")
    if cache is None:
        cache = g.shared_pages = _current_cache()
    key = (page_language(), untranslated_language(), offered_languages(), *key)
    page = cache.get(key)
    if page is None:
        page = _split_slots(render())
        if is_current():
            cache.put(key, page)
    return page


def uncached_page(render: Callable[[], str]) -> SharedPage:
    """A page with slots of which there are too many to cache."""
    return _split_slots(render())


def respond(
    page: SharedPage,
    fill_slots: Callable[[str], Mapping[str, str]],
    *,
    cache_key: Callable[[], str] = str,
    for_new_learners: bool = False,
) -> Response:
    """The page for the current learner, or 304 if the browser has it.

    ``fill_slots(learner_id)`` gives the slots of a learner who has a row in the database (with ``for_new_learners``
    also of one who has none yet); it is called once for each version of that row. ``cache_key()``: what the slots
    depend on beside the learner, such as a cookie of this phone.
    """
    learner_id = current_learner_id()
    version = current_app.extensions["learner_versions"].get(learner_id) if learner_id else 0
    encoding = best_encoding()
    if learner_id is None or not (version or for_new_learners):
        body = {"br": page.brotli, "gzip": page.gzip}[encoding] if encoding else page.plain
        return allow_offline_copy(_conditional_response(body, encoding, f"{page.etag}{encoding}", "no-cache"))
    personal_key = hashlib.sha256(
        f"{library().digest}.{settings().public_url}.{learner_id}.{version}.{cache_key()}".encode()
    ).hexdigest()[:20]
    etag = f"{page.etag}{encoding}-{personal_key}"
    body = b"" if _is_cached_by_browser(etag) else _personal_body(page, etag, encoding, lambda: fill_slots(learner_id))
    return allow_offline_copy(_conditional_response(body, encoding, etag, "private, no-cache"))


def respond_private(name: str, render: Callable[[], str]) -> Response:
    """A page of the current learner alone, which depends on the courses, the learner's row, the day and the language.

    It depends on nothing else, and is rendered once for each version of that row. The browser keeps no copy: see
    ``no_store_page``.
    """
    learner_id = current_learner_id()
    version = current_app.extensions["learner_versions"].get(learner_id) if learner_id else 0
    encoding = best_encoding()
    cache: LruCache[str, bytes] = current_app.extensions["personal_pages"]
    learner = (learner_id if version else None, version)
    parts = (
        name,
        chosen_language(),
        offered_languages(),
        library().digest,
        settings().public_url,
        visible_problems(),
        shown_files_digest(),
        clock.today(),
        *learner,
    )
    key = hashlib.sha256(f"{parts} {encoding}".encode()).hexdigest()
    body = cache.get(key)
    if body is None:
        body = compress(render().encode(), encoding)
        cache.put(key, body)
    return no_store_body(body, encoding)


def respond_invalid(page: SharedPage, slots: Mapping[str, str]) -> Response:
    """The page after a refused form, with slots that belong to this request only; not cached."""
    return no_store_page(page.render(slots), status=422)


def no_store_page(html: str, *, status: int = 200) -> Response:
    """A page with a code or a name: the next person at this phone must not find it with the back button."""
    response = Response(html, status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def no_store_body(body: bytes, encoding: str) -> Response:
    """A page that no cache keeps, of html that was compressed as ``best_encoding`` says."""
    response = Response(body, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Encoding")
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def skip_personal_cache() -> None:
    """Do not cache the slots that this request fills: the next response will differ."""
    g.skip_personal_cache = True


def _compress_response(response: Response) -> Response:
    """Compress a response that is not from the cache, if the browser accepts it."""
    if response.mimetype in _COMPRESSIBLE_TYPES and "Content-Encoding" not in response.headers:
        if "Accept-Encoding" not in response.headers.get("Vary", ""):
            response.vary.add("Accept-Encoding")
        encoding = "" if response.is_streamed else best_encoding()
        body = response.get_data() if encoding else b""
        if len(body) > _MIN_COMPRESSED_BYTES:
            response.set_data(compress(body, encoding))
            response.headers["Content-Encoding"] = encoding
    return response


def _personal_body(page: SharedPage, etag: str, encoding: str, fill: Callable[[], Mapping[str, str]]) -> bytes:
    cache: LruCache[str, bytes] = current_app.extensions["personal_pages"]
    body = cache.get(etag)
    if body is None:
        body = page.render(fill()).encode()
        body = compress(body, encoding)
        if not g.pop("skip_personal_cache", False):
            cache.put(etag, body)
    return body


def common_version() -> tuple[Hashable, ...]:
    """What every page depends on: the courses that this request sees, today, and the site's address."""
    drafts = (visible_drafts(), visible_draft_courses())
    seen = frozenset(label_check_dates_of_courses().items())
    files = shown_files_digest()
    return library().digest, files, clock.today(), visible_problems(), settings().public_url, drafts, seen


def _current_cache() -> LruCache[tuple[Hashable, ...], SharedPage]:
    """The cache for the courses that this request sees, for today and for the site's address."""
    if not is_library_current():  # the courses were reloaded during this request
        return _new_cache()
    version = common_version()
    cached_version, cache = current_app.extensions["shared_pages"]
    if cached_version != version:
        cache = _new_cache()
        current_app.extensions["shared_pages"] = (version, cache)
    return cache


def _new_cache() -> LruCache[tuple[Hashable, ...], SharedPage]:
    return LruCache(_MAX_SHARED_CHARACTERS, lambda page: page.character_count)


def slot(name: str, default: str = "") -> Markup:
    """A slot in a template, with its anonymous html."""
    return Markup(f"{_OPEN}{name}{_MIDDLE}{Markup.escape(default)}{_CLOSE}")  # noqa: S704  (escaped, or markup already)


def _split_slots(html: str) -> SharedPage:
    parts = _SLOT.split(html)
    return SharedPage(tuple(parts[0::3]), tuple(zip(parts[1::3], parts[2::3], strict=True)))


def best_encoding() -> str:
    """The content coding that the browser accepts and that compresses most, "" for none."""
    return next(iter(accepted_codings(request.headers.get("Accept-Encoding", ""))), "")


def _conditional_response(body: bytes, encoding: str, etag: str, cache_control: str) -> Response:
    headers = [("ETag", f'"{etag}"'), ("Cache-Control", cache_control), ("Vary", "Accept-Encoding, Cookie")]
    if _is_cached_by_browser(etag):
        return Response(status=304, headers=headers)
    headers.append(("Content-Type", "text/html; charset=utf-8"))
    if encoding:
        headers.append(("Content-Encoding", encoding))
    return Response(body, headers=headers)


def _is_cached_by_browser(etag: str) -> bool:
    """Whether the browser has this response. A proxy that compresses it again makes the ETag weak."""
    return "If-None-Match" in request.headers and request.if_none_match.contains_weak(etag)


def compress(body: bytes, encoding: str) -> bytes:
    """Compress fast, for one learner."""
    if encoding == "br":
        return brotli.compress(body, quality=_PERSONAL_BROTLI_QUALITY)
    return _gzip(body, _PERSONAL_GZIP_LEVEL) if encoding else body


def _gzip(body: bytes, level: int) -> bytes:
    compressor = zlib.compressobj(level, zlib.DEFLATED, 31)
    return compressor.compress(body) + compressor.flush()

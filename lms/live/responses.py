"""Responses of the ASGI endpoints, JSON and small HTML pages, and what these read in a request's headers."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any, NamedTuple

from lms.assets import load_assets
from lms.config import Settings
from lms.http.error_responses import ErrorText, error_text
from lms.http.learner_cookie import LearnerCookie, read_cookie_header
from lms.http.page_language import read_chosen_language
from lms.logs.request_info import HEADER, UNMATCHED, RequestInfo, choose_request_id
from lms.message_catalog import LANGUAGE_NAMES, SOURCE_LANGUAGE, mark_for_translation, translate_into

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class Response(NamedTuple):
    """A whole response. Header names are in lower case, and Content-Length is among them."""

    status: int
    headers: Headers
    body: bytes


Respond = Callable[[Response], None]

_BASE_HEADERS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_NO_FRAMES = b"frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_SECURITY_HEADERS: Headers = [
    *_BASE_HEADERS,
    # For a file that is opened by itself; a page that uses the file has its own policy.
    (b"content-security-policy", b"default-src 'none'; " + _NO_FRAMES),
]
_PAGE_HEADERS: Headers = [
    *_BASE_HEADERS,
    (b"content-security-policy", b"default-src 'self'; object-src 'none'; " + _NO_FRAMES),
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
]
_JSON_HEADERS: Headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), *_SECURITY_HEADERS]
FIND_ROUTE = "lms.find_route"  # key in a scope: (method, path) -> the URL rule
SETTINGS = "lms.settings"  # key in a scope: the site's ``Settings``
_REQUEST_ID = "lms.request_id"  # key in a scope
_LEARNER_COOKIE = "lms.learner_cookie"  # key in a scope
HEADERS_BY_NAME = "lms.headers_by_name"  # key in a scope; of equal names the first counts, but for cookies
_CLASS_PATH = re.compile("/(?:lop|LOP)/[0-9]{6}(?=/|$)")
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# As the site's own pages look; where its files do not come, plain text that says the same.
_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<script src="{preferences_script}"></script>
<link rel="stylesheet" href="{stylesheet}">
<script type="module" src="{tools_script}"></script>
<main class="page">
<h1>{title}</h1>
<p>{sentence}</p>
<p><a class="button button--main" href="{href}">{link}</a></p>
<footer class="page-tools page-tools--script">
<button class="page-tools__item page-tools__item--script" type="button"
  data-larger aria-pressed="false">{larger}</button>
<button class="page-tools__item page-tools__item--script" type="button"
  data-theme-switch aria-pressed="false">{dark}</button>
</footer>
</main>
<nav class="language language--page" aria-label="{languages}">{language_links}</nav>
</html>
"""
_STYLESHEETS = ("tokens", "base", "layout", "button", "page-tools", "language")
_LANGUAGE_LINK = (
    '<a class="language__item" href="{href}?lang={language}" hreflang="{language}" lang="{language}">{name}</a>'
)


_TO_CLASS, _TO_FIRST_PAGE = mark_for_translation("Về lớp"), mark_for_translation("Về trang đầu")
_TO_WORKSHOP = mark_for_translation("Về Soạn bài")
_LARGER, _DARK = mark_for_translation("Chữ to hơn"), mark_for_translation("Nền tối")
_LANGUAGES = mark_for_translation("Ngôn ngữ")


def find_header(scope: Scope, name: bytes) -> str | None:
    """The first header with this lower-case name; of cookies all."""
    by_name: dict[bytes, bytes] | None = scope.get(HEADERS_BY_NAME)
    if by_name is None:  # a post asks for ten
        by_name = scope[HEADERS_BY_NAME] = dict(reversed(join_cookies(scope["headers"])))
    value = by_name.get(name)
    return None if value is None else value.decode("latin-1")


def join_cookies(headers: Headers) -> Headers:
    """The headers with one of the name ``cookie``: HTTP/2 has several, which a proxy may forward (RFC 9113, 8.2.3).

    WSGI would join them with commas, which stand inside a cookie's value.
    """
    cookies = [value for name, value in headers if name == b"cookie"]
    if len(cookies) < 2:
        return headers
    return [*(header for header in headers if header[0] != b"cookie"), (b"cookie", b"; ".join(cookies))]


def drop_headers(scope: Scope) -> None:
    """Free the headers of a request whose response goes on for hours. Its id stays."""
    request_id(scope)
    scope["headers"].clear()
    scope.pop(HEADERS_BY_NAME, None)


def chosen_language(scope: Scope) -> str:
    """The language that the phone chose; Vietnamese without the site's settings."""
    settings = scope.get(SETTINGS)
    return read_chosen_language(settings, find_header(scope, b"cookie")) if settings else SOURCE_LANGUAGE


def read_learner_cookie(settings: Settings, scope: Scope) -> LearnerCookie:
    """The learner cookie of a request; an empty one if there is none that was signed here.

    Read once for a request: its rate limit asks for it, and then its write.
    """
    cookie: LearnerCookie | None = scope.get(_LEARNER_COOKIE)
    if cookie is None:
        cookie = scope[_LEARNER_COOKIE] = read_cookie_header(settings, find_header(scope, b"cookie"))
    return cookie


def request_id(scope: Scope) -> str:
    """The id of the request for logs and its response; made at the first call."""
    known = scope.get(_REQUEST_ID)
    if known is None:
        known = scope[_REQUEST_ID] = choose_request_id(find_header(scope, HEADER))
    return known


def request_id_header(scope: Scope) -> tuple[bytes, bytes]:
    return HEADER, request_id(scope).encode("ascii")


def request_info(scope: Scope) -> RequestInfo:
    """What logs say of the request."""
    find_route, method, path = scope.get(FIND_ROUTE), scope["method"], scope["path"]
    return RequestInfo(request_id(scope), method, lambda: find_route(method, path) if find_route else UNMATCHED)


def wants_json(scope: Scope) -> bool:
    """Whether a script of ours sent the request: it accepts or sends JSON."""
    accept = find_header(scope, b"accept") or ""
    content_type = find_header(scope, b"content-type") or ""
    return "application/json" in accept or content_type.startswith("application/json")


def json_response(status: int, value: object, extra: Headers | None = None) -> Response:
    body = _JSON.encode(value).encode()
    headers = [*_JSON_HEADERS, (b"content-length", b"%d" % len(body)), *(extra or ())]
    return Response(status, headers, body)


async def send_response(send: Send, response: Response) -> None:
    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    await send({"type": "http.response.body", "body": response.body})


async def send_body(send: Send, status: int, media_type: str, body: bytes, extra: Headers) -> None:
    headers = [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode()), *_SECURITY_HEADERS]
    await send_response(send, Response(status, headers + extra, body))


async def send_json(send: Send, status: int, value: object, extra: Headers | None = None) -> None:
    await send_response(send, json_response(status, value, extra))


def retry_after(text: ErrorText) -> Headers:
    """The header ``Retry-After`` of an error that means "later"."""
    return [(b"retry-after", text.retry_after.encode())] if text.retry_after else []


def _way_back(path: str) -> tuple[str, str]:
    """Where a page about an error leads, and the label of the link."""
    if in_class := _CLASS_PATH.match(path):
        return in_class[0], _TO_CLASS
    return ("/soan", _TO_WORKSHOP) if path.startswith("/soan/") else ("/", _TO_FIRST_PAGE)


async def send_error(scope: Scope, send: Send, error: Exception, *, close: bool = False) -> None:
    """Send the error's text: JSON to a script, a small page to a person, with a link back.

    ``close`` also closes the connection, for a request whose body is not read to its end.
    """
    text = error_text(error)
    say = partial(translate_into, chosen_language(scope))
    extra: Headers = [(b"connection", b"close")] if close else []
    extra += retry_after(text)
    if wants_json(scope):
        await send_json(send, text.status, {"error": say(text.json_sentence)}, extra)
        return
    href, link = _way_back(scope["path"])
    others = [language for language in LANGUAGE_NAMES if language != chosen_language(scope)]
    links = [_LANGUAGE_LINK.format(href=href, language=each, name=LANGUAGE_NAMES[each]) for each in others]
    assets = load_assets()
    page = _PAGE.format(
        language=chosen_language(scope),
        title=html.escape(say(text.title)),
        sentence=html.escape(say(text.sentence)),
        href=href,
        link=html.escape(say(link)),
        larger=html.escape(say(_LARGER)),
        dark=html.escape(say(_DARK)),
        languages=html.escape(say(_LANGUAGES)),
        language_links=" ".join(links),
        preferences_script=assets.url("js/lib/device-preferences.js"),
        tools_script=assets.url("js/elements/page-tools.js"),
        stylesheet=assets.stylesheet_url(_STYLESHEETS),
    ).encode()
    headers = [*_PAGE_HEADERS, (b"content-length", b"%d" % len(page)), *extra]
    await send_response(send, Response(text.status, headers, page))

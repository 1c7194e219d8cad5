"""Short answers of the ASGI side: a small page, a piece of JSON, a bare status."""

from __future__ import annotations

import html
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class Reply(NamedTuple):
    """A whole one. Names of headers are in lower case, and the body's length is among them."""

    status: int
    headers: Headers
    body: bytes


Tell = Callable[[Reply], None]

_ALWAYS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    # Of a file that is opened by itself, or of a refusal; a page that uses the file has its own.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
]
_JSON_HEADERS: Headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), *_ALWAYS]
_KEYS_FOLLOW = frozenset({"vao", "giup", "lop", "LOP", "huy-hieu"})  # /vao/<slip>, /giup/<invitation>, /lop/<class>, …
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_PAGE = """<!doctype html>
<html lang="vi">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<h1>{title}</h1>
<p>{sentence}</p>
<p><a href="/">Về trang đầu</a></p>
</html>
"""


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of that lower-case name."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return None


def place(scope: Scope) -> str:
    """Where a request went, as a log may say it: no code or token that lets in, no id of hers, no line break."""
    parts = scope["path"].split("/")
    return ascii("/".join(parts[: 2 if parts[1:2] and parts[1] in _KEYS_FOLLOW else 3])[:80])


def wants_json(scope: Scope) -> bool:
    """Whether a script of ours asked, which says so, or sent JSON."""
    asked = header(scope, b"accept") or ""
    sent = header(scope, b"content-type") or ""
    return "application/json" in asked or sent.startswith("application/json")


def json_reply(status: int, value: object, extra: Headers | None = None) -> Reply:
    body = _JSON.encode(value).encode()
    headers = [*_JSON_HEADERS, (b"content-length", b"%d" % len(body)), *(extra or ())]
    return Reply(status, headers, body)


async def send_reply(send: Send, reply: Reply) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": reply.body})


async def send_body(send: Send, status: int, media_type: str, body: bytes, extra: Headers | None = None) -> None:
    headers = [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode()), *_ALWAYS]
    await send_reply(send, Reply(status, headers + (extra or []), body))


async def send_json(send: Send, status: int, value: object, extra: Headers | None = None) -> None:
    await send_reply(send, json_reply(status, value, extra))


async def send_refusal(
    scope: Scope, send: Send, status: int, title: str, sentence: str, *, close: bool = False
) -> None:
    """Say no in plain Vietnamese: JSON to a script, a small page to a person.

    ``close`` ends the connection too, for a request whose rest nobody will read.
    """
    extra: Headers = [(b"connection", b"close")] if close else []
    if wants_json(scope):
        await send_json(send, status, {"error": sentence}, extra)
        return
    page = _PAGE.format(title=html.escape(title), sentence=html.escape(sentence)).encode()
    extra.append((b"cache-control", b"no-store"))
    await send_body(send, status, "text/html; charset=utf-8", page, extra)

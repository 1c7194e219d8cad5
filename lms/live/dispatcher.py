"""The gate in front of everything: it waits for slow clients, so that no thread of Flask ever does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote_from_bytes

from lms.live.bodies import BODY_LIMIT, BodyTooLarge, BodyTooSlow, Disconnected, read_body
from lms.live.responses import ASGIApp, Message, Receive, Reply, Scope, Send, Tell, place, send_refusal, send_reply
from lms.live.static import PREFIX as STATIC_PREFIX
from lms.live.streams import PATH as STREAM_PATH
from lms.live.wsgi_bridge import Bridge

log = logging.getLogger(__name__)

# Whoever stands before a hall waits for no queue of sixty phones that all want a page now.
# Not /vao: a password takes its time, and eighty who guess would hold up every desk.
DUTY_PATHS = ("/dung-lop", "/giup", "/chieu")

# A reader who takes longer than this for one page has left; its bytes lie in memory until then.
SEND_SECONDS = 60.0


class LiveApp(Protocol):
    def take(self, scope: Scope, body: bytes, tell: Tell) -> bool: ...


class Gate:
    """ASGI application that sends each request where it belongs.

    Streams, static files and health go ahead. Everything else has its body read whole first, then goes to ``live`` if
    that knows it, or to Flask behind a bridge: ``pages`` to read, ``forms``, or ``duties`` for people who run a class.
    """

    def __init__(
        self,
        *,
        streams: ASGIApp,
        static: ASGIApp,
        health: ASGIApp,
        live: LiveApp,
        pages: Bridge,
        forms: Bridge,
        duties: Bridge,
        body_limits: Mapping[str, int],
    ) -> None:
        self.streams = streams
        self.static = static
        self.health = health
        self.live = live
        self.pages = pages
        self.forms = forms
        self.duties = duties
        self.body_limits = dict(body_limits)

    def take_post(self, scope: Scope, body: bytes, tell: Tell) -> bool:
        """A post whose body is here already, without a task of its own; False when it has to go the long way.

        ``tell`` is called once with the answer, at once or later.
        """
        return len(body) <= BODY_LIMIT and self.live.take(scope, body, tell)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == STREAM_PATH:  # held for hours: no body, no frame more than it needs, and an end of its own
            await self.streams(scope, receive, send)
            return
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._pass_on(scope, receive, send_and_note)
        except asyncio.CancelledError:  # the site stops, and this one had its time
            if not begun:
                sentence = "Trang đang khởi động lại. Bác đợi một phút rồi thử lại nhé."
                await send_refusal(scope, send, 503, "Trang đang khởi động lại", sentence, close=True)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith(STATIC_PREFIX):
            await self.static(scope, receive, send)
        elif path == "/healthz":
            await self.health(scope, receive, send)
        else:
            await self._with_body(scope, receive, send)

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(scope, receive, self._limit(scope["path"]))
        except BodyTooLarge:
            sentence = "Nội dung gửi lên lớn quá nên trang không nhận. Bác quay lại và gửi ngắn hơn nhé."
            await send_refusal(scope, send, 413, "Gửi lên lớn quá", sentence, close=True)
            return
        except BodyTooSlow:
            sentence = "Mạng đang chậm nên trang chưa nhận đủ. Bác quay lại và gửi lần nữa nhé."
            await send_refusal(scope, send, 408, "Mạng đang chậm", sentence, close=True)
            return
        except Disconnected:
            return
        if scope["method"] == "POST" and await self._is_taken(scope, body, send):
            return
        await self._answer_page(_with_length(scope, body), body, send)

    async def _is_taken(self, scope: Scope, body: bytes, send: Send) -> bool:
        """A post that came in pieces, or by another server than ours."""
        told: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        if not self.live.take(scope, body, lambda reply: told.done() or told.set_result(reply)):
            return False
        await send_reply(send, await told)
        return True

    async def _answer_page(self, scope: Scope, body: bytes, send: Send) -> None:
        try:
            reply = await self._bridge(scope).call(scope, body)
        except Exception:
            log.exception("%s %s failed outside Flask", scope["method"], place(scope))
            sentence = "Trang đang trục trặc, không phải lỗi của bác. Bác thử lại sau ít phút nhé."
            await send_refusal(scope, send, 500, "Trang đang trục trặc", sentence)
            return
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await send({"type": "http.response.body", "body": reply.body})
        except TimeoutError:
            log.info("a reader of %s was too slow", place(scope))

    def _bridge(self, scope: Scope) -> Bridge:
        if scope["path"].startswith(DUTY_PATHS):
            return self.duties
        return self.pages if scope["method"] in ("GET", "HEAD") else self.forms

    def _limit(self, path: str) -> int:
        for prefix, limit in self.body_limits.items():
            if path.startswith(prefix):
                return limit
        return BODY_LIMIT


def _with_length(scope: Scope, body: bytes) -> Scope:
    """The scope as Flask can read it: a length instead of chunks, and an address in ASCII as WSGI wants it."""
    headers = [(k, v) for k, v in scope["headers"] if k not in (b"content-length", b"transfer-encoding")]
    if body or scope["method"] not in ("GET", "HEAD"):
        headers.append((b"content-length", str(len(body)).encode()))
    query = quote_from_bytes(scope["query_string"], safe=_QUERY_SAFE).encode()
    return {**scope, "headers": headers, "query_string": query}


_QUERY_SAFE = bytes(range(0x21, 0x7F))

"""Reading a request's body whole, within a size and a time, before anybody works on it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from lms.live.responses import Receive, Scope, header

BODY_LIMIT = 256 * 1024  # bytes
BODY_SECONDS = 5.0
BODY_CAME = "lms.body_came"  # in a scope: whether all of it is here, for a server that can tell
# Somebody who sends too much gets our answer only when we let the rest come in; this much of it, for this long.
_DRAIN_LIMIT = 8 * 1024 * 1024  # bytes
_DRAIN_SECONDS = 2.0


class BodyTooLarge(Exception):
    """More bytes than the address takes. ``more``: some of them have not come yet."""

    def __init__(self, more: bool) -> None:
        super().__init__()
        self.more = more


class BodyTooSlow(Exception):
    """The bytes did not come in time."""


class Disconnected(Exception):
    """The client is gone; nobody waits for an answer."""


async def read_body(scope: Scope, receive: Receive, limit: int = BODY_LIMIT, seconds: float = BODY_SECONDS) -> bytes:
    """Read all of it, chunked or not.

    Raises:
        BodyTooLarge, BodyTooSlow, Disconnected: and then the connection is of no further use.
    """
    announced = header(scope, b"content-length")
    if announced is None and header(scope, b"transfer-encoding") is None:
        return b""
    if announced is not None and announced.isdecimal() and int(announced) > limit:
        if (header(scope, b"expect") or "").lower() != "100-continue":  # else nothing is on its way
            await _drain(receive)
        raise BodyTooLarge(more=True)
    try:
        if scope.get(BODY_CAME, _unknown)():  # as nearly always; a timer would cost a twentieth of the answer
            return await _collect(receive, limit)
        async with asyncio.timeout(seconds):
            return await _collect(receive, limit)
    except TimeoutError:
        raise BodyTooSlow from None
    except BodyTooLarge as error:
        if error.more:
            await _drain(receive)
        raise


def _unknown() -> bool:
    return False


async def _collect(receive: Receive, limit: int) -> bytes:
    chunks, size = [], 0
    while True:
        chunk, more = await _next_chunk(receive)
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(more)
        chunks.append(chunk)
        if not more:
            return b"".join(chunks)


async def _next_chunk(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    return message.get("body", b""), message.get("more_body", False)


async def _drain(receive: Receive) -> None:
    size, more = 0, True
    with suppress(TimeoutError, Disconnected):
        async with asyncio.timeout(_DRAIN_SECONDS):
            while more and size < _DRAIN_LIMIT:
                chunk, more = await _next_chunk(receive)
                size += len(chunk)

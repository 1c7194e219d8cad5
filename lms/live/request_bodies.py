"""Read a request's body whole, within limits of size and time."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from lms.http.errors import BodyTimeout, BodyTooLarge
from lms.live.responses import Receive, Scope, find_header

BODY_LIMIT = 256 * 1024  # bytes
BODY_SECONDS = 5.0
_SLOWEST_UPLOAD = 400_000  # bytes a second, for which an address that takes large bodies waits longer
BODY_RECEIVED = "lms.body_received"  # key in a scope: a function that returns whether the whole body was received
# A client reads our error only after it has sent its body, so read and discard this much of it, for this long.
_DRAIN_LIMIT = 8 * 1024 * 1024  # bytes
_DRAIN_SECONDS = 2.0


class Disconnected(Exception):
    """The client has disconnected."""


async def read_body(scope: Scope, receive: Receive, limit: int = BODY_LIMIT, seconds: float = BODY_SECONDS) -> bytes:
    """Read the whole body, chunked or not.

    Raises:
        BodyTooLarge, BodyTimeout, Disconnected: the connection cannot be used for another request.
    """
    announced = find_header(scope, b"content-length")
    if announced is None and find_header(scope, b"transfer-encoding") is None:
        return b""
    if announced is not None and announced.isdecimal() and int(announced) > limit:
        if (find_header(scope, b"expect") or "").lower() != "100-continue":  # otherwise the client has not sent it yet
            await _drain(receive)
        raise BodyTooLarge(more_body=True)
    is_received = scope.get(BODY_RECEIVED)
    try:
        if is_received is not None and is_received():  # nearly always; a timer would cost 5 % of the response time
            return await _read_within_limit(receive, limit)
        async with asyncio.timeout(max(seconds, limit / _SLOWEST_UPLOAD)):
            return await _read_within_limit(receive, limit)
    except TimeoutError:
        raise BodyTimeout from None
    except BodyTooLarge as error:
        if error.more_body:
            await _drain(receive)
        raise


async def _read_within_limit(receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size, more_body = 0, True
    while more_body:
        chunk, more_body = await _next_chunk(receive)
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(more_body)
        chunks.append(chunk)
    return b"".join(chunks)


async def _next_chunk(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    return message.get("body", b""), message.get("more_body", False)


async def _drain(receive: Receive) -> None:
    size, more_body = 0, True
    with suppress(TimeoutError, Disconnected):
        async with asyncio.timeout(_DRAIN_SECONDS):
            while more_body and size < _DRAIN_LIMIT:
                chunk, more_body = await _next_chunk(receive)
                size += len(chunk)

"""Every answer of a site that starts with this folder on its PYTHONPATH takes a while, each another while.

Python runs a module of this name by itself as it starts, so the command under test is the real one. Late are the way
there and the way back: what was asked for later may be there sooner.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

LONGEST = 0.25  # seconds, each way

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_configure = uvicorn.Config.__init__


def _configure_slowly(config: uvicorn.Config, app: Callable, *more: Any, **settings: Any) -> None:
    async def slowly(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def send_slowly(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start" and not _is_stream(message):
                await _a_while()
            await send(message)

        await _a_while()
        await app(scope, receive, send_slowly)

    _configure(config, slowly, *more, **settings)


def _is_stream(start: MutableMapping[str, Any]) -> bool:
    """What hands its messages over without waiting: it would be cut off as a reader that is too slow."""
    return any(value.startswith(b"text/event-stream") for _, value in start["headers"])


async def _a_while() -> None:
    await asyncio.sleep(random.uniform(0, LONGEST))


uvicorn.Config.__init__ = _configure_slowly

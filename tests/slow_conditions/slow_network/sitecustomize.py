"""Delays every response of a site that starts with this folder on its PYTHONPATH, by a random time.

Python imports a module of this name at start, so the tested command is the real one. Requests and responses are both
delayed: a later request may be answered first.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

MAX_DELAY_SECONDS = 0.25  # each way

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_init_config = uvicorn.Config.__init__


def _init_with_delays(config: uvicorn.Config, app: Callable, *args: Any, **settings: Any) -> None:
    async def delayed_app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def delayed_send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start" and not _is_stream(message):
                await _delay()
            await send(message)

        await _delay()
        await app(scope, receive, delayed_send)

    _init_config(config, delayed_app, *args, **settings)


def _is_stream(start: MutableMapping[str, Any]) -> bool:
    """Event streams are not delayed: the site would disconnect them as readers that are too slow."""
    return any(value.startswith(b"text/event-stream") for _, value in start["headers"])


async def _delay() -> None:
    await asyncio.sleep(random.uniform(0, MAX_DELAY_SECONDS))


uvicorn.Config.__init__ = _init_with_delays

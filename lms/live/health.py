"""``/healthz``: whether this process can do its work, for a load balancer or a curious operator."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from lms.assets import Assets
from lms.content.catalog import Shelf
from lms.live.responses import Receive, Scope, Send, send_json

log = logging.getLogger(__name__)

_SECONDS = 2.0


class Health:
    """ASGI application; 200 when the database answers, else 503."""

    def __init__(self, engine: Engine, shelf: Shelf, assets: Assets) -> None:
        self.engine = engine
        self.shelf = shelf
        self.assets = assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                await asyncio.to_thread(self._ask_database)
        except (SQLAlchemyError, TimeoutError) as error:
            log.warning("health: the database does not answer: %s", error)
            await send_json(send, 503, {"status": "database"})
            return
        library = self.shelf.library
        await send_json(
            send,
            200,
            {"status": "ok", "build": self.assets.build, "courses": len(library.courses), "library": library.digest},
        )

    def _ask_database(self) -> None:
        with self.engine.connect() as connection:
            connection.execute(text("select 1"))

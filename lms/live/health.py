"""``/healthz``: whether this process can serve requests, for load balancers and operators."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from lms.assets import Assets
from lms.content.catalog import Catalog
from lms.live.responses import Receive, Scope, Send, send_json

log = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 2.0


class Health:
    """ASGI application: 200 if the database responds, else 503."""

    def __init__(self, engine: Engine, catalog: Catalog, assets: Assets) -> None:
        self.engine = engine
        self.catalog = catalog
        self.assets = assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await asyncio.to_thread(self._query_database)
        except (SQLAlchemyError, TimeoutError) as error:
            log.warning("health check: the database does not respond: %s", error)
            await send_json(send, 503, {"status": "database"})
            return
        library = self.catalog.library
        await send_json(
            send,
            200,
            {"status": "ok", "build": self.assets.build, "courses": len(library.courses), "library": library.digest},
        )

    def _query_database(self) -> None:
        with self.engine.connect() as connection:
            connection.execute(text("select 1"))

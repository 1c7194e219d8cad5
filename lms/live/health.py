"""``/healthz``: whether this process can serve requests, for load balancers and operators."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from lms.assets import Assets
from lms.content.catalog import Catalog
from lms.content.files_digest import library_files_digest
from lms.learning.store.migrate import latest_revision
from lms.live.responses import Receive, Scope, Send, send_json
from lms.release import this_release

log = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 2.0


class Health:
    """ASGI application: 200 if the database responds and has this release's tables, else 503."""

    def __init__(self, engine: Engine, catalog: Catalog, assets: Assets) -> None:
        self.engine = engine
        self.catalog = catalog
        self.assets = assets
        self.needed_revision = latest_revision()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                revision = await asyncio.to_thread(self._query_revision)
        except (SQLAlchemyError, TimeoutError) as error:
            log.warning("health check: the database does not respond", exc_info=error)
            await send_json(send, 503, {"status": "database"})
            return
        if revision != self.needed_revision:
            told = {"status": "schema", "revision": revision, "needed": self.needed_revision}
            await send_json(send, 503, told)
            return
        library, release = self.catalog.library, this_release()
        # An author's open pages look here whether a file was saved since.
        watched = {"watched": self.catalog.files_digest} if self.catalog.authoring else {}
        await send_json(
            send,
            200,
            {
                **watched,
                "status": "ok",
                "build": f"{self.assets.build}-{release.digest}",
                "courses": len(library.courses),
                "library": library.digest,
                "courses_digest": library_files_digest(library),
                "held_back": list(self.catalog.held_back),
                "version": release.version,
                "commit": release.commit,
                "date": release.date,
            },
        )

    def _query_revision(self) -> str | None:
        """One row of one column, as cheap as any question that the database must answer."""
        with self.engine.connect() as connection:
            return connection.scalar(text("SELECT version_num FROM alembic_version"))

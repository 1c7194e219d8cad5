"""The whole site as one ASGI application: shelf, database, writer, Flask and the gate put together."""

from __future__ import annotations

import asyncio
import datetime
import gc
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from lms import vietnam_time
from lms.assets import load_assets
from lms.config import Settings, load_settings
from lms.content.catalog import Shelf
from lms.learning.batch_handlers import TOGETHER, hold_rows
from lms.learning.store.database import make_engine
from lms.learning.store.writer import Writer
from lms.live.api import create_live
from lms.live.class_source import Classes
from lms.live.dispatcher import Gate
from lms.live.health import Health
from lms.live.housekeeping import Tidying
from lms.live.responses import Receive, Scope, Send, Tell
from lms.live.static import StaticFiles
from lms.live.streams import Streams
from lms.live.wsgi_bridge import Bridge
from lms.web import create_app

log = logging.getLogger(__name__)

# Threads for Flask. Each may hold one database connection; the gate sees to it that none waits for a client.
FORM_THREADS = 32  # for posts, which wait for the store and for each other's commits
# Pages only compute, and one interpreter computes one at a time. More of them at once serve nobody sooner, and the
# event loop queues up behind each of them after every system call (docs/adr/0016).
READING_THREADS = 6
DUTY_THREADS = 4  # beside them, for those who run a class
SPARE_CONNECTIONS = 4  # the writer, the watcher of classes, health
GARBAGE = (20_000, 20, 50)  # new objects before a look at the youngest, and how many looks before one at the older
SWITCH_SECONDS = 0.0005  # that a thread which computes may keep the others waiting


class Site:
    """The ASGI application. ``shelf`` is its own, for whoever watches the course folder."""

    def __init__(self, settings: Settings) -> None:
        assets = load_assets()
        self.shelf = Shelf(settings.courses_dir, today=vietnam_time.today)
        self._engine = make_engine(
            settings.database_url,
            pool_size=FORM_THREADS + READING_THREADS + DUTY_THREADS + SPARE_CONNECTIONS,
            max_overflow=0,
        )
        self._writer = Writer(self._engine, together=TOGETHER, hold=hold_rows)
        flask = create_app(settings, shelf=self.shelf, writer=self._writer, engine=self._engine)
        self._streams = Streams(settings, Classes(self._engine, self.shelf))
        keep = datetime.timedelta(days=settings.class_days)
        self._tidying = Tidying(self._engine, self.shelf, keep=keep)
        self._gate = Gate(
            streams=self._streams,
            static=StaticFiles(assets),
            health=Health(self._engine, self.shelf, assets),
            live=create_live(settings, shelf=self.shelf, writer=self._writer),
            pages=Bridge(flask, READING_THREADS),
            forms=Bridge(flask, FORM_THREADS),
            duties=Bridge(flask, DUTY_THREADS),
            body_limits=flask.config.get("BODY_LIMITS", {}),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live_and_stop(receive, send)
        elif scope["type"] == "http":
            await self._gate(scope, receive, send)

    def take_post(self, scope: Scope, body: bytes, tell: Tell) -> bool:
        """See ``Connection``, which asks."""
        return self._gate.take_post(scope, body, tell)

    async def _live_and_stop(self, receive: Receive, send: Send) -> None:
        await receive()
        self._reload_on_hangup()
        self._streams.start()
        self._tidying.start()
        with _settled():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await self._streams.stop()
        await self._tidying.stop()
        # Whoever was told "kept" was told after the commit; what still waits is committed now.
        await asyncio.to_thread(self._writer.close)
        self._engine.dispose()
        await send({"type": "lifespan.shutdown.complete"})

    def _reload_on_hangup(self) -> None:
        """Let SIGHUP read the courses again, where the system has it."""
        if not hasattr(signal, "SIGHUP"):
            return
        loop = asyncio.get_running_loop()
        try:
            loop.add_signal_handler(signal.SIGHUP, lambda: loop.run_in_executor(None, self.reload))
        except (NotImplementedError, RuntimeError, ValueError):  # not in the main thread, or no such loop
            log.info("SIGHUP does not reload the courses here")

    def reload(self) -> None:
        """Read the courses again and say on the log what is wrong with them."""
        reading = self.shelf.reload()
        for problem in reading.problems:
            if problem.level == "error":
                log.error("%s", problem)
        log.info("courses read again: %d on the air", len(reading.library.courses))


@contextmanager
def _settled() -> Iterator[None]:
    """Tell the interpreter what program this is: much that stays, and one thread that must not be kept waiting.

    It is the whole process's, and a test's or another server's own again afterwards.
    """
    threshold, switch = gc.get_threshold(), sys.getswitchinterval()
    # What has been built stays: walking all of it in each full collection stopped everybody for 80 ms.
    gc.collect()
    gc.freeze()
    # Each post on its way counts as new, and ten thousand streams as old: by the interpreter's own measure a quarter of
    # the event loop's time went into looking for garbage that is not there.
    gc.set_threshold(*GARBAGE)
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(switch)
        gc.set_threshold(*threshold)
        gc.unfreeze()


def create_asgi(settings: Settings | None = None) -> Site:
    """The factory for ``lms serve``, and for an ASGI server with several workers: ``lms.server:create_asgi``.

    The database must be migrated before.

    Raises:
        SettingsError: a setting cannot be used.
    """
    return Site(settings or load_settings())

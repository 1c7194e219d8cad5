"""The composition root: one ASGI application built from the catalog, database, writer, Flask and the live endpoints."""

from __future__ import annotations

import asyncio
import datetime
import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from lms import vietnam_time
from lms.assets import STATIC_DIR, load_assets
from lms.config import (
    KEY_MISMATCH,
    SIGNING_KEY_LOST,
    Settings,
    SettingsError,
    data_folder,
    load_settings,
    lost_key_sentence,
    unreadable_signing_key,
)
from lms.content.catalog import Catalog
from lms.content.folders import folder_identity
from lms.content.parsed_courses import FILE_NAME as FILE_OF_PARSED
from lms.content.parsed_courses import ParsedCourses
from lms.course_delivery.last_good_courses import FOLDER_NAME, LastGoodCourses
from lms.course_delivery.published_courses import FOLDER_NAME as PUBLISHED_FOLDER_NAME
from lms.data_folder_lock import DataFolderInUse, lock_data_folder
from lms.hall_address import HallAddress
from lms.learning.badges.keys import KeyRing
from lms.learning.badges.published_keys import open_key_ring
from lms.learning.batch_handlers import BATCH_HANDLERS, lock_rows, register_event_listeners
from lms.learning.classroom.access.projector_presence import ProjectorPresence
from lms.learning.classroom.lifecycle.former_lessons import move_class_sessions
from lms.learning.errors import LearningError
from lms.learning.startup_errors import InvalidSigningKey, SecretKeyMismatch, SigningKeyLost
from lms.learning.store.changed_wards import load_changed_wards
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.learning_code_key import wrap_code_key
from lms.learning.store.people_count import has_people
from lms.learning.store.tombstones import keep_tombstones
from lms.learning.store.writer import Writer
from lms.live.api import ScriptPostApi
from lms.live.class_editions import ClassEditions
from lms.live.course_updates import CourseUpdateWatcher
from lms.live.daily_jobs import DailyJobs
from lms.live.dispatcher import Dispatcher, WsgiBridge
from lms.live.health import Health
from lms.live.metrics import MetricsEndpoint
from lms.live.page_threads import CONCURRENT_PAGES, CONCURRENT_PAGES_ON_SQLITE, PageThreads
from lms.live.poller import DatabaseClassSource
from lms.live.projector_presence_recorder import ProjectorPresenceRecorder
from lms.live.publication_updates import PublicationWatcher
from lms.live.rate_limits import PostLimits
from lms.live.readiness import ReadinessEndpoint
from lms.live.responses import FIND_ROUTE, SETTINGS, Receive, Respond, Scope, Send
from lms.live.static_files import StaticFiles
from lms.live.stream_endpoint import StreamEndpoint
from lms.logs.configuration import configure_logging, is_configured, log_loop_exception, set_outage_probe
from lms.logs.outages import Outage
from lms.monitoring import disk
from lms.monitoring.prometheus import SiteMetrics
from lms.web.app import create_app, set_hall_address
from lms.web.classroom.seat.questions import render_correct_answer
from lms.web.url_rule_finder import UrlRuleFinder

log = logging.getLogger(__name__)

# Threads for Flask. Each may use one database connection; none waits for a slow client, since the dispatcher buffers
# request bodies.
POST_THREADS = 32  # they wait for the database and for each other's commits
# Pages are CPU-bound and hold the interpreter lock: more threads would not serve them faster, but would delay the event
# loop after every system call (docs/adr/0016).
PAGE_THREADS = 6
ACCOUNT_THREADS = 4  # for facilitators, so that their pages do not queue behind those of learners
SPARE_CONNECTIONS = 4  # for the writer, the class poller and that of publications, health checks, housekeeping
MAX_CONNECTIONS = POST_THREADS + PAGE_THREADS + ACCOUNT_THREADS + SPARE_CONNECTIONS  # of one worker
GC_THRESHOLDS = (20_000, 20, 50)  # arguments of gc.set_threshold
ENOUGH_DISK_BYTES = 10 * 1024 * 1024  # free, for an outage of the disk to be over
SWITCH_SECONDS = 0.0005  # the interpreter's switch interval


class AsgiApp:
    """The ASGI application. ``catalog`` is public so that ``lms serve --watch`` can reload it."""

    def __init__(self, settings: Settings) -> None:
        assets = load_assets()
        if not assets.files:
            raise SettingsError(f"thiếu thư mục giao diện {STATIC_DIR}; bác cài lại chương trình.")
        identity = folder_identity(settings.courses_dir)
        self._last_good = LastGoodCourses(settings.data_dir / FOLDER_NAME)
        parsed = ParsedCourses(settings.data_dir / FILE_OF_PARSED, settings.secret_key, settings.courses_dir)
        today = vietnam_time.today()
        self.catalog = Catalog(
            settings.courses_dir,
            vietnam_time.today,
            already_read=parsed.load(today),
            last_good=lambda slug: self._last_good.read(slug, vietnam_time.today()),
        )
        parsed.keep(self.catalog.results, today)
        for slug in self.catalog.held_back:
            # In the text, not in a field: of two events with the same text only the first is a line.
            log.error("the course %s has errors: its last good copy is published, see lms check", slug)
        self._engine = make_engine(
            settings.database_url,
            pool_size=MAX_CONNECTIONS,
            max_overflow=0,
        )
        keep_tombstones(self._engine, settings.data_dir)
        load_changed_wards(self._engine)
        register_event_listeners()
        self._settings = settings
        self._writer = Writer(self._engine, batch_handlers=BATCH_HANDLERS, lock_rows=lock_rows)
        self._reloads: set[asyncio.Task[None]] = set()
        keys, code_key = _open_keys(self._engine, settings)
        flask = create_app(
            settings, catalog=self.catalog, writer=self._writer, engine=self._engine, keys=keys, code_key=code_key
        )
        self._flask = flask
        self._classes = DatabaseClassSource(
            self._engine, self.catalog, render_solution=partial(render_correct_answer, flask)
        )
        is_sqlite = self._engine.dialect.name == "sqlite"
        concurrent_pages = CONCURRENT_PAGES_ON_SQLITE if is_sqlite else CONCURRENT_PAGES
        page_threads = PageThreads(concurrent_pages=concurrent_pages, spare_threads=PAGE_THREADS - concurrent_pages)
        projector_presence: ProjectorPresence = flask.extensions["projector_presence"]
        self._streams = StreamEndpoint(settings, self._classes, projector_presence)
        self._projector_presence_recorder = ProjectorPresenceRecorder(
            self._engine, projector_presence, lambda: self._streams.connected_projector_ids
        )
        figures, readiness = flask.extensions["figures"], flask.extensions["readiness"]
        figures.open_streams = lambda: self._streams.open_streams
        keep = datetime.timedelta(days=settings.class_days)
        self._housekeeping = DailyJobs(self._engine, self.catalog, retention=keep)
        self._course_updates = CourseUpdateWatcher(
            settings.courses_dir, identity, reload=self.reload, keep=self._keep_last_good
        )
        self._publications = PublicationWatcher(
            self._engine, settings.courses_dir, settings.data_dir / PUBLISHED_FOLDER_NAME, reload=self._reload_and_keep
        )
        self.catalog.find_folder = self._publications.find_folder
        self._class_editions = ClassEditions(self._engine, self.catalog, settings.courses_dir)
        limits = PostLimits(settings)
        live = ScriptPostApi(settings, catalog=self.catalog, writer=self._writer, limits=limits)
        self._live = live
        self._find_route = UrlRuleFinder(flask.url_map)
        self._dispatcher = Dispatcher(
            streams=self._streams,
            static=StaticFiles(assets),
            health=Health(self._engine, self.catalog, assets),
            readiness=ReadinessEndpoint(readiness),
            metrics=MetricsEndpoint(SiteMetrics(figures, readiness), settings.metrics_token),
            live=live,
            pages=WsgiBridge(flask, page_threads),
            forms=WsgiBridge(flask, ThreadPoolExecutor(POST_THREADS, "form")),
            facilitators=WsgiBridge(flask, ThreadPoolExecutor(ACCOUNT_THREADS, "facilitator")),
            limits=limits,
            body_limits=flask.config.get("BODY_LIMITS", {}),
        )

    def try_handle_post(self, scope: Scope, body: bytes, respond: Respond) -> bool:
        """The fast path of ``lms.live.http_protocol``."""
        scope[FIND_ROUTE] = self._find_route
        return self._live.try_handle_post(scope, body, respond)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._run_lifespan(receive, send)
        elif scope["type"] == "http":
            scope[FIND_ROUTE], scope[SETTINGS] = self._find_route, self._settings
            await self._dispatcher(scope, receive, send)

    async def _run_lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._reload_on_sighup()
        asyncio.get_running_loop().set_exception_handler(log_loop_exception)
        set_outage_probe(Outage.DATABASE, self._does_database_respond)
        set_outage_probe(Outage.DISK, self._has_disk_space)
        await asyncio.to_thread(self._catch_up)
        await asyncio.to_thread(self._class_editions.update)
        await asyncio.to_thread(self._move_classes_of_former_lessons)
        self._streams.start()
        self._projector_presence_recorder.start()
        self._housekeeping.start()
        self._course_updates.start()
        self._publications.start()
        self._class_editions.start()
        with _tuned_interpreter():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await self._streams.stop()
        await self._projector_presence_recorder.stop()
        await self._housekeeping.stop()
        await self._course_updates.stop()
        await self._publications.stop()
        await self._class_editions.stop()
        # Commit what is still queued. Confirmed writes are committed already.
        await asyncio.to_thread(self._writer.close)
        for outage in (Outage.DATABASE, Outage.DISK):
            set_outage_probe(outage, None)
        self._engine.dispose()
        await send({"type": "lifespan.shutdown.complete"})

    def _does_database_respond(self) -> bool:
        with self._engine.connect() as connection:
            return connection.scalar(text("SELECT 1")) == 1

    def _has_disk_space(self) -> bool:
        """On PostgreSQL its disk is another machine's matter."""
        return disk.free_bytes(self._settings) > ENOUGH_DISK_BYTES

    def _reload_on_sighup(self) -> None:
        """Reload the courses on SIGHUP, on systems that have it."""
        if not hasattr(signal, "SIGHUP"):
            return
        loop = asyncio.get_running_loop()
        try:
            loop.add_signal_handler(signal.SIGHUP, self._reload_soon)
        except (NotImplementedError, RuntimeError, ValueError):  # not in the main thread, or no such loop
            log.info("reloading the courses on SIGHUP is not supported here")

    def set_hall_address(self, address: HallAddress) -> None:
        """Say another address from now on, at once, on open walls and desks, too. From any thread."""
        set_hall_address(self._flask, address)
        self._classes.address_key = address.key
        self._streams.push_all()

    def _reload_soon(self) -> None:
        task = asyncio.get_running_loop().create_task(self._course_updates.reload(), name="reload")
        self._reloads.add(task)  # the loop itself keeps no reference
        task.add_done_callback(self._reloads.discard)

    def reload(self) -> None:
        """Reload the courses and log their errors."""
        reading = self.catalog.reload()
        for problem in reading.problems:
            if problem.level == "error":
                log.error("%s", problem)
        log.info(
            "courses reloaded",
            extra={"courses": len(reading.library.courses), "held_back": " ".join(self.catalog.held_back)},
        )
        self._move_classes_of_former_lessons()

    def _catch_up(self) -> None:
        """Take in what was published before this start, though its courses have errors now."""
        self.catalog.is_serving = False
        self._publications.catch_up()
        self.catalog.is_serving = True

    def _reload_and_keep(self) -> None:
        self.reload()
        self._keep_last_good()

    def _keep_last_good(self) -> None:
        if not self.catalog.authoring:  # while an author writes, each save would be copied
            self._last_good.keep(self.catalog.library, self.catalog.folder_names)

    def _move_classes_of_former_lessons(self) -> None:
        """Before the phones of a class come back after an update, it has to have a lesson again."""
        if not any(lesson.former_keys for course in self.catalog.library for lesson in course.lessons):
            return
        try:
            with write_sessions(self._engine).begin() as session:
                moved = move_class_sessions(session, self.catalog.library)
        except Exception:
            log.exception("classes of merged lessons were not moved")
            return
        if moved:
            log.info("classes moved to the lessons that theirs were merged into", extra={"moved": moved})


def _open_keys(engine: Engine, settings: Settings) -> tuple[KeyRing | None, str | None]:
    """The signing keys, published in the store, and the key of learning codes; (None, None) if the store is away.

    Raises:
        SettingsError: the store was used with other keys.
        InvalidSigningKey: badges could not be signed.
    """
    now = datetime.datetime.now(datetime.UTC)
    try:
        code_key = wrap_code_key(engine, settings.secret_keys, now=now)
        return open_key_ring(engine, settings.data_dir, settings.signing_key, now=now), code_key
    except SecretKeyMismatch as error:
        raise SettingsError(KEY_MISMATCH) from error
    except SigningKeyLost as error:
        raise SettingsError(SIGNING_KEY_LOST) from error
    except DBAPIError as error:
        log.warning("the keys of this host could not be compared with those of the store: %s", error.orig)
        return None, None


@contextmanager
def _tuned_interpreter() -> Iterator[None]:
    """Tune garbage collection and thread switching for a server, and restore the settings of the process afterwards."""
    threshold, switch = gc.get_threshold(), sys.getswitchinterval()
    # What exists at startup is permanent; without freeze, each full collection walked it for 80 ms.
    gc.collect()
    gc.freeze()
    # With thousands of requests in flight and ten thousand streams, the default thresholds cost a quarter of the event
    # loop's time.
    gc.set_threshold(*GC_THRESHOLDS)
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(switch)
        gc.set_threshold(*threshold)
        gc.unfreeze()


def create_asgi(settings: Settings | None = None) -> AsgiApp:
    """Create the application, for ``lms serve`` or as the factory ``lms.server:create_asgi`` of another ASGI server.

    The database must have been migrated.

    Raises:
        SettingsError: a setting that was given cannot be used.
        SystemExit: one of the environment cannot be used; the server that called the factory ends with the sentence.
    """
    if settings is not None:
        return AsgiApp(settings)
    try:
        settings = load_settings(may_make_key=lambda database_url: not has_people(database_url))
        if not settings.secret_key:
            raise SettingsError(lost_key_sentence(settings.data_dir))
        lock_data_folder(settings)
        if not is_configured():  # else the other server has its own log
            configure_logging(settings.log_format, settings.log_level)
        return AsgiApp(settings)
    except DataFolderInUse:
        sentence = f"LMS_DATA_DIR: một trang khác đang dùng {data_folder(os.environ)}"
    except InvalidSigningKey:
        sentence = unreadable_signing_key(settings) if settings else ""
    except (SettingsError, LearningError) as error:
        sentence = str(error)
    sys.stderr.write(f"Không mở được trang: {sentence}\n")
    raise SystemExit(2)

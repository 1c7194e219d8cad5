"""Whether this process can do all that a learner needs: named checks, each with a reason if it fails.

Reasons are read by strangers (``/readyz``): they hold no path, address, name or text of an error, which the log has.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lms.config import SECRET_KEY_FILE, Settings
from lms.content.catalog import Catalog
from lms.learning.badges.keys import KEY_FILE, KeyRing
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.migrate import latest_revision
from lms.learning.store.models import Learner
from lms.learning.store.writer import Writer, WriterBusy
from lms.monitoring import disk

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 3.0  # for the write, and for the page
FRESH_SECONDS = 1.0  # strangers who ask all the time cause no more than one write a second
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadinessCheck:
    """Whether one thing works. ``reason``: why it does not; for an ok one "", or what is worth knowing."""

    name: str
    ok: bool
    reason: str = ""


class Readiness:
    """Checks, one by one, what must work for a learner.

    ``render_page`` renders a page as a learner's browser would get it, and returns its status. ``check`` may be called
    from any thread: one call checks at a time, and those that waited for it get its result.
    """

    def __init__(
        self, settings: Settings, *, catalog: Catalog, writer: Writer, keys: KeyRing, render_page: Callable[[], int]
    ) -> None:
        self._settings, self._catalog, self._writer, self._keys = settings, catalog, writer, keys
        self._render_page = render_page
        self._needed_revision = latest_revision()
        # Without these files, the next start would sign with other keys, or with none.
        self._key_files = [path for name in (SECRET_KEY_FILE, KEY_FILE) if (path := settings.data_dir / name).is_file()]
        self._page_thread = ThreadPoolExecutor(1, thread_name_prefix="readiness")  # a page that hangs is left behind
        self._lock = threading.Lock()
        self._checks: tuple[ReadinessCheck, ...] = ()
        self._checked_at = -FRESH_SECONDS

    def check(self) -> tuple[ReadinessCheck, ...]:
        """All checks, at most a second old. Takes some milliseconds, and at most twice the timeout."""
        with self._lock:
            if not self._checks or time.monotonic() - self._checked_at >= FRESH_SECONDS:
                before = {check.name for check in self._checks if not check.ok}
                self._checks = tuple(self._run())
                self._checked_at = time.monotonic()
                _log_changes(before, self._checks)
            return self._checks

    def _run(self) -> Iterator[ReadinessCheck]:
        yield from self._check_database()
        yield self._check_disk()
        yield self._check_courses()
        yield self._check_keys()
        yield self._check_page()

    def _check_database(self) -> Iterator[ReadinessCheck]:
        """Through the queue, thread and connection of every answer, so that a writer that is stuck is found, too."""
        try:
            probe = self._writer.submit(try_write, "").result(TIMEOUT_SECONDS)
        except WriterBusy:
            probe = WriteProbe(None, "too many writes are waiting")
        except TimeoutError:
            probe = WriteProbe(None, f"no commit within {TIMEOUT_SECONDS:.0f} s")
        except Exception as error:  # whatever a database or its driver may raise
            probe = WriteProbe(None, f"the transaction failed ({type(error).__name__})")
        yield ReadinessCheck("database", not probe.reason, probe.reason)
        if probe.revision is None:
            yield ReadinessCheck("schema", False, "not known")
        else:
            is_ours = probe.revision == self._needed_revision
            reason = (
                "" if is_ours else f"the tables are at {probe.revision}, this release needs {self._needed_revision}"
            )
            yield ReadinessCheck("schema", is_ours, reason)

    def _check_disk(self) -> ReadinessCheck:
        try:
            free = disk.free_bytes(self._settings)
        except OSError as error:
            return ReadinessCheck("disk", False, f"the data folder cannot be read ({type(error).__name__})")
        if free < disk.MIN_FREE_BYTES:
            return ReadinessCheck(
                "disk", False, f"{free // MEGABYTE} MB free, {disk.MIN_FREE_BYTES // MEGABYTE} are needed"
            )
        return ReadinessCheck("disk", True)

    def _check_courses(self) -> ReadinessCheck:
        """One faulty course does not take a worker, and with it perhaps the whole site, out of service."""
        published, faulty = len(self._catalog.library.courses), len(self._catalog.faulty_courses)
        if not published:
            return ReadinessCheck("courses", False, "none is published")
        return ReadinessCheck("courses", True, f"{faulty} with errors" if faulty else "")

    def _check_keys(self) -> ReadinessCheck:
        lost = [path.name for path in self._key_files if not path.is_file()]
        if lost:
            return ReadinessCheck("keys", False, f"{' and '.join(lost)} no longer in the data folder")
        if self._keys.name not in self._keys.published:
            return ReadinessCheck("keys", False, "the signing key is not published")
        return ReadinessCheck("keys", True)

    def _check_page(self) -> ReadinessCheck:
        try:
            status = self._page_thread.submit(self._render_page).result(TIMEOUT_SECONDS)
        except TimeoutError:
            return ReadinessCheck("page", False, f"no page within {TIMEOUT_SECONDS:.0f} s")
        except Exception as error:  # whatever a template or a route may raise
            return ReadinessCheck("page", False, f"rendering failed ({type(error).__name__})")
        return ReadinessCheck("page", status == 200, "" if status == 200 else f"status {status}")


@dataclass(frozen=True, slots=True)
class WriteProbe:
    """How a try to write ended. ``reason``: why nothing could be written; "" if it could."""

    revision: str | None
    reason: str = ""


def try_write(session: Session) -> WriteProbe:
    """Insert a learner and roll back to before: a service of the writer.

    It never raises, since that would make the writer repeat the batch that it is in.
    """
    revision: str | None = None
    try:
        with session.begin_nested():
            revision = session.scalar(text("SELECT version_num FROM alembic_version"))
        with session.begin_nested() as savepoint:
            session.execute(insert(Learner.__table__).values(id=new_learner_id(), version=0))
            savepoint.rollback()
    except SQLAlchemyError as error:
        return WriteProbe(revision, f"the store refuses to write ({type(error).__name__})")
    return WriteProbe(revision)


def _log_changes(failed_before: set[str], checks: tuple[ReadinessCheck, ...]) -> None:
    """One line when a check begins to fail and one when it holds again, however often it is asked."""
    for check in checks:
        if not check.ok and check.name not in failed_before:
            log.warning("not ready: %s: %s", check.name, check.reason)
        elif check.ok and check.name in failed_before:
            log.info("ready again: %s", check.name)

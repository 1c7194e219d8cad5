"""How the site is doing at this moment, in numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from lms import metrics
from lms.config import Settings
from lms.content.catalog import Catalog
from lms.learning.backup.last_backup import read_last_backup
from lms.learning.classroom.session.queries import count_open_classes
from lms.learning.store.database import read_sessions
from lms.learning.store.writer import Writer
from lms.monitoring import disk


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """How the site is doing at one moment.

    ``open_classes`` is of the whole site, disk and backup of this machine, the rest of this process.
    """

    open_classes: int | None  # None: the database does not say
    published_courses: int
    faulty_courses: tuple[str, ...]
    free_bytes: int | None  # None: the data folder cannot be read
    last_backup: datetime | None
    queued_writes: int
    used_connections: int
    most_connections: int
    open_streams: int
    requests: int  # since the start, as ``server_errors``
    server_errors: int


class FigureReader:
    """Reads the figures. ``open_streams`` is set by the server; without one there are none."""

    def __init__(self, settings: Settings, *, engine: Engine, catalog: Catalog, writer: Writer) -> None:
        self._settings, self._engine, self._catalog, self._writer = settings, engine, catalog, writer
        self.open_streams: Callable[[], int] = lambda: 0

    def read(self) -> SiteFigures:
        """All figures; what cannot be read now is None."""
        pool = self._engine.pool
        used, most = (pool.checkedout(), pool.size()) if isinstance(pool, QueuePool) else (0, 0)
        try:
            free = disk.free_bytes(self._settings)
        except OSError:
            free = None
        return SiteFigures(
            # Not by waiting for a connection: that all are in use is what a reader wants to know then.
            open_classes=self._count_open_classes() if used < most or not most else None,
            published_courses=len(self._catalog.library.courses),
            faulty_courses=self._catalog.faulty_courses,
            free_bytes=free,
            last_backup=read_last_backup(self._settings.data_dir),
            queued_writes=self._writer.queue_length,
            used_connections=used,
            most_connections=most,
            open_streams=self.open_streams(),
            requests=metrics.count_requests(),
            server_errors=metrics.count_requests("5xx"),
        )

    def _count_open_classes(self) -> int | None:
        try:
            with read_sessions(self._engine)() as session:
                return count_open_classes(session)
        except SQLAlchemyError:
            return None

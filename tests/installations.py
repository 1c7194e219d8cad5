"""Installations with a data folder of their own, on SQLite or PostgreSQL, for commands of ``lms``."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from lms.cli import main
from lms.learning.backup.table_rows import read_lines, reflect_tables, restart_sequences
from lms.learning.store import migrate
from lms.learning.store.database import checkpoint_wal, make_engine
from lms.learning.store.models import Base
from lms.learning.store.tombstones import keep_tombstones
from tests.databases import new_database, replace_database
from tests.learning.filled_databases import REVISIONS, fill


class Machine:
    """An installation with a data folder of its own. ``templates``: where it gets filled tables from on PostgreSQL."""

    def __init__(self, folder: Path, url: str, templates: FilledTemplates | None = None) -> None:
        self.folder, self.url, self._templates = folder, url, templates
        folder.mkdir(exist_ok=True)
        self.engine = make_engine(url)
        keep_tombstones(self.engine, folder)

    def run(self, *words: object, typed: str = "", **settings: str) -> Result:
        env = {
            "LMS_DATA_DIR": str(self.folder),
            "LMS_COURSES": str(self.folder / "courses"),
            "LMS_DATABASE_URL": self.url,
        }
        return CliRunner().invoke(main, [*map(str, words)], env=env | settings, input=typed)

    def fill(self, revision: str = REVISIONS[-1], *, upgrade: bool = True) -> dict:
        if self.engine.dialect.name == "sqlite":
            file, filled = filled_sqlite_file(revision, upgrade=upgrade)
            shutil.copy(file, self.folder / "lms.sqlite3")
        else:
            assert self._templates is not None
            self.engine.dispose()
            template, filled = self._templates.find(revision, upgrade=upgrade)
            replace_database(self._templates.server, self.url, template=template)
        (self.folder / "secret-key").write_text(filled["secret"].ljust(32))
        (self.folder / "courses" / "vneid").mkdir(parents=True)
        (self.folder / "courses" / "vneid" / "course.md").write_text("# Khóa", "utf-8")
        return deepcopy(filled)

    def stored(self) -> dict[str, list[dict[str, Any]]]:
        """All rows by the name of their table."""
        with self.engine.connect() as connection:
            tables = Base.metadata.sorted_tables
            return {each.name: [dict(row) for row in connection.execute(select(each)).mappings()] for each in tables}

    def rows(self) -> dict[str, list[bytes]]:
        return all_rows(self.engine)


def _fill(engine: Engine, revision: str, *, upgrade: bool) -> dict:
    migrate.upgrade(engine, revision)
    filled = fill(engine, revision)
    with engine.begin() as connection:
        restart_sequences(connection, reflect_tables(connection))  # the rows came with their numbers
    if upgrade:
        migrate.upgrade(engine)
    return filled


@functools.cache
def filled_sqlite_file(revision: str, *, upgrade: bool) -> tuple[Path, dict]:
    """A database filled at a revision, made once in this process, and what is in it. It is copied, never written to."""
    folder = Path(tempfile.mkdtemp(prefix="lms-filled-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = make_engine(f"sqlite:///{folder / 'lms.sqlite3'}")
    filled = _fill(engine, revision, upgrade=upgrade)
    checkpoint_wal(engine)  # everything into the one file that is copied
    engine.dispose()
    return folder / "lms.sqlite3", filled


class FilledTemplates:
    """Databases of a server, each filled at a revision and made once. They are copied and never written to."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._stack = ExitStack()
        self._made: dict[tuple[str, bool], tuple[str, dict]] = {}

    def find(self, revision: str, *, upgrade: bool) -> tuple[str, dict]:
        """The URL of the database, and what is in it."""
        if (revision, upgrade) not in self._made:
            url = self._stack.enter_context(new_database(self.server))
            engine = make_engine(url)
            self._made[revision, upgrade] = url, _fill(engine, revision, upgrade=upgrade)
            engine.dispose()
        return self._made[revision, upgrade]

    def drop(self) -> None:
        self._stack.close()


def all_rows(engine: Engine) -> dict[str, list[bytes]]:
    with engine.connect() as connection:
        return {table.name: list(read_lines(connection, table)) for table in reflect_tables(connection)}


@contextmanager
def making_machines(folder: Path, templates: Callable[[], FilledTemplates]) -> Iterator[Callable[[str, str], Machine]]:
    """Yield a function that makes an installation of a name on "sqlite" or "postgresql".

    ``templates`` is called if there is one on PostgreSQL.
    """
    with ExitStack() as stack:

        def make(name: str, store: str) -> Machine:
            if store == "postgresql":
                url = stack.enter_context(new_database(templates().server))
                machine = Machine(folder / name, url, templates())
            else:
                machine = Machine(folder / name, f"sqlite:///{folder / name / 'lms.sqlite3'}")
            stack.callback(machine.engine.dispose)
            return machine

        yield make

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
from tests.learning.filled_database import fill


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

    def fill(self) -> dict:
        if self.engine.dialect.name == "sqlite":
            file, filled = filled_sqlite_file()
            shutil.copy(file, self.folder / "lms.sqlite3")
        else:
            assert self._templates is not None
            self.engine.dispose()
            template, filled = self._templates.find()
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


def _fill(engine: Engine) -> dict:
    migrate.upgrade(engine)
    filled = fill(engine)
    with engine.begin() as connection:
        restart_sequences(connection, reflect_tables(connection))  # the rows came with their numbers
    return filled


@functools.cache
def filled_sqlite_file() -> tuple[Path, dict]:
    """A filled database, made once in this process, and what is in it. It is copied, never written to."""
    folder = Path(tempfile.mkdtemp(prefix="lms-filled-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = make_engine(f"sqlite:///{folder / 'lms.sqlite3'}")
    filled = _fill(engine)
    checkpoint_wal(engine)  # everything into the one file that is copied
    engine.dispose()
    return folder / "lms.sqlite3", filled


class FilledTemplates:
    """A filled database of a server, made once. It is copied and never written to."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._stack = ExitStack()
        self._made: tuple[str, dict] | None = None

    def find(self) -> tuple[str, dict]:
        """The URL of the database, and what is in it."""
        if self._made is None:
            url = self._stack.enter_context(new_database(self.server))
            engine = make_engine(url)
            self._made = url, _fill(engine)
            engine.dispose()
        return self._made

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

"""Installations with a data folder of their own, on SQLite or PostgreSQL, for commands of ``lms``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import Engine

from lms.cli import main
from lms.learning.backup.table_rows import read_lines, reflect_tables, restart_sequences
from lms.learning.store import migrate
from lms.learning.store.database import make_engine
from lms.learning.store.tombstones import keep_tombstones
from tests.databases import new_database
from tests.learning.filled_databases import REVISIONS, fill


class Machine:
    """An installation with a data folder of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
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
        migrate.upgrade(self.engine, revision)
        filled = fill(self.engine, revision)
        with self.engine.begin() as connection:
            restart_sequences(connection, reflect_tables(connection))  # the rows came with their numbers
        (self.folder / "secret-key").write_text(filled["secret"].ljust(32))
        (self.folder / "courses" / "vneid").mkdir(parents=True)
        (self.folder / "courses" / "vneid" / "course.md").write_text("# Khóa", "utf-8")
        if upgrade:
            migrate.upgrade(self.engine)
        return filled

    def rows(self) -> dict[str, list[bytes]]:
        return all_rows(self.engine)


def all_rows(engine: Engine) -> dict[str, list[bytes]]:
    with engine.connect() as connection:
        return {table.name: list(read_lines(connection, table)) for table in reflect_tables(connection)}


@contextmanager
def making_machines(folder: Path, postgres_url: Callable[[], str]) -> Iterator[Callable[[str, str], Machine]]:
    """Yield a function that makes an installation of a name on "sqlite" or "postgresql"."""
    with ExitStack() as stack:

        def make(name: str, store: str) -> Machine:
            url = f"sqlite:///{folder / name / 'lms.sqlite3'}"
            if store == "postgresql":
                url = stack.enter_context(new_database(postgres_url()))
            machine = Machine(folder / name, url)
            stack.callback(machine.engine.dispose)
            return machine

        yield make

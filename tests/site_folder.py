"""An installation that holds classes, hands them in and takes them: a laptop, or the city."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import select

from lms.cli import main
from lms.content.catalog import Catalog
from lms.learning.accounts.account_store import add_account
from lms.learning.classroom.lifecycle.command_handler import apply_command
from lms.learning.classroom.lifecycle.opening import open_class_session
from lms.learning.classroom.seats.joining import join_class_session
from lms.learning.classroom.session.commands import Command
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.models import ClassSessionRow
from tests.databases import migrated_sqlite_file

WARD = "27316"


class SiteFolder:
    """An installation with a data folder of its own, and a facilitator."""

    def __init__(self, folder: Path, courses: Path) -> None:
        self.folder, self.courses = folder, courses
        folder.mkdir()
        (folder / "secret-key").write_text("k" * 32)
        shutil.copy(migrated_sqlite_file(), folder)
        self.engine = make_engine(f"sqlite:///{folder / 'lms.sqlite3'}")
        with write_sessions(self.engine).begin() as session:
            self.minh = add_account(
                session, name="Minh", roles={"facilitator"}, ward=WARD, by=None, now=datetime.now(UTC)
            )

    def run(self, *words: object) -> Result:
        env = {"LMS_DATA_DIR": str(self.folder), "LMS_COURSES": str(self.courses), "LMS_DATABASE_URL": ""}
        return CliRunner().invoke(main, ["class", *map(str, words)], env=env)

    def hold_class(self) -> str:
        """A closed class of two; its code."""
        library = Catalog(self.courses, lambda: datetime.now(UTC).date()).library
        with write_sessions(self.engine).begin() as session:
            opened = open_class_session(
                session, account_id=self.minh.id, ward=WARD, lesson=library.lesson("vneid", "ba-loai-ma"),
                now=datetime.now(UTC) - timedelta(hours=1),
            )  # fmt: skip
            for _ in range(2):
                join_class_session(session, learner_id=new_learner_id(), code=opened.code, now=datetime.now(UTC))
            apply_command(
                session, opened.id, account_id=self.minh.id, command=Command(close=True), library=library,
                now=datetime.now(UTC),
            )  # fmt: skip
            return opened.code

    def class_codes(self) -> list[str]:
        with write_sessions(self.engine).begin() as session:
            return list(session.scalars(select(ClassSessionRow.code)))

    def close(self) -> None:
        self.engine.dispose()

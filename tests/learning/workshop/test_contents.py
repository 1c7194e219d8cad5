"""Contents that courses of the workshop have in common, while one course deletes its last use and another saves it.

Each course has a lock of its own, so the two meet at the content alone; on PostgreSQL, with a connection each.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from lms.learning.accounts import account_store
from lms.learning.store.database import write_sessions
from lms.learning.store.models import FileContent
from lms.learning.workshop.courses import create_course
from lms.learning.workshop.draft_deletion import delete_draft_lesson
from lms.learning.workshop.lessons import create_lesson
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import read_latest
from tests.content.course_folders import make_courses
from tests.learning.sample_courses import NOW
from tests.lock_waits import TIMEOUT_SECONDS, run_in_thread, wait_until_blocked

pytestmark = pytest.mark.parametrize("store", ["postgresql"], scope="session")  # SQLite has one lock for all

FIRST, SECOND = "khoa-mot", "khoa-hai"
TEXT = "Chữ mà hai khóa cùng có.\n"


class Desks:
    """The course ``FIRST`` has a draft with ``TEXT``, and nobody else has that text."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.folder, self.sessions = folder, write_sessions(engine)
        with self.sessions() as session:
            self.lan = account_store.add_account(session, name="Lan Anh", roles={"author"}, ward="", by=None, now=NOW)
            for course in (FIRST, SECOND):
                create_course(session, course, ward="", taken=(), by=self.lan, now=NOW)
            self.lesson = create_lesson(session, FIRST, "Bài nháp", by=self.lan, folder=folder, now=NOW)
            self.save(session, FIRST, f"{self.lesson}/hieu.md", parent=1)
            session.commit()

    def save(self, session: Session, course: str, path: str, *, parent: int = 0) -> None:
        save_revision(
            session, course, path, TEXT, parent=parent, why="", by=self.lan, folder=self.folder, now=NOW
        )  # fmt: skip

    def delete(self, session: Session) -> None:
        delete_draft_lesson(session, FIRST, self.lesson, by=self.lan, folder=self.folder, now=NOW)

    def saved_text(self) -> str:
        with self.sessions() as session:
            return read_latest(session, SECOND, "01-bai/hieu.md", folder=self.folder).text


@pytest.fixture
def desks(engine: Engine, tmp_path: Path) -> Desks:
    return Desks(engine, make_courses(tmp_path / "courses"))


def test_a_course_that_deletes_first_takes_nothing_from_one_that_saves_meanwhile(engine, desks):
    with desks.sessions() as deleting:
        desks.delete(deleting)

        def save() -> None:
            with desks.sessions() as saving:
                desks.save(saving, SECOND, "01-bai/hieu.md")
                saving.commit()

        saved = run_in_thread(save)
        wait_until_blocked(engine)
        deleting.commit()
        saved.result(TIMEOUT_SECONDS)
    assert desks.saved_text() == TEXT


def test_a_course_that_saves_first_keeps_what_another_one_deletes_meanwhile(engine, desks):
    with desks.sessions() as saving:
        desks.save(saving, SECOND, "01-bai/hieu.md")

        def delete() -> None:
            with desks.sessions() as deleting:
                desks.delete(deleting)
                deleting.commit()

        deleted = run_in_thread(delete)
        wait_until_blocked(engine)
        saving.commit()
        deleted.result(TIMEOUT_SECONDS)
    assert desks.saved_text() == TEXT


def test_a_content_that_is_deleted_while_another_course_keeps_it_is_kept_again(engine, desks):
    """Its last use goes between two statements of the transaction that saves it."""
    deletions: list[str] = []

    def delete_meanwhile(connection, cursor, statement, parameters, context, executemany) -> None:
        if statement.startswith("INSERT INTO file_contents") and not deletions:
            deletions.append(statement)
            with desks.sessions() as deleting:
                desks.delete(deleting)
                deleting.commit()

    with desks.sessions() as saving:
        event.listen(saving.connection(), "after_cursor_execute", delete_meanwhile)
        desks.save(saving, SECOND, "01-bai/hieu.md")
        saving.commit()
    assert deletions and desks.saved_text() == TEXT


def test_a_content_is_gone_with_its_last_use(engine, desks):
    with desks.sessions() as session:
        desks.save(session, SECOND, "01-bai/hieu.md")
        desks.delete(session)
        session.commit()
        assert session.scalar(select(func.count()).select_from(FileContent)) == 1
    assert desks.saved_text() == TEXT

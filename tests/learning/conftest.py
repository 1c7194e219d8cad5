"""Fixtures: the learners Lan and Hoa, who must see nothing of each other, and the courses of ``sample_courses``."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent, indent

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lms.content.model import Lesson, Library
from lms.learning.badges.keys import load_key_ring
from lms.learning.badges.openbadges import Issuer
from lms.learning.store import migrate
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.models import Learner
from tests.learning import sample_courses
from tests.stored_learner import store_learner

SITE = "https://bdhvs.example"


@pytest.fixture
def empty(database_url: str) -> Iterator[Engine]:
    """A database without tables."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def up_to_date(migrated_database_url: str) -> Iterator[Engine]:
    """A database of its own with the tables of the last revision, for tests of the migration from there."""
    engine = make_engine(migrated_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def add_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that adds a revision after the last one, with the statements of its ``upgrade``, or replaces it."""
    copied = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, copied)
    monkeypatch.setattr(migrate, "MIGRATIONS", copied)

    def add(statements: str, *, revision: str = "0101") -> None:
        before = f"{int(revision) - 1:04}"
        (copied / "versions" / f"rev_{revision}_later.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision, down_revision = {revision!r}, {before!r}\n"
            f"\n\ndef upgrade():\n{indent(dedent(statements), '    ')}\n"
        )

    return add


@pytest.fixture
def committing_session(engine: Engine) -> Iterator[Session]:
    """A session on the test's own database: what it commits is seen by other connections."""
    with write_sessions(engine)() as session:
        yield session


@pytest.fixture
def lan(session: Session) -> Learner:
    return store_learner(session, now=sample_courses.NOW)


@pytest.fixture
def hoa(session: Session) -> Learner:
    return store_learner(session, now=sample_courses.NOW)


@pytest.fixture
def library() -> Library:
    return sample_courses.library()


@pytest.fixture
def lesson(library: Library) -> Lesson:
    return library.lesson("vneid", "kich-hoat")


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return Issuer(SITE, load_key_ring(tmp_path_factory.mktemp("keys")))

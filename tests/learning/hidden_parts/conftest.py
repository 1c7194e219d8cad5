"""A course with two lessons, its workshop, and two people who write and review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lms.learning.accounts.account import Account
from lms.learning.store.database import write_sessions
from tests.content.course_folders import make_courses, make_lesson
from tests.learning.workshop_actions import Workshop


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Its commits are seen by the workers."""
    with write_sessions(engine)() as session:
        yield session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    courses = make_courses(tmp_path / "courses")
    make_lesson(courses / "vneid" / "02-hai", "Bài hai")
    return courses


@pytest.fixture
def workshop(session: Session, folder: Path) -> Workshop:
    return Workshop(session, folder)


@pytest.fixture
def lan(workshop: Workshop) -> Account:
    return workshop.add_account("Lan Anh")


@pytest.fixture
def minh(workshop: Workshop) -> Account:
    return workshop.add_account("Minh Tú")

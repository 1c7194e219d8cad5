"""Courses that a test may edit, their workshop, and two people who write and review."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from lms.learning.accounts.account import Account
from tests.content.course_folders import make_courses
from tests.learning.workshop.workshop_actions import Workshop


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_courses(tmp_path / "courses")


@pytest.fixture
def workshop(committing_session: Session, folder: Path) -> Workshop:
    return Workshop(committing_session, folder)


@pytest.fixture
def lan(workshop: Workshop) -> Account:
    return workshop.add_account("Lan Anh")


@pytest.fixture
def minh(workshop: Workshop) -> Account:
    return workshop.add_account("Minh Tú")

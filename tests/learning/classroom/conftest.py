"""Fixtures: Minh runs the class, Hạnh is a facilitator of the same ward, Tâm of another ward."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from lms.content.model import Library
from tests.learning.classroom.live_class import LiveClass, account


@pytest.fixture
def live_class(session: Session, library: Library) -> LiveClass:
    """An open class of the lesson with all three stages, run by Minh."""
    return LiveClass(session, library, account(session, "Minh"))


@pytest.fixture
def hanh(session: Session) -> str:
    return account(session, "Hạnh")


@pytest.fixture
def tam(session: Session) -> str:
    return account(session, "Tâm", ward="25750")

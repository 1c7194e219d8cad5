"""The cast in the hall: Minh runs the class, Hạnh is his colleague of the same ward, Tâm is of another ward."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from lms.content.model import Library
from tests.learning.classroom.room import Room, account


@pytest.fixture
def room(session: Session, library: Library) -> Room:
    """An open class of the lesson that has everything, run by Minh."""
    return Room(session, library, account(session, "Minh"))


@pytest.fixture
def hanh(session: Session) -> str:
    return account(session, "Hạnh")


@pytest.fixture
def tam(session: Session) -> str:
    return account(session, "Tâm", ward="25750")

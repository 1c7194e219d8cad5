"""The cast of this room: Lan learns, Hoa learns too and must see nothing of it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from lms.content.model import Lesson, Library
from lms.learning.badges.keys import load_keys
from lms.learning.badges.openbadges import Issuer
from lms.learning.learners.learner_store import create_learner
from lms.learning.store.models import Learner
from tests.learning import school

SITE = "https://bdhvs.example"


@pytest.fixture
def lan(session: Session) -> Learner:
    return create_learner(session, now=school.NOW)


@pytest.fixture
def hoa(session: Session) -> Learner:
    return create_learner(session, now=school.NOW)


@pytest.fixture
def library() -> Library:
    return school.library()


@pytest.fixture
def lesson(library: Library) -> Lesson:
    return library.lesson("vneid", "kich-hoat")


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return Issuer(SITE, load_keys(tmp_path_factory.mktemp("keys")))

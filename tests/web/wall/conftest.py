"""Minh's class on a projector, and the real courses, whose texts have to fit the wall."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.content.model import Library
from tests import real_courses
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import QUESTION_LESSON, Desk, open_desk
from tests.web.signed_in_clients import signed_in_client
from tests.web.wall.projector import pair_projector, pairing_code


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in_client(app, "Minh"), QUESTION_LESSON)


@pytest.fixture
def wall(app: Flask, desk: Desk) -> CheckingClient:
    """A projector that shows the class."""
    client = app.test_client()
    client.post("/chieu")
    pair_projector(desk, pairing_code(client))
    return client


@pytest.fixture(scope="module")
def library() -> Library:
    """The real courses."""
    return real_courses.library()

"""Lan's phone in Minh's class, without JavaScript."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.checking_client import CheckingClient
from tests.web.class_phones import join_class
from tests.web.desk_client import QUESTION_LESSON, Desk, class_session_of, open_desk
from tests.web.signed_in_clients import signed_in_client


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in_client(app, "Minh"), QUESTION_LESSON)


@pytest.fixture
def code(app: Flask, desk: Desk) -> str:
    return class_session_of(app, desk).code


@pytest.fixture
def lan(app: Flask, code: str) -> CheckingClient:
    """Lan's phone, at seat number 1."""
    return join_class(app, code)

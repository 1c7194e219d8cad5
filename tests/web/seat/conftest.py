"""Lan's phone in Minh's class, without a script: every page is a form, and the class is never in her way."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.careful import CarefulClient
from tests.web.desks import ASKED, Desk, found, open_desk
from tests.web.duty import signed_in
from tests.web.phones import joined


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in(app, "Minh"), ASKED)


@pytest.fixture
def code(app: Flask, desk: Desk) -> str:
    return found(app, desk).code


@pytest.fixture
def lan(app: Flask, code: str) -> CarefulClient:
    """Lan's phone; she sits at number 1."""
    return joined(app, code)

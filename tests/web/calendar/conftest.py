"""Fixtures of the tests of the calendar."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.checking_client import CheckingClient
from tests.web.signed_in_clients import signed_in_client


@pytest.fixture
def organiser(app: Flask) -> CheckingClient:
    """Thu of Phường An Đông, signed in."""
    return signed_in_client(app, "Thu", {"organiser"})

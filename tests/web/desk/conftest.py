"""Minh, a facilitator, and her desk."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.checking_client import CheckingClient
from tests.web.desk_client import Desk, open_desk
from tests.web.signed_in_clients import signed_in_client


@pytest.fixture
def minh(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Minh")


@pytest.fixture
def desk(minh: CheckingClient) -> Desk:
    return open_desk(minh)

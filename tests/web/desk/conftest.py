"""Minh, who runs a class, and her desk."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.careful import CarefulClient
from tests.web.desks import Desk, open_desk
from tests.web.duty import signed_in


@pytest.fixture
def minh(app: Flask) -> CarefulClient:
    return signed_in(app, "Minh")


@pytest.fixture
def desk(minh: CarefulClient) -> Desk:
    return open_desk(minh)

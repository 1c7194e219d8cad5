"""Signed-in clients of accounts that manage others: an organiser of a ward and an administrator of the city."""

from __future__ import annotations

import pytest

from lms.learning.accounts.permissions import CITY
from tests.web.signed_in_clients import signed_in_client


@pytest.fixture
def thu(app):
    """The organiser of An Đông."""
    return signed_in_client(app, "Thu", {"organiser"})


@pytest.fixture
def root(app):
    """The city's administrator."""
    return signed_in_client(app, "Quản trị", {"administrator"}, CITY)

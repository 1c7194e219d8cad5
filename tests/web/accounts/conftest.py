"""Who looks after people: one of a ward, one of the city."""

from __future__ import annotations

import pytest

from lms.learning.accounts.permissions import CITY
from tests.web.duty import signed_in


@pytest.fixture
def thu(app):
    """The organiser of An Đông."""
    return signed_in(app, "Thu", {"organiser"})


@pytest.fixture
def root(app):
    """The city's administrator."""
    return signed_in(app, "Quản trị", {"administrator"}, CITY)

"""The practice with every kind of screen, and two phones without a script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.web.every_screen import write_every_screen
from tests.web.nojs_phone import NoJsPhone


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_every_screen


@pytest.fixture
def lan(app: Flask) -> NoJsPhone:
    return NoJsPhone(app)


@pytest.fixture
def hoa(app: Flask) -> NoJsPhone:
    """Her phone shows nothing of Lan."""
    return NoJsPhone(app)

"""The practice that has every kind of screen, and two phones without a script."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.web.every_screen import write_every_screen
from tests.web.plain_phone import PlainPhone


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return write_every_screen(tmp_path / "courses")


@pytest.fixture
def lan(app: Flask) -> PlainPhone:
    return PlainPhone(app)


@pytest.fixture
def hoa(app: Flask) -> PlainPhone:
    """Her phone shows nothing of Lan."""
    return PlainPhone(app)

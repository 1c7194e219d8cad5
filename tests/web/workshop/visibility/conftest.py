"""A course of two lessons, and a worker that serves what is published of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from lms.content.catalog import Catalog
from lms.live.publication_updates import PublicationWatcher
from tests.translated_lesson import write_translated_course
from tests.web.workshop.visibility.computer_course import FILE, LESSON, TEXT


@pytest.fixture
def app(courses: Path, app: Flask) -> Flask:
    """With a course of two lessons, the first of them translated."""
    write_translated_course(courses / "may")
    (courses / "may" / LESSON).mkdir()
    (courses / "may" / FILE).write_text(TEXT, "utf-8")
    app.extensions["catalog"].reload()
    return app


@pytest.fixture
def reload(app: Flask, catalog: Catalog, engine: Engine, courses: Path, tmp_path: Path) -> Callable[[], object]:
    """Serves what was published, as a worker does twice a second."""
    updates = PublicationWatcher(engine, courses, tmp_path / "published", reload=lambda: None)
    catalog.find_folder = updates.find_folder
    return catalog.reload

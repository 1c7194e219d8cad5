"""``lms user forget`` on the store of a test's application."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from flask import Flask

from lms.cli import main
from tests.web.sample_course import write_courses
from tests.web.signed_in_clients import engine_of


def forget(app: Flask, folder: Path, login: str = "nguyenvanminh") -> None:
    settings = app.extensions["settings"]
    env = {
        "LMS_DATA_DIR": str(folder),
        "LMS_COURSES": str(write_courses(folder / "given")),
        "LMS_DATABASE_URL": engine_of(app).url.render_as_string(hide_password=False),
        "LMS_SECRET_KEY": settings.secret_key,
    }
    done = CliRunner().invoke(main, ["user", "forget", login, "--yes"], env=env)
    assert done.exit_code == 0, done.output

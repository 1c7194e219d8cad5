"""The composition root of the web: settings, courses and a database in, a Flask application out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from lms.assets import load_assets
from lms.config import Settings
from lms.web import clock, database, errors, security

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from lms.content.shelf import Shelf
    from lms.learning.writer import Writer


def create_app(settings: Settings, *, shelf: Shelf, writer: Writer | None = None, engine: Engine | None = None) -> Flask:
    """Build the site. Without ``writer`` answers are kept by the request itself; without ``engine`` one is made."""
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=256 * 1024)
    app.extensions["shelf"] = shelf
    app.extensions["writer"] = writer
    app.extensions["settings"] = settings
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["static"] = load_assets().url
    app.jinja_env.filters["vietnamese"] = clock.vietnamese

    security.install(app, settings)
    db = database.install(app, engine or _engine(settings))
    errors.install(app, db.session.rollback)
    return app


def _engine(settings: Settings) -> Engine:
    from lms.learning.database import make_engine

    return make_engine(settings.database_url)

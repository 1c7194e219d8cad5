"""The request's database session, and the one place that commits it."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lms.learning.learners.versions import Versions
from lms.learning.store.database import only_read

READING_METHODS = ("GET", "HEAD", "OPTIONS")


class RequestDatabase(SQLAlchemy):
    """Flask-SQLAlchemy's scoped session over the plain models of ``lms.learning``, on the engine of the writer."""

    def __init__(self, engine: Engine) -> None:
        self._given = engine
        super().__init__(session_options={"expire_on_commit": False})

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        return self._given


def install(app: Flask, engine: Engine) -> None:
    """A returned response commits; a raised one has been rolled back by ``errors`` before it gets here."""
    app.config["SQLALCHEMY_DATABASE_URI"] = engine.url
    app.extensions["versions"] = Versions(engine)
    db = RequestDatabase(engine)
    db.init_app(app)

    @app.after_request
    def commit(response: Response) -> Response:
        if db.session.registry.has():
            db.session.commit()
        return response


def session() -> Session:
    """The request's session. A page that is only looked at waits for no writer."""
    scoped = current_app.extensions["sqlalchemy"].session
    if scoped.registry.has():
        return scoped()
    fresh = scoped()
    if request.method in READING_METHODS:
        only_read(fresh)
    return fresh


def rollback() -> None:
    """Undo what the request had begun to keep."""
    current_app.extensions["sqlalchemy"].session.rollback()

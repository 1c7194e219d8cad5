"""The request's database session, which is committed after the response is made."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lms.learning.calendar.calendar_state_reader import CalendarStateReader
from lms.learning.learners.version_reader import LearnerVersionReader
from lms.learning.movement_statistics.figure_releases import ReleaseDayReader
from lms.learning.store.database import set_read_only

READ_ONLY_METHODS = ("GET", "HEAD", "OPTIONS")


class RequestDatabase(SQLAlchemy):
    """Flask-SQLAlchemy's scoped session over the plain models of ``lms.learning``, on the engine of the writer."""

    def __init__(self, engine: Engine) -> None:
        self._writer_engine = engine
        super().__init__(session_options={"expire_on_commit": False})

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        return self._writer_engine


def init_app(app: Flask, engine: Engine) -> None:
    """Commit after each response; errors have been rolled back by the error handlers before."""
    app.config["SQLALCHEMY_DATABASE_URI"] = engine.url
    app.extensions["learner_versions"] = LearnerVersionReader(engine)
    app.extensions["calendar_states"] = CalendarStateReader(engine)
    app.extensions["release_days"] = ReleaseDayReader(engine)
    db = RequestDatabase(engine)
    db.init_app(app)

    @app.after_request
    def commit(response: Response) -> Response:
        if db.session.registry.has():
            db.session.commit()
        return response


def session() -> Session:
    """The request's session; read-only for GET, so that pages do not wait for SQLite's write lock."""
    scoped = current_app.extensions["sqlalchemy"].session
    if scoped.registry.has():
        return scoped()
    new_session = scoped()
    if request.method in READ_ONLY_METHODS:
        set_read_only(new_session)
    return new_session


def use_read_only_session() -> None:
    """Make the session of a POST that stores nothing read-only, so that nobody waits for it. Nothing was read yet."""
    set_read_only(session())


def rollback() -> None:
    """Roll back the request's session."""
    current_app.extensions["sqlalchemy"].session.rollback()


def rollback_for_refused_page() -> None:
    """Roll back the session of a POST and make it read-only: its page may take long to make, and others write."""
    rollback()
    use_read_only_session()

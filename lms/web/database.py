"""The request's database session, and the one place that commits it."""

from __future__ import annotations

from flask import Flask, Response
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine


class RequestDatabase(SQLAlchemy):
    """Flask-SQLAlchemy's scoped session over the plain models of ``lms.learning``, on the engine that the writer uses too."""

    def __init__(self, engine: Engine) -> None:
        self._given = engine
        super().__init__(session_options={"expire_on_commit": False})

    def _make_engine(self, bind_key: str | None, options: dict, app: Flask) -> Engine:
        return self._given


def install(app: Flask, engine: Engine) -> RequestDatabase:
    """A returned response commits; a raised one has been rolled back by ``errors`` before it gets here."""
    app.config["SQLALCHEMY_DATABASE_URI"] = engine.url
    db = RequestDatabase(engine)
    db.init_app(app)

    @app.after_request
    def commit(response: Response) -> Response:
        if db.session.registry.has():
            db.session.commit()
        return response

    return db

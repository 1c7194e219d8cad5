"""Accounts of people with duties: signing in and out, the own account, and who manages whom."""

from __future__ import annotations

from flask import Blueprint, Flask

from lms.config import Settings
from lms.web.accounts import signed_in

bp = Blueprint("accounts", __name__)

from lms.web.accounts import enter, journal, own, people, printing, words  # noqa: E402  (they hang on bp)

__all__ = ["bp", "enter", "install", "journal", "own", "people", "printing"]


def install(app: Flask, settings: Settings) -> None:
    signed_in.install(app, settings)
    app.jinja_env.filters["roles_in_words"] = words.roles_in_words
    app.jinja_env.filters["moment_in_words"] = words.moment_in_words
    app.jinja_env.filters["entry_in_words"] = words.entry_in_words
    app.jinja_env.globals["place_name"] = words.place_name

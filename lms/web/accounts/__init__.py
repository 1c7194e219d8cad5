"""Accounts of people with duties: signing in and out, the own account, and who manages whom."""

from __future__ import annotations

from flask import Flask

from lms.config import Settings
from lms.web.accounts import audit_log, labels, my_account, people, sign_in, signed_in, slip_sheets
from lms.web.accounts.blueprint import bp

__all__ = ["bp", "install"]

# Importing a module registers its routes on ``bp``.
_ROUTE_MODULES = (audit_log, my_account, people, sign_in, slip_sheets)


def install(app: Flask, settings: Settings) -> None:
    signed_in.install(app, settings)
    app.jinja_env.filters["roles_in_words"] = labels.roles_in_words
    app.jinja_env.filters["moment_in_words"] = labels.moment_in_words
    app.jinja_env.filters["entry_in_words"] = labels.entry_in_words
    app.jinja_env.globals["place_name"] = labels.place_name

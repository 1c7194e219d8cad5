"""Pages of staff accounts: signing in and out, one's own account, and managing others."""

from __future__ import annotations

from flask import Flask

from lms.config import Settings
from lms.web.accounts import (
    account_units,
    audit_log,
    device_handoffs,
    my_account,
    people,
    server_page,
    sign_in,
    sign_out,
    signed_in,
    slip_sheets,
)
from lms.web.accounts.blueprint import bp
from lms.web.ward_words import roles_in_words, ward_label

__all__ = ["bp", "init_app"]

# Imported because a route module registers its routes on ``bp``.
_ROUTE_MODULES = (
    account_units,
    audit_log,
    device_handoffs,
    my_account,
    people,
    server_page,
    sign_in,
    sign_out,
    slip_sheets,
)


def init_app(app: Flask, settings: Settings) -> None:
    signed_in.init_app(app, settings)
    app.jinja_env.filters["roles_in_words"] = roles_in_words
    app.jinja_env.globals["ward_label"] = ward_label

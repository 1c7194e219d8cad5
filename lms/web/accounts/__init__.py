"""Accounts of people with duties: signing in and out, the own account, and who manages whom."""

from __future__ import annotations

from flask import Blueprint, Flask

from lms.config import Settings
from lms.web.accounts import signed_in

bp = Blueprint("accounts", __name__)


def install(app: Flask, settings: Settings) -> None:
    signed_in.install(app, settings)

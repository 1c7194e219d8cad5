"""The blueprint of accounts. Route modules register on it; ``lms.web.accounts`` imports them all."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)

"""The blueprint of the workshop. Route modules register on it; ``lms.web.workshop`` imports them all."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("workshop", __name__, url_prefix="/soan")

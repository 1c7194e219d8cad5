"""The blueprint of practices. Route modules register on it; ``lms.web.practice`` imports them all."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("practice", __name__)

"""The blueprint of the live class. Route modules register on it; ``lms.web.classroom`` imports them all."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("classroom", __name__)

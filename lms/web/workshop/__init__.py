"""The workshop (/soan): what whoever writes courses or looks after them sees of the practices."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("workshop", __name__, url_prefix="/soan")

from lms.web.workshop import graph, hesitation, shelves  # noqa: E402, F401  (they hang their routes on ``bp``)

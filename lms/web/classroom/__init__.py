"""The live class on the web: the volunteer's desk and her helpers, the wall, the learners' seats."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("classroom", __name__)

from lms.web.classroom import desk, helpers, openings, seat, wall  # noqa: E402, F401  (they hang their routes on ``bp``)

"""The live class on the web: the volunteer's desk and her helpers, the wall, the learners' seats."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("classroom", __name__)

# They hang their routes on ``bp``.
from lms.web.classroom import desk, helpers, looking_back, openings, report, seat, trying, wall, wifi, witness  # noqa: E402, F401

"""The live class on the web: the volunteer's desk and her helpers, the wall, the learners' seats."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("classroom", __name__)

# They hang their routes on ``bp``.
from lms.web.classroom import (  # noqa: E402, F401
    claims,
    desk,
    helpers,
    invitations,
    looking_back,
    meanwhile,
    openings,
    reopening,
    report,
    seat,
    trying,
    wall,
    wifi,
    witness,
)

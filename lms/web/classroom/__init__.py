"""The live class on the web: the volunteer's desk and her helpers, the wall, the learners' seats."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("classroom", __name__)

"""The practice on the web: its introduction, its screens, its steps without a script, its end and its colours."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("practice", __name__)

from lms.web.practice import colours, replay, routes  # noqa: E402, F401  (they hang their routes on ``bp``)

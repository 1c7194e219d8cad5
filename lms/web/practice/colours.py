"""How a course's simulated app looks, as a stylesheet: the policy of our pages allows no style inside them.

The two colours are the course's own. Its shape is drawn from its address, so that two apps do not look like one.
Where its pictures can be tapped is said there, too.
"""

from __future__ import annotations

import hashlib

from flask import Response, request

from lms.content.model import Course
from lms.web.practice.blueprint import bp
from lms.web.practice.hotspots import area_rules
from lms.web.request_context import course_named

# Our own slate, for a course that names no colour.
USUAL = ("#2f4f5f", "#2f4f5f")
# Corners of buttons and of fields, and the bar: its ground, its words, its corners.
SHAPES = (
    "--app-round: 30px; --app-field: 10px; --app-bar: var(--app); --app-bar-ink: #fff; --app-bar-round: 0",
    "--app-round: 14px; --app-field: 14px; --app-bar: var(--app); --app-bar-ink: #fff; --app-bar-round: 0 0 20px 20px",
    "--app-round: 8px; --app-field: 6px; --app-bar: #fff; --app-bar-ink: var(--app); --app-bar-round: 0",
)
WASH = 0.88  # how far towards white the ground of a message goes


@bp.get("/<course>/mau.css")
def colours(course: str) -> Response:
    response = Response(stylesheet(course_named(course)), mimetype="text/css")
    response.set_etag(colours_version(course_named(course)))
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
    return response.make_conditional(request)


def colours_address(course: Course) -> str:
    """The address carries the version, so that a phone asks once."""
    return f"/{course.slug}/mau.css?v={colours_version(course)}"


def colours_version(course: Course) -> str:
    return hashlib.sha256(stylesheet(course).encode()).hexdigest()[:8]


def stylesheet(course: Course) -> str:
    """The checker has seen to it that white can be read on both colours."""
    first, second = (*course.colours, *course.colours, *USUAL)[:2]
    shape = SHAPES[sum(course.slug.encode()) % len(SHAPES)]
    colours = f".phone {{ --app: {first}; --app-second: {second}; --app-wash: {_washed(first)}; {shape}; }}\n"
    return colours + area_rules(course)


def _washed(colour: str) -> str:
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * WASH):02x}" for part in parts)

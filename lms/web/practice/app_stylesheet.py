"""The stylesheet of a course's simulated app; our content security policy forbids inline styles.

The two colours are the course's. The shape depends on its slug, so that two apps look different. The stylesheet also
positions the hotspots on pictures: a button inside an SVG has no height in Chromium of 2020.
"""

from __future__ import annotations

import hashlib

from flask import Response, request
from flask.typing import ResponseReturnValue

from lms.content.model import Course
from lms.lru_cache import LruCache
from lms.web.practice.blueprint import bp
from lms.web.request_context import course_or_404

DEFAULT_COLOURS = ("#2f4f5f", "#2f4f5f")  # for a course without colours
# Corners of buttons and fields; background, text and corners of the bar.
SHAPES = (
    "--app-round: 30px; --app-field: 10px; --app-bar: var(--app); --app-bar-ink: #fff; --app-bar-round: 0",
    "--app-round: 14px; --app-field: 14px; --app-bar: var(--app); --app-bar-ink: #fff; --app-bar-round: 0 0 20px 20px",
    "--app-round: 8px; --app-field: 6px; --app-bar: #fff; --app-bar-ink: var(--app); --app-bar-round: 0",
)
TINT_TOWARDS_WHITE = 0.88  # of a message's background, 0.0 to 1.0
Rectangle = tuple[float, float, float, float]  # x, y, width, height in percent of the picture
# By id(course), since hashing a course means reading all of it. The value holds the course, so that its id is not
# reused.
_versions: LruCache[int, tuple[Course, str]] = LruCache(64)


@bp.get("/<course_slug>/mau.css")
def show_stylesheet(course_slug: str) -> ResponseReturnValue:
    response = Response(stylesheet(course_or_404(course_slug)), mimetype="text/css")
    response.set_etag(stylesheet_version(course_or_404(course_slug)))
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
    return response.make_conditional(request)


def stylesheet_url(course: Course) -> str:
    """The URL with the stylesheet's version, so that browsers cache it for good."""
    return f"/{course.slug}/mau.css?v={stylesheet_version(course)}"


def stylesheet_version(course: Course) -> str:
    cached = _versions.get(id(course))
    if cached is None or cached[0] is not course:
        cached = course, hashlib.sha256(stylesheet(course).encode()).hexdigest()[:8]
        _versions.put(id(course), cached)
    return cached[1]


def stylesheet(course: Course) -> str:
    """The CSS. ``lms check`` makes sure that white text is readable on both colours."""
    first, second = (*course.colours, *course.colours, *DEFAULT_COLOURS)[:2]
    shape = SHAPES[sum(course.slug.encode()) % len(SHAPES)]
    colours = f".phone {{ --app: {first}; --app-second: {second}; --app-wash: {_tint(first)}; {shape}; }}\n"
    return colours + hotspot_rules(course)


def _tint(colour: str) -> str:
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * TINT_TOWARDS_WHITE):02x}" for part in parts)


def hotspot_class(area: Rectangle) -> str:
    """The CSS class that positions a hotspot: ``at-10-60-80-12_5``."""
    return "at-" + "-".join(f"{number:.6g}".replace(".", "_") for number in area)


def hotspot_rules(course: Course) -> str:
    """One rule for each hotspot of the course's practices."""
    practices = (practice for lesson in course.lessons for practice in lesson.practices)
    widgets = (widget for practice in practices for screen in practice.screens for widget in screen.widgets)
    return "".join(map(_hotspot_rule, sorted({widget.area for widget in widgets if widget.area})))


def _hotspot_rule(area: Rectangle) -> str:
    sides = zip(("left", "top", "width", "height"), area, strict=True)
    return f".{hotspot_class(area)} {{ {'; '.join(f'{side}: {number:.6g}%' for side, number in sides)}; }}\n"

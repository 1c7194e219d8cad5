"""URLs of a lesson's pages, the host name that people type, and QR codes."""

from __future__ import annotations

import segno
from markupsafe import Markup

from lms.content.model import Lesson, Stage
from lms.web.request_context import settings


def stage_url(lesson: Lesson, stage: Stage) -> str:
    return f"/{lesson.course}/{lesson.slug}/{stage}"


def practice_url(lesson: Lesson, practice_name: str) -> str:
    return f"/{lesson.course}/{lesson.slug}/lam" + (f"/{practice_name}" if practice_name else "")


def site_host() -> str:
    """The host name that people type, from the settings and never from the request's headers."""
    return settings().public_url.partition("://")[2]


def qr_svg(text: str) -> Markup:
    """A QR code as inline SVG; the stylesheet colours it."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=0, omitsize=True, svgclass="qr__square", lineclass="qr__ink")
    return Markup(drawn)  # noqa: S704  (segno draws modules; the text itself is not in it)

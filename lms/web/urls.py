"""URLs of a lesson's pages, the host name that people type, and QR codes."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from lms.assets import load_assets
from lms.content.links import COURSE_PICTURE, find_picture
from lms.content.model import Course, Lesson, Stage
from lms.lru_cache import LruCache
from lms.web.request_context import settings

_squares: LruCache[str, Markup] = LruCache(500)  # of about 2 KB each


def stage_url(lesson: Lesson, stage: Stage) -> str:
    return f"/{lesson.course}/{lesson.slug}/{stage}"


def practice_url(lesson: Lesson, practice_name: str) -> str:
    return f"/{lesson.course}/{lesson.slug}/lam" + (f"/{practice_name}" if practice_name else "")


def mismatch_report_url(lesson: Lesson, practice_name: str) -> str:
    """Where a learner reports a screen of a practice without an attempt at it."""
    return f"/{lesson.course}/{lesson.slug}/may-khac" + (f"/{practice_name}" if practice_name else "")


def preview_picture_url(course: Course | None) -> str:
    """The absolute URL of the picture that messengers show beside a shared address: the course's, else the site's."""
    if course is not None and find_picture(Path(course.folder), COURSE_PICTURE):
        return f"{settings().public_url}/{course.slug}/images/{COURSE_PICTURE}"
    return f"{settings().public_url}{load_assets().url('pictures/preview.png')}"


def site_host() -> str:
    """The host name that people type, from the settings and never from the request's headers."""
    return settings().public_url.partition("://")[2]


def qr_svg(text: str, *, mask: int | None = None) -> Markup:
    """A QR code as inline SVG; the stylesheet colours it. Cached: a desk and its walls show the same ones for hours.

    ``mask``: None looks for the one of QR's eight that is easiest to read from afar, for three quarters of the time.
    """
    square = _squares.get(text)
    if square is None:
        import segno  # at the first square that is drawn, not at the start

        drawn = segno.make(text, error="m", micro=False, mask=mask).svg_inline(
            border=0, omitsize=True, svgclass="qr__square", lineclass="qr__ink"
        )
        square = Markup(drawn)  # noqa: S704  (segno draws modules; the text itself is not in it)
        _squares.put(text, square)
    return square

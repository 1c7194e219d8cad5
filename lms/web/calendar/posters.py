"""The poster of a planned class, and which classes have one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import get_template_attribute
from markupsafe import Markup

from lms.learning.calendar.planned_classes import PlannedClass
from lms.web.calendar.planned_class_view import PlannedClassView, planned_class_view
from lms.web.language import in_vietnamese, lang_attribute
from lms.web.request_context import settings
from lms.web.urls import qr_svg, site_host

POSTER_DAYS = timedelta(days=14)


class Poster(NamedTuple):
    """``qr``: a drawing that opens the class's page. ``typed_address``: one that is short enough to be typed."""

    planned: PlannedClassView
    qr: Markup
    typed_address: str


def make_poster(planned: PlannedClassView) -> Poster:
    """What the poster of this class shows."""
    # The class's own address has 16 characters to mistype.
    return Poster(planned, qr_svg(f"{settings().public_url}{planned.url}"), site_host() + (planned.ward_url or "/lich"))


def printed_posters(listed: Iterable[PlannedClass], *, now: datetime) -> list[Markup]:
    """The posters of these classes as they hang on doors: in Vietnamese, whatever the language of the page."""
    lang = lang_attribute(None)
    with in_vietnamese():
        poster = get_template_attribute("calendar/poster.html", "poster")
        made = [make_poster(planned_class_view(each, now=now)) for each in listed]
        return [poster(*each, alone=False, lang=lang) for each in made]


def is_announced(planned: PlannedClass, now: datetime) -> bool:
    """Whether a poster of this class would invite people now: it begins within the next ``POSTER_DAYS``."""
    is_near = now <= planned.starts_at < now + POSTER_DAYS
    return is_near and not (planned.is_cancelled or planned.is_held or planned.is_done)

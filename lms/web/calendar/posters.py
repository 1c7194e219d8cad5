"""The poster of a planned class, and which classes have one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup

from lms.learning.calendar.planned_classes import PlannedClass
from lms.web.calendar.planned_class_view import PlannedClassView
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


def is_announced(planned: PlannedClass, now: datetime) -> bool:
    """Whether a poster of this class would invite people now: it begins within the next ``POSTER_DAYS``."""
    is_near = now <= planned.starts_at < now + POSTER_DAYS
    return is_near and not (planned.is_cancelled or planned.is_held or planned.is_done)

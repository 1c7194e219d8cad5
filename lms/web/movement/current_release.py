"""The latest release of figures, read once for each day."""

from __future__ import annotations

from flask import current_app

from lms.learning.figures.releases import Release, find_release, latest_release_day
from lms.web.database import session


def current_release() -> Release | None:
    """What everybody may read now; None before the first release."""
    day = latest_release_day(session())
    cached: Release | None = current_app.extensions.get("figure_release")
    if cached is None or cached.released_on != day:
        cached = current_app.extensions["figure_release"] = find_release(session())
    return cached

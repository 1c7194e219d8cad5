"""The latest release of figures, read once for each day."""

from __future__ import annotations

from flask import current_app

from lms.learning.movement_statistics.figure_releases import Release, ReleaseDayReader, find_release
from lms.web import clock
from lms.web.database import session


def current_release() -> Release | None:
    """What everybody may read now; None before the first release."""
    cached: Release | None = current_app.extensions.get("figure_release")
    if cached is not None and cached.released_on == clock.today():
        return cached  # there is no second one today
    days: ReleaseDayReader = current_app.extensions["release_days"]
    day = days.get()
    if day is not None and (cached is None or cached.released_on != day):
        cached = find_release(session())
        current_app.extensions["figure_release"] = cached
    return cached

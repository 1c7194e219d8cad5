"""The latest release of figures, read once for each day."""

from __future__ import annotations

from flask import current_app

from lms.learning.movement_statistics.figure_releases import Release, ReleaseDayReader, find_release
from lms.learning.wards import latest_change
from lms.web import clock
from lms.web.database import session


def current_release() -> Release | None:
    """What everybody may read now; None before the first release."""
    changes = latest_change()  # a ward that is merged takes its published numbers with it
    kept_at, cached = current_app.extensions.get("figure_release", (changes, None))
    if kept_at != changes:
        cached = None
    if cached is not None and cached.released_on == clock.today():
        return cached  # there is no second one today
    days: ReleaseDayReader = current_app.extensions["release_days"]
    day = days.get()
    if day is not None and (cached is None or cached.released_on != day):
        cached = find_release(session())
        current_app.extensions["figure_release"] = changes, cached
    return cached

"""Let pages know which wards were merged or renamed, by a command beside the running site."""

from __future__ import annotations

import logging

from flask import Flask
from sqlalchemy import Engine

from lms.learning.store.ward_changes import WardChangesReader

log = logging.getLogger(__name__)


def init_app(app: Flask, engine: Engine) -> None:
    """Look for changes before a request, at most once a second."""
    reader = WardChangesReader(engine)

    @app.before_request
    def refresh() -> None:
        try:
            reader.refresh()
        except Exception:  # many pages need no database, and the others show the outage
            log.warning("cannot read the changes of wards; those of before stay", exc_info=True)

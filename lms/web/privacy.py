"""/quyen-rieng-tu: the privacy notice for learners, one page that is the same for everybody.

Its sentences are true of the tables: tests/web/test_privacy.py compares them with learning/personal_data/inventory.py.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from lms.web import page_cache
from lms.web.request_context import settings

bp = Blueprint("privacy", __name__)


@bp.get("/quyen-rieng-tu")
def show_privacy_notice() -> Response:
    page = page_cache.shared_page(("privacy",), _render)
    return page_cache.respond(page, lambda _learner_id: {})


def _render() -> str:
    return render_template("privacy.html", class_days=settings().class_days, contact=settings().contact)

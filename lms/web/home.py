"""The first page: for whoever comes the first time, and for whoever comes back."""

from __future__ import annotations

from flask import Blueprint, Response, get_template_attribute, render_template

from lms.content.model import Library
from lms.learning.progress import learner_progress
from lms.web import page_cache
from lms.web.current_learner import current_pass
from lms.web.database import session
from lms.web.next_steps import claiming, resuming
from lms.web.request_context import library

bp = Blueprint("home", __name__)


@bp.get("/")
def home() -> Response:
    courses = library()
    page = page_cache.shared_page(("home",), lambda: _render(courses))
    shared = len(current_pass().learner_ids) > 1
    return page_cache.answer(
        page, lambda learner_id: _slots(courses, learner_id, shared), beside=f"shared {shared}", also_new=shared
    )


def _render(courses: Library) -> str:
    """For whoever comes the first time."""
    return render_template(
        "home.html", library=courses, courses=learner_progress.home(session(), None, courses).courses
    )


def _slots(courses: Library, learner_id: str, shared: bool) -> dict[str, str]:
    found = learner_progress.home(session(), learner_id, courses)
    hello, first_card, ways, course_rows = (
        get_template_attribute("macros/welcome.html", name) for name in ("hello", "first_card", "ways", "course_rows")
    )
    badge, resume = found.ahead.badge, found.ahead.resume
    return {
        "hello": hello(found.name),
        "first-card": first_card(
            courses,
            badge,
            claiming(badge) if badge else None,
            resume,
            resuming(resume) if resume else None,
            all_done=any(one.badge_id for one in found.courses),
        ),
        "ways": ways(found.name, shared, found.known),
        "courses": course_rows(found.courses),
    }

"""The first page: for whoever comes the first time, and for whoever comes back."""

from __future__ import annotations

from flask import Blueprint, Response, get_template_attribute, render_template

from lms.content.model import Library
from lms.learning import progress
from lms.web import pages
from lms.web.access import library
from lms.web.database import session
from lms.web.learner import current_pass
from lms.web.next_steps import claiming, resuming

bp = Blueprint("home", __name__)


@bp.get("/")
def home() -> Response:
    courses = library()
    page = pages.shared_page(("home",), lambda: _render(courses))
    shared = len(current_pass().learner_ids) > 1
    return pages.answer(
        page, lambda learner_id: _slots(courses, learner_id, shared), beside=f"shared {shared}", also_new=shared
    )


def _render(courses: Library) -> str:
    """For whoever comes the first time."""
    return render_template("home.html", library=courses, courses=progress.home(session(), None, courses).courses)


def _slots(courses: Library, learner_id: str, shared: bool) -> dict[str, str]:
    found = progress.home(session(), learner_id, courses)
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

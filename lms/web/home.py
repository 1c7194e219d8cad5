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
    page = pages.shared_page(("home",), lambda: render_template("home.html", library=courses))
    shared = len(current_pass().learner_ids) > 1
    return pages.answer(
        page, lambda learner_id: _slots(courses, learner_id, shared), beside=f"shared {shared}", also_new=shared
    )


def _slots(courses: Library, learner_id: str, shared: bool) -> dict[str, str]:
    found = progress.home(session(), learner_id, courses)
    hello = get_template_attribute("macros/welcome.html", "hello")
    first_card = get_template_attribute("macros/welcome.html", "first_card")
    second_card = get_template_attribute("macros/welcome.html", "second_card")
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
        "second-card": second_card(found.name, shared, known=True),
    } | {f"course-{one.course.slug}": _how_far(one) for one in found.courses}


def _how_far(one: progress.CourseProgress) -> str:
    return get_template_attribute("macros/welcome.html", "how_far")(one)

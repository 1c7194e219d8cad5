"""The home page, for newcomers and for learners who return."""

from __future__ import annotations

from flask import Blueprint, Response, get_template_attribute, render_template, request

from lms.content.model import Library
from lms.http.learner_cookie import learner_key
from lms.learning.calendar.reservations import find_next_reservation
from lms.learning.learners import learner_store
from lms.learning.progress import learner_progress
from lms.web import clock, page_cache
from lms.web.current_learner import current_learner, current_learner_cookie
from lms.web.database import session
from lms.web.lesson_language import course_library_in_page_language, lessons_by_language
from lms.web.next_steps import claim_badge_link, home_resume_link
from lms.web.request_context import library
from lms.web.spaced_review import count_cards_left

bp = Blueprint("home", __name__)

RESUMED = "da-nhan"  # in the address after a learning code was typed, for the sentence that it was right


@bp.get("/")
def show_home() -> Response:
    catalog = course_library_in_page_language(library())
    page = page_cache.shared_page(("home",), lambda: _render_anonymous(catalog))
    is_shared = len(current_learner_cookie().learner_ids) > 1
    earlier = _earlier_learner() if is_shared else None
    has_resumed = RESUMED in request.args
    return page_cache.respond(
        page,
        lambda learner_id: _personal_fragments(catalog, learner_id, is_shared, earlier, has_resumed=has_resumed),
        # Each day has its own review.
        cache_key=lambda: f"shared {is_shared} {earlier} {has_resumed} {clock.today()}",
        for_new_learners=is_shared,
    )


def _render_anonymous(catalog: Library) -> str:
    courses = learner_progress.home_of_learner(session(), None, catalog).courses
    translated = lessons_by_language(catalog)
    return render_template("home.html", library=catalog, courses=courses, translated=translated)


def _earlier_learner() -> str | None:
    """The name, or "", of who used this phone before somebody new; None if the current learner is not new."""
    if current_learner() is not None:
        return None
    names = learner_store.learner_names(session(), current_learner_cookie().learner_ids[1:])
    return (names[0][1] or "") if names else None


def _personal_fragments(
    catalog: Library, learner_id: str, is_shared: bool, earlier: str | None, *, has_resumed: bool
) -> dict[str, str]:
    home = learner_progress.home_of_learner(session(), learner_id, catalog)
    greeting, handed_over_note, code_accepted_note, first_card, other_links, course_list = (
        get_template_attribute("macros/home.html", name)
        for name in ("greeting", "handed_over_note", "code_accepted_note", "first_card", "other_links", "course_list")
    )
    arrival_note = ""
    if earlier is not None:
        arrival_note = handed_over_note(earlier)
    elif has_resumed and home.is_known:
        arrival_note = code_accepted_note()
    badge, resume = home.next_activity.badge, home.next_activity.resume
    return {
        "learner": learner_key(learner_id) if home.is_known else "",
        "greeting": greeting(home.name),
        "first-card": first_card(
            catalog,
            badge,
            claim_badge_link(badge) if badge else None,
            resume,
            home_resume_link(resume) if resume else None,
            all_done=any(progress.badge_id for progress in home.courses),
            known=home.is_known,
        ),
        "other-links": other_links(
            home.name,
            is_shared,
            home.is_known,
            count_cards_left(learner_id, home.courses),
            find_next_reservation(session(), learner_id, now=clock.now()),
        ),
        "handed-over": arrival_note,
        "courses": course_list(home.courses),
    }

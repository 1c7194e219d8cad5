"""The settings, the catalog and the courses that belong to the current request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.content.model import Course, Lesson, Library
from lms.http.errors import CourseUnavailable
from lms.learning.store.learning_code_key import find_code_key
from lms.web.database import session

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.content.catalog import Catalog
    from lms.content.problems import Problem
    from lms.hall_address import HallAddress
    from lms.learning.badges.openbadges import Issuer
    from lms.learning.classroom.access.projector_presence import ProjectorPresence


def find_cookie(name: str) -> str | None:
    """The cookie of this name; the others are not parsed for a request that has none, as nearly all of learners."""
    return request.cookies.get(name) if name in request.environ.get("HTTP_COOKIE", "") else None


def settings() -> Settings:
    return current_app.extensions["settings"]


def hall_address() -> HallAddress | None:
    """Of a hall's laptop; None where the address never changes."""
    return current_app.extensions["hall_address"]


def projector_presence() -> ProjectorPresence:
    return current_app.extensions["projector_presence"]


def issuer() -> Issuer:
    return current_app.extensions["issuer"]


def code_key() -> str:
    """The key of learning codes."""
    extensions = current_app.extensions
    if extensions["code_key"] is None:  # the database was away when the site started
        extensions["code_key"] = find_code_key(session().connection(), settings().secret_keys)
    return extensions["code_key"]


def catalog() -> Catalog:
    return current_app.extensions["catalog"]


# Their pages show an author what is still being written. Nothing that is sent to them is kept.
_PREVIEW_BLUEPRINTS = frozenset({"courses", "understand", "practice", "use", "workshop"})
_PREVIEW_ENDPOINTS = frozenset({"classroom.show_lesson_preview"})


def library() -> Library:
    """The courses as they were when the request first asked, so that no page mixes two versions.

    With ``lms serve --watch``, on a page of a draft: with the drafts of its course.
    """
    try:
        return g.library
    except AttributeError:
        g.files_digest = catalog().files_digest if catalog().authoring else ""  # first: rather too old than too new
        published = catalog().library
        preview = _find_preview(published)
        g.is_preview = preview is not None
        g.library = current = preview or published
        return current


def is_preview() -> bool:
    """Whether the request is for a page of a draft, which only its author sees."""
    library()
    return g.is_preview


def _find_preview(published: Library) -> Library | None:
    if not catalog().authoring:
        return None
    slugs = request.view_args or {}
    course, lesson = slugs.get("course_slug", ""), slugs.get("lesson_slug")
    is_shown = request.blueprint in _PREVIEW_BLUEPRINTS or request.endpoint in _PREVIEW_ENDPOINTS
    if not course or not is_shown or request.method not in ("GET", "HEAD"):
        return None
    is_published = published.course(course) if lesson is None else published.lesson_or_merged_into(course, lesson)
    preview = None if is_published else catalog().preview(course)
    return preview if preview and (lesson is None or preview.lesson(course, lesson)) else None


def visible_drafts(course: str = "") -> tuple[Lesson, ...]:
    """The drafts of a published course, or all, that pages may name; none unless the site runs for an author."""
    courses = library().courses if catalog().authoring else ()
    return tuple(draft for each in courses if course in ("", each.slug) for draft in each.drafts)


def visible_draft_courses() -> tuple[Course, ...]:
    return library().drafts if catalog().authoring else ()


def is_library_current() -> bool:
    """Whether this request sees the courses of everybody, and they have not been reloaded since it first asked."""
    return library() is catalog().library


def shown_files_digest() -> str:
    """With ``lms serve --watch``: the digest of the course files that this page was made of; else ""."""
    library()
    return g.get("files_digest", "")


def visible_problems() -> tuple[Problem, ...]:
    """All problems that pages may show; none unless the site runs for an author (``lms serve --watch``)."""
    return catalog().problems if catalog().authoring else ()


def course_or_404(slug: str) -> Course:
    """The course, or 404.

    Raises:
        CourseUnavailable: it has errors, and no earlier version. Of a draft only its author is told.
    """
    found = library().course(slug)
    if found is None and (slug in catalog().unavailable or _shows_course_errors(slug)):
        raise CourseUnavailable(slug)
    return found or abort(404)


def _shows_course_errors(course: str, lesson: str = "") -> bool:
    """Whether the request is an author's for a page that is not there because of errors."""
    return catalog().authoring and request.method in ("GET", "HEAD") and bool(catalog().errors(course, lesson))


def unavailable_lessons(course: str) -> tuple[str, ...]:
    """The slugs of the lessons whose errors an author sees in place of their pages; none for anybody else."""
    return catalog().unavailable_lessons(course) if catalog().authoring else ()


def faulty_draft_courses() -> tuple[str, ...]:
    """The slugs of the draft courses whose errors an author sees in place of their pages; none for anybody else."""
    return catalog().faulty_draft_courses if catalog().authoring else ()


def course_and_lesson_or_404(course: str, lesson: str) -> tuple[Course, Lesson]:
    """Both, or 404. A page of a lesson that was merged into another one redirects to that one's.

    Raises:
        CourseUnavailable: the course has errors and no earlier version; or, for its author, the lesson has.

    A form from such a page gets the target lesson: what it knows of the form is saved there.
    """
    target = None if library().lesson(course, lesson) else library().merged_into(course, lesson)
    if target is None:
        found = course_or_404(course)
        return found, found.lesson(lesson) or _abort_without_lesson(course, lesson)
    if request.method in ("GET", "HEAD"):
        abort(_redirect_to_target(target))
    return course_or_404(target.course), target


def _abort_without_lesson(course: str, lesson: str) -> NoReturn:
    if _shows_course_errors(course, lesson):
        raise CourseUnavailable(course, lesson)
    abort(404)


def is_former_lesson() -> bool:
    """Whether the request's URL belongs to a lesson that was merged into another one."""
    slugs = request.view_args or {}
    course, lesson = slugs.get("course_slug", ""), slugs.get("lesson_slug", "")
    return library().lesson(course, lesson) is None and library().merged_into(course, lesson) is not None


def _redirect_to_target(lesson: Lesson) -> Response:
    """To the same page of the target lesson, or to what it has in place of it."""
    args: dict[str, Any] = {**(request.view_args or {}), "course_slug": lesson.course, "lesson_slug": lesson.slug}
    endpoint = request.endpoint or ""
    is_practice_page = "name" in args and not endpoint.endswith("_picture")
    if "question_id" in args and lesson.understand.question(args["question_id"]) is None:
        endpoint = "understand.show_understand_stage"
        del args["question_id"]
    if is_practice_page and lesson.practice_named(args["name"]) is None:
        args["name"] = ""
    lacks_practice = is_practice_page and lesson.practice_named(args["name"]) is None
    if lacks_practice or (endpoint == "use.show_use_stage" and lesson.use is None):
        args.pop("name", None)
        endpoint = "courses.show_lesson"
    query = request.query_string.decode("latin-1")
    response = redirect(url_for(endpoint, **args) + (f"?{query}" if query else ""), 301)
    # Browsers keep a permanent redirect for ever, also when the author gives the address back to a lesson.
    response.headers["Cache-Control"] = "no-cache"
    return response

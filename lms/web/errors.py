"""Flask's error handlers: roll back, then answer with a page or JSON from the table in ``lms.http``."""

from __future__ import annotations

from flask import Flask, current_app, jsonify, make_response, redirect, render_template, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from lms.http.error_responses import ErrorText, error_text, status_text
from lms.http.errors import InvalidCsrfToken
from lms.http.url_parts import split_url_or_empty
from lms.learning.errors import LessonMerged, NotFound, NotSignedIn
from lms.learning.store.db_errors import is_retryable
from lms.logs.outages import find_outage
from lms.message_catalog import translate_into
from lms.web import deadlock_retry
from lms.web.accounts.redirects import local_path_or_empty, sign_in_url
from lms.web.database import rollback
from lms.web.language import (
    chosen_language,
    mark_vietnamese,
    offer_language_switch,
    translate,
    translate_markup,
    use_chosen_language,
)
from lms.web.request_context import is_former_lesson, library


def init_app(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def handle_http_exception(error: HTTPException) -> Response:
        rollback()
        cause = getattr(error, "original_exception", None)  # set if the commit in after_request failed
        deadlock_retry.retry_request_if_deadlock(cause)
        if isinstance(cause, Exception) and (find_outage(cause) or is_retryable(cause)):
            return _database_error_response(cause)
        if error.response is not None or (error.code or 500) < 400:
            return error.get_response()
        if error.code == 404 and _is_about_former_lesson():
            return error_response(error_text(LessonMerged()))
        response = error_response(status_text(error.code or 500))
        allowed = dict(error.get_headers()).get("Allow")
        if allowed:
            response.headers["Allow"] = allowed
        return response

    @app.errorhandler(Exception)
    def handle_exception(error: Exception) -> Response:
        rollback()
        deadlock_retry.retry_request_if_deadlock(error)
        if isinstance(error, NotSignedIn) and not isinstance(error, InvalidCsrfToken) and not wants_json():
            return redirect(sign_in_url(), 303)
        if find_outage(error) or is_retryable(error):
            return _database_error_response(error)
        if isinstance(error, NotFound) and _is_about_former_lesson():
            error = LessonMerged()
        text = error_text(error)
        if text.status == 500:
            current_app.logger.error("unexpected error", exc_info=error)
        return error_response(text)


def _is_about_former_lesson() -> bool:
    """Whether a form came from a page of a lesson that was merged into another one since."""
    return request.method == "POST" and is_former_lesson()


def _database_error_response(error: BaseException) -> Response:
    """Log the failure: now and then it is harmless, but often it means that the database has a problem."""
    current_app.logger.warning("failed with a retryable error", exc_info=error)
    return error_response(error_text(error), offers_retry=bool(find_outage(error)))


def _same_page() -> tuple[str, str] | None:
    """The path and label of a link that tries a page again."""
    path = local_path_or_empty(request.full_path.rstrip("?")) if request.method == "GET" else ""
    return (path, translate("Thử mở lại trang này")) if path else None


def error_response(text: ErrorText, *, offers_retry: bool = False) -> Response:
    """An HTML page, or ``{"error": sentence}`` for a script. ``offers_retry``: the page links to itself."""
    if wants_json():
        response = jsonify(error=translate_into(chosen_language(), text.json_sentence))
    else:
        page = _error_page(text, offers_retry=offers_retry)
        response = make_response(page)
    response.status_code = text.status
    response.headers["Cache-Control"] = "no-store"
    if text.retry_after:
        response.headers["Retry-After"] = text.retry_after
    return response


def _error_page(text: ErrorText, *, offers_retry: bool) -> str:
    """In the language that the phone chose, whatever the page is in that was asked for."""
    use_chosen_language()
    way_back = (_same_page() if offers_retry else None) or _back_link()
    if request.method not in ("GET", "HEAD"):
        offer_language_switch(at=way_back[0] if way_back else "/")
    return render_template(
        "error.html", title=translate(text.title), sentence=translate(text.sentence), way_back=way_back
    )


def _back_link() -> tuple[str, str] | None:
    """The path and label of a link back to where the person was: the page before, else the page above this one.

    None where only the home page is left.
    """
    referrer = split_url_or_empty(request.referrer or "")
    is_ours = referrer.netloc == request.host and referrer.path.startswith("/") and not referrer.path.startswith("//")
    if is_ours and request.method == "POST":
        return referrer.path, translate("Mở lại trang vừa rồi")
    if is_ours and referrer.path not in (request.path, "/"):
        return referrer.path, translate("Về trang vừa rồi")
    parent = _parent_page()
    return parent if parent and parent[0] != request.path else None


def _parent_page() -> tuple[str, str] | None:
    """The lesson, course or other page to which the path of the request belongs."""
    first, second = (*request.path.split("/")[1:3], "", "")[:2]
    if first == "toi":
        return "/toi", translate("Về trang của tôi")
    if first == "soan":
        return "/soan", translate("Về Soạn bài")
    lesson = library().lesson(first, second)
    if lesson:
        return f"/{lesson.course}/{lesson.slug}", translate("Về bài {number}").format(number=lesson.number)
    course = library().course(first)
    if course is None:
        return None
    return f"/{course.slug}", translate_markup("Về khóa {course}").format(course=mark_vietnamese(escape(course.name)))


def wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html") == "application/json"

"""/soan/mau/<course>/<file>: the stylesheet that a preview names, also of a course that is not published."""

from __future__ import annotations

import hashlib

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.workshop.revisions import read_latest, read_revision
from lms.web.accounts.signed_in import permission_required
from lms.web.database import session
from lms.web.practice.app_stylesheet import stylesheet
from lms.web.request_context import library, settings
from lms.web.vietnamese_formats import read_number
from lms.web.workshop.blueprint import bp
from lms.web.workshop.draft import Draft
from lms.web.workshop.draft_preview import draft_stylesheet
from lms.web.workshop.not_previewable import NotPreviewable


@bp.get("/mau/<course_slug>/<path:file_path>")
@permission_required("see_workshop")
def show_draft_stylesheet(course_slug: str, file_path: str) -> AnyResponse:
    """That of revision ``ban``, else of the latest saved text; what is typed since comes with the preview itself."""
    css = _stylesheet(course_slug, file_path, read_number(request.args.get("ban", "")))
    response = Response(css, mimetype="text/css")
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(hashlib.sha256(css.encode()).hexdigest()[:32])
    return response.make_conditional(request)


def _stylesheet(course: str, path: str, number: int) -> str:
    """With the areas of the text; without them while it is not saved, or has errors that leave nothing to draw."""
    try:
        if number:
            found = read_revision(session(), course, path, number)
        else:
            found = read_latest(session(), course, path, folder=settings().courses_dir)
        return draft_stylesheet(Draft(course, path, found.text, found.number))
    except InvalidCourseFile:
        abort(404)
    except (NotFound, NotPreviewable):
        return stylesheet(library().course_or_draft(course) or abort(404))

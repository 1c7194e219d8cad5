"""/soan/tai-ve: a lesson on paper, a course as a ZIP for another site; as they are published."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort

from lms.course_delivery.packing import CannotPack, pack_courses
from lms.web.accounts.signed_in import permission_required
from lms.web.language import in_vietnamese
from lms.web.printable_lesson import render_handout, render_plan
from lms.web.request_context import course_and_lesson_or_404, library, settings
from lms.web.template_context import url_scope
from lms.web.workshop.blueprint import bp

_PAPERS = {"to-phat": render_handout, "to-dung-lop": render_plan}


@bp.get("/tai-ve/<course_slug>/<lesson_slug>/<paper>")
@permission_required("see_workshop")
def download_printable_lesson(course_slug: str, lesson_slug: str, paper: str) -> Response:
    """The sheet as one file, to be printed by the browser; its squares lead to a site that phones elsewhere reach."""
    course, lesson = course_and_lesson_or_404(course_slug, lesson_slug)
    render = _PAPERS.get(paper) or abort(404)
    site = settings().public_url if url_scope(settings().public_url) == "everywhere" else settings().city_url
    with in_vietnamese():  # for other people, whatever language this reader chose
        html = render(course, lesson, site or None)
    return _attachment(html.encode("utf-8"), "application/octet-stream", f"{paper}-{course_slug}-{lesson_slug}.html")


@bp.get("/tai-ve/<course_slug>")
@permission_required("see_workshop")
def download_course(course_slug: str) -> Response:
    course = library().course(course_slug) or abort(404)
    try:
        packed = pack_courses([Path(course.folder)])
    except CannotPack as error:
        return Response(str(error), 409, mimetype="text/plain")
    return _attachment(packed, "application/zip", f"{course_slug}.zip")


def _attachment(data: bytes, media_type: str, name: str) -> Response:
    response = Response(data, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response

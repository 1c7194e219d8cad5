"""Sơ đồ: a practice's screens and arrows as a picture, on a page and as a file."""

from __future__ import annotations

from flask import Response, render_template, request
from markupsafe import Markup

from lms.content.practice.graph_picture import describe_graph, draw_graph
from lms.web.accounts.signed_in import current_account, permission_required
from lms.web.language import mark_vietnamese_text, page_language
from lms.web.page_cache import no_store_page
from lms.web.workshop.blueprint import bp
from lms.web.workshop.practice_pages import practice_or_404, workshop_path


@bp.get("/so-do/<course_slug>/<lesson_slug>", defaults={"name": ""})
@bp.get("/so-do/<course_slug>/<lesson_slug>/<name>")
@permission_required("see_workshop")
def show_graph(course_slug: str, lesson_slug: str, name: str) -> Response:
    course, lesson, practice = practice_or_404(course_slug, lesson_slug, name)
    picture = draw_graph(practice, page_language())
    path, sentences = workshop_path(lesson, practice), describe_graph(practice, page_language(), mark_vietnamese_text)
    if request.args.get("dang") == "svg":
        response = Response(picture, mimetype="image/svg+xml")
        response.headers["Content-Disposition"] = f'attachment; filename="so-do-{path.replace("/", "-")}.svg"'
        response.headers["Cache-Control"] = "no-store"
        return response
    return no_store_page(
        render_template(
            "workshop/graph.html",
            account=current_account(),
            course=course,
            lesson=lesson,
            practice=practice,
            path=path,
            picture=Markup(picture),  # noqa: S704  (we drew it and escaped every text)
            sentences=tuple(map(Markup, sentences)),  # their texts are escaped
        )
    )

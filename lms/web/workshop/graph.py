"""Sơ đồ: a practice's screens and arrows as a picture, on a page and as a file."""

from __future__ import annotations

from flask import Response, render_template, request
from markupsafe import Markup

from lms.content.practice.graph_picture import draw_graph, tell_graph
from lms.web.accounts.signed_in import current_account, duty
from lms.web.page_cache import private
from lms.web.workshop.blueprint import bp
from lms.web.workshop.practice_index import path_to, practice_at


@bp.get("/so-do/<course>/<lesson>", defaults={"name": ""})
@bp.get("/so-do/<course>/<lesson>/<name>")
@duty("see_workshop")
def show_graph(course: str, lesson: str, name: str) -> Response:
    found_course, found, practice = practice_at(course, lesson, name)
    picture = draw_graph(practice)
    path = path_to(found, practice)
    if request.args.get("dang") == "svg":
        response = Response(picture, mimetype="image/svg+xml")
        response.headers["Content-Disposition"] = f'attachment; filename="so-do-{path.replace("/", "-")}.svg"'
        response.headers["Cache-Control"] = "no-store"
        return response
    return private(
        render_template(
            "workshop/graph.html",
            account=current_account(),
            course=found_course,
            lesson=found,
            practice=practice,
            path=path,
            picture=Markup(picture),  # noqa: S704  (drawn by us, every text in it escaped)
            told=tuple(tell_graph(practice)),
        )
    )

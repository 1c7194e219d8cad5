"""POST /soan/khoa-moi: begin a course of the account's ward; its page opens in the editor."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response

from lms.learning.errors import InvalidCourseFile
from lms.learning.workshop.new_course import create_named_course
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.database import rollback, session
from lms.web.request_context import catalog, settings
from lms.web.workshop.blueprint import bp
from lms.web.workshop.course_list import render_course_list
from lms.web.workshop.wording import error_text


@bp.post("/khoa-moi")
def begin_course() -> Response:
    """``ten``: the name; ``thu-muc``: the name in addresses, made of the other one if it is empty."""
    by, form = require_account(), request.form
    try:
        course = create_named_course(
            session(), form.get("ten", ""), slug=form.get("thu-muc", ""), ward=by.ward, taken=catalog().folder_names,
            by=by, folder=settings().courses_dir, now=clock.now(),
        )  # fmt: skip
    except InvalidCourseFile as error:
        rollback()
        return render_course_list(error=error_text(error), typed=form)
    return redirect(f"/soan/{course}/course.md", 303)

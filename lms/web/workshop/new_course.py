"""POST /soan/khoa-moi: begin a course of the account's ward; its page opens in the editor."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response

from lms.learning.errors import InvalidCourseFile
from lms.learning.workshop.courses import create_course
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.database import session
from lms.web.request_context import catalog
from lms.web.workshop.blueprint import bp
from lms.web.workshop.course_list import render_course_list


@bp.post("/khoa-moi")
def begin_course() -> Response:
    by = require_account()
    name = request.form.get("thu-muc", "").strip()
    try:
        create_course(session(), name, ward=by.ward, taken=catalog().folder_names, by=by, now=clock.now())
    except InvalidCourseFile as error:
        return render_course_list(error=str(error), typed=name)
    return redirect(f"/soan/{name}/course.md", 303)

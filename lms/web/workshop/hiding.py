"""/soan/an: hide a lesson or a translation from learners, and show it again."""

from __future__ import annotations

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from lms import vietnam_time
from lms.content.hideable_parts import HideablePart
from lms.learning.errors import CourseFileChanged, CourseFilesFaulty
from lms.learning.store.database import read_sessions
from lms.learning.workshop import hiding
from lms.learning.workshop.courses import require_reviewer
from lms.learning.workshop.file_names import check_course_name
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import engine, require_account
from lms.web.database import session
from lms.web.language import translate
from lms.web.request_context import settings
from lms.web.workshop.blueprint import bp
from lms.web.workshop.publishing_page import is_only_lesson, only_lesson_sentence, render_publishing_page
from lms.web.workshop.wording import publishing_url

SHOWN_FAULTY = mark_for_translation("Chưa hiện lại: khóa học còn lỗi. Sửa rồi hiện lại.")
NOT_HIDDEN = mark_for_translation("Chưa ẩn: ẩn bài này thì chỗ khác có lỗi. Sửa rồi ẩn lại.")
CHANGED_BEFORE_SHOWING = mark_for_translation(
    "Chưa hiện lại: trong lúc máy kiểm tra, có người vừa lưu hay đăng bản khác của khóa. Bác xem lại rồi hiện lần nữa."
)
CHANGED_BEFORE_HIDING = mark_for_translation(
    "Chưa ẩn: trong lúc máy kiểm tra, có người vừa lưu hay đăng bản khác của khóa. Bác xem lại rồi ẩn lần nữa."
)


@bp.post("/an/<course_slug>", defaults={"lesson_slug": ""})
@bp.post("/an/<course_slug>/<lesson_slug>")
def hide_or_show_lesson(course_slug: str, lesson_slug: str) -> Response:
    """``viec``: "an" hides the lesson, or with ``tieng`` its translation, "hien" shows it again.

    Without a lesson: a translation of the course's page.
    """
    by, part = require_account(), HideablePart(lesson_slug, request.form.get("tieng", ""))
    require_reviewer(session(), by, course_slug)
    check_course_name(course_slug)
    what = request.form.get("viec")
    if what not in ("an", "hien"):
        abort(400)
    if what == "an" and is_only_lesson(course_slug, part):
        return render_publishing_page(course_slug, error=only_lesson_sentence())
    session().commit()  # the checker reads for long: nothing is locked meanwhile
    folder, shows = settings().courses_dir, what == "hien"
    check = hiding.check_showing if shows else hiding.check_hiding
    try:
        with read_sessions(engine())() as reading:
            checked = check(reading, course_slug, part, folder=folder, today=vietnam_time.today())
        hiding.hide_or_show(session(), checked, by=by, folder=folder, now=clock.now())
    except CourseFilesFaulty as error:
        return render_publishing_page(course_slug, faulty=error, refused=SHOWN_FAULTY if shows else NOT_HIDDEN)
    except CourseFileChanged:
        sentence = CHANGED_BEFORE_SHOWING if shows else CHANGED_BEFORE_HIDING
        return render_publishing_page(course_slug, error=translate(sentence), status=409)
    return redirect(f"{publishing_url(course_slug)}?xong={what}{'-dich' if part.language else ''}", 303)

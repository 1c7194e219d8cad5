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
from lms.learning.workshop.folder_changes import has_folder_changes, import_folder_changes
from lms.learning.workshop.folder_files import has_sound_folder
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


@bp.post("/an/<course_slug>", defaults={"lesson_folder": ""})
@bp.post("/an/<course_slug>/<lesson_folder>")
def hide_or_show_lesson(course_slug: str, lesson_folder: str) -> Response:
    """``viec``: "an" hides the lesson, or with ``tieng`` its translation, "hien" shows it again.

    Without a lesson: a translation of the course's page.
    """
    by, part = require_account(), HideablePart(lesson_folder, request.form.get("tieng", ""))
    require_reviewer(session(), by, course_slug)
    check_course_name(course_slug)
    what = request.form.get("viec")
    if what not in ("an", "hien"):
        abort(400)
    if what == "an" and is_only_lesson(course_slug, part):
        return render_publishing_page(course_slug, error=only_lesson_sentence())
    session().commit()
    folder, today, now = settings().courses_dir, vietnam_time.today(), clock.now()
    shows = what == "hien"
    if shows:
        _take_folder_changes(course_slug)
    check = hiding.check_showing if shows else hiding.check_hiding
    try:
        with read_sessions(engine())() as reading:
            checked = check(reading, course_slug, part, folder=folder, today=today, now=now)
        act = hiding.show_part if shows else hiding.hide_part
        act(session(), checked, part, by=by, folder=folder, now=clock.now())
    except CourseFilesFaulty as error:
        return render_publishing_page(course_slug, faulty=error, refused=SHOWN_FAULTY if shows else NOT_HIDDEN)
    except CourseFileChanged:
        sentence = CHANGED_BEFORE_SHOWING if shows else CHANGED_BEFORE_HIDING
        return render_publishing_page(course_slug, error=translate(sentence), status=409)
    done = ("hien" if shows else "an") + ("-dich" if part.language else "")
    return redirect(f"{publishing_url(course_slug)}?xong={done}", 303)


def _take_folder_changes(course: str) -> None:
    """Keep what the courses folder changed, as a worker does when it reads the courses anew: it is to be shown, too."""
    folder = settings().courses_dir
    with read_sessions(engine())() as reading:
        if not has_folder_changes(reading, course, folder=folder, now=clock.now()):
            return
    if has_sound_folder(folder / course, today=vietnam_time.today()):
        import_folder_changes(session(), course, folder=folder, now=clock.now())
        session().commit()

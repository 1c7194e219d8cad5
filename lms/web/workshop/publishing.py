"""/soan/dang: publish files of a course together."""

from __future__ import annotations

from collections.abc import Iterable

from flask import redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from lms import vietnam_time
from lms.learning.errors import CourseFileChanged, CourseFilesFaulty, NothingToPublish, RevisionNotReviewed
from lms.learning.store.database import read_sessions
from lms.learning.workshop import publishing
from lms.learning.workshop.courses import require_reviewer
from lms.learning.workshop.draft_lessons import find_draft_lessons
from lms.learning.workshop.file_names import COURSE_FILE, lesson_folder
from lms.learning.workshop.publication_check import CheckedChanges, check_changes
from lms.learning.workshop.published_revisions import find_hidden_parts
from lms.learning.workshop.revision_review import find_file_states, find_unpublished_course_page
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import engine, permission_required, require_account
from lms.web.database import session
from lms.web.language import translate, translate_markup
from lms.web.request_context import settings
from lms.web.workshop.blueprint import bp
from lms.web.workshop.display_names import find_file_titles
from lms.web.workshop.publishing_page import COURSE_PAGE_NOT_APPROVED, render_publishing_page
from lms.web.workshop.wording import publishing_url

COURSE_PAGE_NOT_CHOSEN = mark_for_translation(
    "Khóa này chưa đăng lần nào. Bác chọn cả trang khóa (course.md) rồi đăng."
)
CHANGED_BEFORE_PUBLISHING = mark_for_translation(
    "Chưa đăng gì: trong lúc máy kiểm tra, có người vừa lưu hay đăng bản khác của khóa. Dưới đây là danh sách mới: "
    "bác xem lại rồi đăng. Lời bác ghi vẫn còn."
)


@bp.get("/dang/<course_slug>")
@permission_required("see_workshop")
def show_publishing(course_slug: str) -> Response:
    """``xong``: the key of what was done."""
    return render_publishing_page(course_slug, done=request.args.get("xong", ""))


@bp.post("/dang/<course_slug>")
def publish_chosen_files(course_slug: str) -> Response:
    by = require_account()
    require_reviewer(session(), by, course_slug)
    session().commit()  # the checker reads for long: nothing is locked meanwhile
    chosen, folder = request.form.getlist("tep"), settings().courses_dir
    if not chosen:
        return render_publishing_page(course_slug, error=translate("Chọn ít nhất một tệp đã duyệt rồi đăng."))
    with read_sessions(engine())() as reading:
        course_page = find_unpublished_course_page(reading, course_slug, folder=folder)
    if course_page and COURSE_FILE not in chosen:
        sentence = COURSE_PAGE_NOT_CHOSEN if course_page.state == "approved" else COURSE_PAGE_NOT_APPROVED
        return render_publishing_page(course_slug, chosen, error=translate(sentence))
    try:
        with read_sessions(engine())() as reading:
            checked = check_changes(reading, course_slug, chosen, folder=folder, today=vietnam_time.today())
        why = request.form.get("ghi-chu", "")
        publishing.publish_files(session(), checked, why=why, by=by, now=clock.now())
    except RevisionNotReviewed as refused:
        titles = find_file_titles((course_slug, path) for path in refused.paths).values()
        error = translate_markup("Chưa có người thứ hai duyệt: {files}.").format(files=Markup("; ").join(titles))
        return render_publishing_page(course_slug, chosen, error=error)
    except NothingToPublish:
        error = translate("Các tệp này đang đăng đúng như vậy rồi.")
        return render_publishing_page(course_slug, chosen, error=error)
    except CourseFilesFaulty as error:
        return render_publishing_page(course_slug, chosen, faulty=error)
    except CourseFileChanged:
        return render_publishing_page(course_slug, chosen, error=translate(CHANGED_BEFORE_PUBLISHING), status=409)
    return redirect(f"{publishing_url(course_slug)}?xong={_what_was_published(checked)}", 303)


def _what_was_published(checked: CheckedChanges) -> str:
    """The key of the message: whether learners see it, and if not, why."""
    hidden = find_hidden_parts(session()).get(checked.course, [])
    if not checked.is_seen:
        return "dang-het-an" if any(not part.language for part in hidden) else "dang-nhap"
    if any(part.has(path) for part in hidden for path in checked.changes):
        return "dang-an"
    return "dang-bai-nhap" if _drafts_among(checked.course, checked.changes) else "dang"


def _drafts_among(course: str, paths: Iterable[str]) -> list[str]:
    """The lessons of these files that learners do not see, since they are drafts."""
    folders = {lesson_folder(path) for path in paths} - {""}
    return find_draft_lessons(session(), find_file_states(session(), course), folders=folders)

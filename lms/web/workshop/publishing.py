"""/soan/dang: publish files of a course together, now or at a moment, and take a moment back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from flask import redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from lms import vietnam_time
from lms.learning.errors import CourseFileChanged, CourseFilesFaulty, NotFound, NothingToPublish, RevisionNotReviewed
from lms.learning.store.database import read_sessions
from lms.learning.workshop import publishing
from lms.learning.workshop.courses import require_reviewer
from lms.learning.workshop.draft_lessons import find_draft_lessons
from lms.learning.workshop.file_names import COURSE_FILE, lesson_folder
from lms.learning.workshop.publication_check import CheckedChanges, check_cancellation, check_changes
from lms.learning.workshop.publications import find_publication
from lms.learning.workshop.returning_parts import find_hidden_parts
from lms.learning.workshop.revision_review import find_file_states, find_unpublished_course_page
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import engine, permission_required, require_account
from lms.web.database import session
from lms.web.language import translate, translate_markup
from lms.web.page_formats import moment_in_words
from lms.web.request_context import settings
from lms.web.vietnamese_formats import read_number
from lms.web.workshop.blueprint import bp
from lms.web.workshop.display_names import find_file_titles
from lms.web.workshop.publishing_page import COURSE_PAGE_NOT_APPROVED, NOT_PUBLISHED, render_publishing_page
from lms.web.workshop.wording import publishing_url

NOT_PUBLISHED_BEFORE = mark_for_translation(
    "Chưa đăng: đăng thì tới lần hẹn {when}, khóa học có lỗi. Sửa rồi đăng lại, hoặc bỏ lần hẹn ấy trước."
)
NOT_CANCELLED = mark_for_translation(
    "Chưa bỏ lần hẹn này: lần hẹn {when} cần có nó trước, không thì khóa học có lỗi. Bác bỏ lần hẹn ấy trước."
)
COURSE_PAGE_NOT_CHOSEN = mark_for_translation(
    "Khóa này chưa đăng lần nào. Bác chọn cả trang khóa (course.md) rồi đăng."
)
CHANGED_BEFORE_PUBLISHING = mark_for_translation(
    "Chưa đăng gì: trong lúc máy kiểm tra, có người vừa lưu hay đăng bản khác của khóa. Dưới đây là danh sách mới: "
    "bác xem lại rồi đăng. Lời bác ghi vẫn còn."
)
CHANGED_BEFORE_CANCELLING = mark_for_translation(
    "Chưa bỏ lần hẹn: trong lúc máy kiểm tra, có người vừa đăng hay hẹn thêm ở khóa này. Bác xem lại rồi bỏ lần nữa."
)
DUE_MEANWHILE = mark_for_translation(
    "Không bỏ được nữa: lần hẹn {when} đã tới giờ nên bài đã đăng rồi. Nếu chưa muốn người học thấy thì bác ẩn bài ở "
    "dưới, hoặc sửa rồi đăng bản mới."
)
CANCELLED_MEANWHILE = mark_for_translation("Lần hẹn {when} đã bỏ từ trước rồi. Bác không cần làm gì nữa.")
OVERTAKEN_MEANWHILE = mark_for_translation(
    "Lần hẹn {when} không còn, vì các bài ấy đã ẩn hay đăng lại trước giờ hẹn. Bác không cần làm gì nữa."
)


@bp.get("/dang/<course_slug>")
@permission_required("see_workshop")
def show_publishing(course_slug: str) -> Response:
    """``xong``: the key of what was done; ``lan``: the publication that was scheduled."""
    publication_id = read_number(request.args.get("lan", "")) or 0
    return render_publishing_page(course_slug, done=request.args.get("xong", ""), publication_id=publication_id)


@bp.post("/dang/<course_slug>")
def publish_chosen_files(course_slug: str) -> Response:
    by = require_account()
    require_reviewer(session(), by, course_slug)
    session().commit()  # the checker reads for long: nothing is locked meanwhile
    chosen, now = request.form.getlist("tep"), clock.now()
    try:
        due_at = _read_due(request.form.get("ngay", ""), request.form.get("gio", ""))
    except ValueError:
        error = translate("Ngày hay giờ chưa đọc được. Ghi đủ cả hai, hoặc để trống cả hai.")
        return render_publishing_page(course_slug, chosen, error=error)
    if due_at is not None and due_at <= now:
        error = translate("Giờ hẹn đã qua. Chọn giờ sau, hoặc để trống để đăng ngay.")
        return render_publishing_page(course_slug, chosen, error=error)
    if not chosen:
        return render_publishing_page(course_slug, error=translate("Chọn ít nhất một tệp đã duyệt rồi đăng."))
    with read_sessions(engine())() as reading:
        course_page = find_unpublished_course_page(reading, course_slug, folder=settings().courses_dir)
    if course_page and COURSE_FILE not in chosen:
        sentence = COURSE_PAGE_NOT_CHOSEN if course_page.state == "approved" else COURSE_PAGE_NOT_APPROVED
        return render_publishing_page(course_slug, chosen, error=translate(sentence))
    try:
        with read_sessions(engine())() as reading:
            checked = check_changes(
                reading, course_slug, chosen, due_at=due_at or now, folder=settings().courses_dir,
                today=vietnam_time.today(),
            )  # fmt: skip
        publication_id = publishing.publish_files(
            session(), checked, due_at=due_at, why=request.form.get("ghi-chu", ""), by=by,
            folder=settings().courses_dir, now=clock.now(),
        )  # fmt: skip
    except RevisionNotReviewed as refused:
        titles = find_file_titles((course_slug, path) for path in refused.paths).values()
        error = translate_markup("Chưa có người thứ hai duyệt: {files}.").format(files=Markup("; ").join(titles))
        return render_publishing_page(course_slug, chosen, error=error)
    except NothingToPublish:
        error = translate("Các tệp này đang đăng đúng như vậy rồi.")
        return render_publishing_page(course_slug, chosen, error=error)
    except CourseFilesFaulty as error:
        refused = NOT_PUBLISHED_BEFORE if error.due_at else NOT_PUBLISHED
        return render_publishing_page(course_slug, chosen, faulty=error, refused=refused)
    except CourseFileChanged:
        return render_publishing_page(course_slug, chosen, error=translate(CHANGED_BEFORE_PUBLISHING), status=409)
    done = _what_was_published(checked, due_at=due_at)
    return redirect(f"{publishing_url(course_slug)}?xong={done}{f'&lan={publication_id}' if due_at else ''}", 303)


def _what_was_published(checked: CheckedChanges, *, due_at: datetime | None) -> str:
    """The key of the message: whether learners see it, or will when it is due, and if not, why."""
    hidden = find_hidden_parts(session(), checked.course, now=due_at or clock.now())
    hidden_lessons = [part for part in hidden if not part.language]
    start = "hen" if due_at else "dang"
    if not checked.is_seen:
        return f"{start}-het-an" if hidden_lessons else f"{start}-nhap"
    if any(part.has(path) for part in hidden_lessons for path in checked.changes):
        return f"{start}-dich-an"
    return f"{start}-bai-nhap" if _drafts_among(checked.course, checked.changes) else start


@bp.post("/bo-hen/<course_slug>/<int:number>")
def cancel_scheduled_publication(course_slug: str, number: int) -> Response:
    by = require_account()
    require_reviewer(session(), by, course_slug)
    session().commit()  # the checker reads for long: nothing is locked meanwhile
    try:
        with read_sessions(engine())() as reading:
            checked = check_cancellation(
                reading, course_slug, number, folder=settings().courses_dir, today=vietnam_time.today(), now=clock.now()
            )
        publishing.cancel_publication(session(), checked, by=by, now=clock.now())
    except CourseFilesFaulty as error:
        return render_publishing_page(course_slug, faulty=error, refused=NOT_CANCELLED)
    except CourseFileChanged:
        return render_publishing_page(course_slug, error=translate(CHANGED_BEFORE_CANCELLING), status=409)
    except NotFound:
        return _answer_late_cancellation(course_slug, number)
    return redirect(f"{publishing_url(course_slug)}?xong=bo-hen", 303)


def _answer_late_cancellation(course: str, publication_id: int) -> Response:
    """The page that says what became of a publication that is no longer to come.

    Raises:
        NotFound: there never was one, or it was published at once.
    """
    publication = find_publication(session(), course, publication_id)
    if publication is None or publication.due_at <= publication.made_at:
        raise NotFound(f"{course} {publication_id}")
    is_seen = not publication.cancelled_at and bool(publication.remaining_files)
    sentence = DUE_MEANWHILE if is_seen else CANCELLED_MEANWHILE if publication.cancelled_at else OVERTAKEN_MEANWHILE
    error = translate(sentence).format(when=moment_in_words(publication.due_at))
    return render_publishing_page(course, error=error, leads_to_course=is_seen, status=409)


def _drafts_among(course: str, paths: Iterable[str]) -> list[str]:
    """The lessons of these files that learners do not see, since they are drafts."""
    folders = {lesson_folder(path) for path in paths} - {""}
    return find_draft_lessons(session(), find_file_states(session(), course), folders=folders)


def _read_due(day: str, hour: str) -> datetime | None:
    """The moment; None if nothing was typed.

    Raises:
        ValueError: it is none.
    """
    if not day and not hour:
        return None
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), vietnam_time.VIETNAM)

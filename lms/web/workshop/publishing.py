"""/soan/dang: publish files of a course now or at a moment, take a moment back, hide a lesson and show it again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time

from flask import abort, redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from lms import vietnam_time
from lms.content import draft_flag
from lms.content.hideable_parts import HideablePart
from lms.content.model import Course
from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.classroom.session.queries import count_open_classes_by_lesson
from lms.learning.errors import CourseFilesFaulty, NotFound, NothingToPublish, RevisionNotReviewed
from lms.learning.store.database import read_sessions
from lms.learning.workshop import hiding, publishing
from lms.learning.workshop.courses import require_reviewer, ward_of_course, wards_of_courses
from lms.learning.workshop.draft_lessons import find_draft_lessons
from lms.learning.workshop.file_names import COURSE_FILE, check_course_name, lesson_folder
from lms.learning.workshop.folder_changes import has_folder_changes, import_folder_changes
from lms.learning.workshop.folder_files import has_sound_folder
from lms.learning.workshop.publication_check import CheckedChanges, check_cancellation, check_changes
from lms.learning.workshop.publications import PublicationEntry, find_publications, scheduled_moments
from lms.learning.workshop.returning_parts import ReturningPart, find_hidden_parts, find_returning_part
from lms.learning.workshop.revision_review import FileState, find_file_states, find_unpublished_course_page
from lms.learning.workshop.revision_saving import MAX_WHY_LENGTH
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import current_account, engine, permission_required, require_account
from lms.web.database import rollback, session, use_read_only_session
from lms.web.language import mark_vietnamese, translate, translate_markup
from lms.web.page_cache import no_store_page
from lms.web.page_formats import moment_in_words
from lms.web.request_context import catalog, settings
from lms.web.workshop.blueprint import bp
from lms.web.workshop.display_names import find_course_and_lesson_names, find_file_titles
from lms.web.workshop.wording import (
    STATE_NAMES,
    language_name,
    publishing_url,
    reason_text,
    translate_values,
)

MESSAGES = {
    "dang": mark_for_translation("Đã đăng. Trong hai giây người học thấy bản mới."),
    "dang-nhap": mark_for_translation(
        "Đã đăng, mà khóa hay các bài còn là bản nháp nên người học chưa thấy. Bác xóa dòng “{line}” ở đầu trang khóa "
        "hay ở bài nào muốn đưa ra."
    ),
    "dang-het-an": mark_for_translation(
        "Đã đăng, mà người học chưa thấy: khóa chỉ còn bài đang ẩn và bài nháp. Bác hiện lại một bài ở dưới thì khóa "
        "hiện lại."
    ),
    "dang-dich-an": mark_for_translation(
        "Đã đăng. Bản dịch của bài đang ẩn thì người học chưa thấy, tới khi bác hiện lại bài ở dưới."
    ),
    "dang-bai-nhap": mark_for_translation("Đã đăng. Bài nào còn là bản nháp thì người học chưa thấy, ghi ở dưới đây."),
    "hen": mark_for_translation("Đã hẹn giờ đăng."),
    "duyet-bai": mark_for_translation("Đã duyệt cả bài, mọi phần bác vừa xem."),
    "bo-hen": mark_for_translation("Đã bỏ lần hẹn ấy."),
    "an": mark_for_translation("Đã ẩn bài. Chữ của bài vẫn còn ở đây."),
    "an-hen": mark_for_translation(
        "Đã ẩn bài, và bỏ lần hẹn giờ đăng của bài. Chữ của bài vẫn còn ở đây, bác đăng lúc nào cũng được."
    ),
    "hien": mark_for_translation("Đã hiện lại bài."),
    "hien-hen": mark_for_translation(
        "Đã hiện lại bài, và bỏ lần hẹn giờ đăng của bài. Chữ đã hẹn vẫn còn ở đây, bác đăng lúc nào cũng được."
    ),
    "an-dich": mark_for_translation("Đã ẩn bản dịch. Người học đọc bản tiếng Việt. Chữ của bản dịch vẫn còn ở đây."),
    "an-dich-hen": mark_for_translation(
        "Đã ẩn bản dịch, và bỏ lần hẹn giờ đăng của bản dịch. Người học đọc bản tiếng Việt. "
        "Chữ của bản dịch vẫn còn ở đây."
    ),
    "hien-dich": mark_for_translation("Đã hiện lại bản dịch."),
    "hien-dich-hen": mark_for_translation(
        "Đã hiện lại bản dịch, và bỏ lần hẹn giờ đăng của bản dịch. Chữ đã hẹn vẫn còn ở đây, "
        "bác đăng lúc nào cũng được."
    ),
}
NOT_PUBLISHED = mark_for_translation("Chưa đăng: khóa học còn lỗi. Sửa rồi đăng lại.")
NOT_PUBLISHED_BEFORE = mark_for_translation(
    "Chưa đăng: đăng thì tới lần hẹn {when}, khóa học có lỗi. Sửa rồi đăng lại, hoặc bỏ lần hẹn ấy trước."
)
NOT_CANCELLED = mark_for_translation(
    "Chưa bỏ lần hẹn này: lần hẹn {when} cần có nó trước, không thì khóa học có lỗi. Bác bỏ lần hẹn ấy trước."
)
SHOWN_FAULTY = mark_for_translation("Chưa hiện lại: khóa học còn lỗi. Sửa rồi hiện lại.")
SHOWN_FAULTY_BEFORE = mark_for_translation(
    "Chưa hiện lại: hiện thì tới lần hẹn {when}, khóa học có lỗi. Sửa rồi hiện lại, hoặc bỏ lần hẹn ấy trước."
)
NOT_HIDDEN = mark_for_translation("Chưa ẩn: ẩn bài này thì chỗ khác có lỗi. Sửa rồi ẩn lại.")
NOT_HIDDEN_BEFORE = mark_for_translation(
    "Chưa ẩn: ẩn thì tới lần hẹn {when}, khóa học có lỗi. Sửa rồi ẩn lại, hoặc bỏ lần hẹn ấy trước."
)
ONLY_LESSON = mark_for_translation(
    "Đây là bài duy nhất của khóa, nên chưa ẩn riêng được. Muốn ẩn cả khóa thì thêm dòng “{line}” vào đầu trang khóa "
    "(course.md), rồi gửi duyệt và đăng. Muốn khóa hiện lại thì xóa dòng ấy."
)
COURSE_PAGE_NOT_APPROVED = mark_for_translation(
    "Trang khóa (course.md) chưa được duyệt, nên chưa đăng bài nào của khóa được."
)
COURSE_PAGE_NOT_CHOSEN = mark_for_translation(
    "Khóa này chưa đăng lần nào. Bác chọn cả trang khóa (course.md) rồi đăng."
)
MAX_PROBLEMS = 20


@bp.get("/dang/<course_slug>")
@permission_required("see_workshop")
def show_publishing(course_slug: str) -> Response:
    return _page(course_slug, message=_message(request.args.get("xong", "")))


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
        return _page(course_slug, chosen, error=error)
    if due_at is not None and due_at <= now:
        error = translate("Giờ hẹn đã qua. Chọn giờ sau, hoặc để trống để đăng ngay.")
        return _page(course_slug, chosen, error=error)
    if not chosen:
        return _page(course_slug, error=translate("Chọn ít nhất một tệp đã duyệt rồi đăng."))
    with read_sessions(engine())() as reading:
        course_page = find_unpublished_course_page(reading, course_slug, folder=settings().courses_dir)
    if course_page and COURSE_FILE not in chosen:
        sentence = COURSE_PAGE_NOT_CHOSEN if course_page.state == "approved" else COURSE_PAGE_NOT_APPROVED
        return _page(course_slug, chosen, error=translate(sentence))
    try:
        with read_sessions(engine())() as reading:
            checked = check_changes(
                reading, course_slug, chosen, due_at=due_at or now, folder=settings().courses_dir,
                today=vietnam_time.today(),
            )  # fmt: skip
        publishing.publish_files(
            session(), checked, due_at=due_at, why=request.form.get("ghi-chu", ""), by=by,
            folder=settings().courses_dir, now=clock.now(),
        )  # fmt: skip
    except RevisionNotReviewed as refused:
        titles = find_file_titles((course_slug, path) for path in refused.paths).values()
        error = translate_markup("Chưa có người thứ hai duyệt: {files}.").format(files=Markup("; ").join(titles))
        return _page(course_slug, chosen, error=error)
    except NothingToPublish:
        return _page(course_slug, chosen, error=translate("Các tệp này đang đăng đúng như vậy rồi."))
    except CourseFilesFaulty as error:
        return _page(course_slug, chosen, faulty=error, refused=NOT_PUBLISHED_BEFORE if error.due_at else NOT_PUBLISHED)
    done = "hen" if due_at else _what_was_published(checked)
    return redirect(f"{publishing_url(course_slug)}?xong={done}", 303)


def _what_was_published(checked: CheckedChanges) -> str:
    """The key of the message: whether learners see it, and if not, why."""
    hidden = [part for part in find_hidden_parts(session(), checked.course, now=clock.now()) if not part.language]
    if not checked.is_seen:
        return "dang-het-an" if hidden else "dang-nhap"
    if any(part.has(path) for part in hidden for path in checked.changes):
        return "dang-dich-an"
    return "dang-bai-nhap" if _drafts_among(checked.course, checked.changes) else "dang"


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
    if what == "an" and _is_only_lesson(course_slug, part):
        return _page(course_slug, error=_only_lesson_sentence())
    session().commit()
    folder, today, now = settings().courses_dir, vietnam_time.today(), clock.now()
    shows = what == "hien"
    if shows:
        _take_folder_changes(course_slug)
    check = hiding.check_showing if shows else hiding.check_hiding
    try:
        with read_sessions(engine())() as reading:
            checked = check(reading, course_slug, part, folder=folder, today=today, now=now)
            appointments = scheduled_moments(find_publications(reading, course_slug, now=now), part, now=now)
    except CourseFilesFaulty as error:
        now_or_later = (SHOWN_FAULTY, SHOWN_FAULTY_BEFORE) if shows else (NOT_HIDDEN, NOT_HIDDEN_BEFORE)
        refused = now_or_later[error.due_at is not None]
        return _page(course_slug, faulty=error, refused=refused)
    now = clock.now()  # the check took a while: what was due meanwhile is not to be overtaken unseen
    if shows:
        hiding.show_part(session(), checked, part, by=by, folder=folder, now=now)
    else:
        hiding.hide_part(session(), checked, part, by=by, folder=folder, now=now)
    done = ("hien" if shows else "an") + ("-dich" if part.language else "") + ("-hen" if appointments else "")
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
    except CourseFilesFaulty as error:
        return _page(course_slug, faulty=error, refused=NOT_CANCELLED)
    publishing.cancel_publication(session(), checked, by=by, now=clock.now())
    return redirect(f"{publishing_url(course_slug)}?xong=bo-hen", 303)


def _page(
    course: str,
    chosen: Collection[str] = (),
    *,
    message: str = "",
    error: str = "",
    faulty: CourseFilesFaulty | None = None,
    refused: str = NOT_PUBLISHED,
) -> Response:
    """The page. ``error``: why nothing was done; ``faulty``: the errors of the checker under ``refused``.

    Nothing is to be stored: a refused POST gives its locks back before the checker reads a course for long.
    """
    check_course_name(course)
    now, account = clock.now(), current_account()
    rollback()
    with read_sessions(engine())() as reading:
        target = PermissionTarget(ward_of_course(reading, course))
        may_publish = permissions.is_permitted(account, "publish_courses", target)
        needs_check = may_publish and bool(find_hidden_parts(reading, course, now=now))
    is_sound = needs_check and has_sound_folder(settings().courses_dir / course, today=vietnam_time.today())
    use_read_only_session()
    states = find_file_states(session(), course)
    published = catalog().library.course_or_draft(course)
    if published is None and course not in {*wards_of_courses(session()), *catalog().folder_names}:
        raise NotFound(course)
    hidden_parts = find_hidden_parts(session(), course, now=now)
    folders = {lesson_folder(state.path) for state in states} | {part.lesson for part in hidden_parts}
    folders |= {lesson.folder_name for lesson in (published.lessons if published else ())}
    names = {
        folder: name
        for (_, folder), name in find_course_and_lesson_names((course, each) for each in {"", *folders}).items()
    }
    waiting = [state for state in states if state.state != "published" and not state.follows_a_text]
    course_page = find_unpublished_course_page(session(), course, folder=settings().courses_dir)
    has_approved = any(state.state == "approved" for state in waiting)
    publications = find_publications(session(), course, now=now)
    hidden = _returning_parts(course, hidden_parts, is_sound=is_sound, now=now) if may_publish else []
    visible_parts = sorted(HideablePart(lesson.folder_name) for lesson in (published.lessons if published else ()))
    translations = _shown_translations(published)
    moments_of_hidden = {part: scheduled_moments(publications, part, now=now) for part in hidden_parts}
    page = render_template(
        "workshop/publishing.html",
        reason_text=reason_text,
        account=account,
        course=course,
        title=names[""],
        waiting=waiting,
        needed_first=course_page if course_page and course_page.state != "approved" and has_approved else None,
        page_not_approved=translate(COURSE_PAGE_NOT_APPROVED),
        file_titles=_file_titles(course, (state.path for state in waiting), publications, hidden),
        state_names=translate_values(STATE_NAMES),
        classes_under_way=_classes_under_way(course, waiting),
        chosen=chosen,
        form=request.form,
        max_why=MAX_WHY_LENGTH,
        names=names,
        shown_lessons={
            part: scheduled_moments(publications, part, now=now) for part in visible_parts if part not in hidden_parts
        },
        shown_translations={part: scheduled_moments(publications, part, now=now) for part in translations},
        hidden=hidden,
        moments_of_hidden=moments_of_hidden,
        shown_with_chosen={
            part: moments_of_hidden[part]
            for part in hidden_parts
            if any(part.is_shown_with(each.path) for each in waiting if each.state == "approved")
        },
        languages={part.language: language_name(part.language) for part in (*translations, *hidden_parts)},
        publications=publications,
        now=now,
        may_publish=may_publish,
        may_write=permissions.is_permitted(account, "author", target),
        message=message,
        is_published=request.args.get("xong") == "dang",
        error=error,
        problems=faulty.problems[:MAX_PROBLEMS] if faulty else (),
        refused=translate(refused).format(when=moment_in_words(faulty.due_at) if faulty and faulty.due_at else ""),
        draft_lessons=find_draft_lessons(
            session(), states, folders=folders - {part.lesson for part in hidden_parts if not part.language}
        ),
        only_lesson_sentence=_only_lesson_sentence(),
        is_last_shown=len(visible_parts) == 1,
        has_no_other=len(visible_parts) == 1 and _is_only_lesson(course, visible_parts[0]),
    )
    return no_store_page(page, status=422 if error or faulty else 200)


def _message(key: str) -> str:
    """The sentence of a key in the page's language; "" for a key that has none."""
    if key not in MESSAGES:
        return ""
    return translate_markup(MESSAGES[key]).format(line=mark_vietnamese(escape(draft_flag.LINE)))


def _drafts_among(course: str, paths: Iterable[str]) -> list[str]:
    """The lessons of these files that learners do not see, since they are drafts."""
    folders = {lesson_folder(path) for path in paths} - {""}
    return find_draft_lessons(session(), find_file_states(session(), course), folders=folders)


def _only_lesson_sentence() -> Markup:
    return translate_markup(ONLY_LESSON).format(line=mark_vietnamese(escape(draft_flag.LINE)))


def _is_only_lesson(course: str, part: HideablePart) -> bool:
    """Whether the course, which the checker refuses without lessons, has no other lesson, not even a draft."""
    published = catalog().library.course_or_draft(course)
    if published is None or part.language:
        return False
    return [each.folder_name for each in (*published.lessons, *published.drafts)] == [part.lesson]


def _returning_parts(
    course: str, hidden: Iterable[HideablePart], *, is_sound: bool, now: datetime
) -> list[ReturningPart]:
    """The hidden parts as they come back, to be told before somebody shows them."""
    folder = settings().courses_dir
    return [find_returning_part(session(), course, part, folder=folder, is_sound=is_sound, now=now) for part in hidden]


def _file_titles(
    course: str, waiting: Iterable[str], publications: Iterable[PublicationEntry], hidden: Iterable[ReturningPart]
) -> dict[str, Markup]:
    """What all files that the page names are called, by path."""
    paths = {*waiting, *(path for each in publications for path in each.files)}
    paths |= {path for each in hidden for path in (*each.changed, *each.added, *each.removed)}
    return {path: title for (_, path), title in find_file_titles((course, path) for path in paths).items()}


def _shown_translations(course: Course | None) -> list[HideablePart]:
    """The translations that learners read, of the course's page and of its lessons."""
    if course is None:
        return []
    of_lessons = [
        HideablePart(lesson.folder_name, each.language) for lesson in course.lessons for each in lesson.translations
    ]
    return [*(HideablePart("", each.language) for each in course.translations), *of_lessons]


def _classes_under_way(course: str, states: Iterable[FileState]) -> dict[str, int]:
    """How many classes go on with the text that what is approved would replace, by the folder of their lesson."""
    folders = {lesson_folder(state.path) for state in states if state.state == "approved"} - {""}
    counts = count_open_classes_by_lesson(session(), course) if folders else {}
    found = {folder: counts.get(folder.partition("-")[2], 0) for folder in sorted(folders)}
    return {folder: count for folder, count in found.items() if count}


def _read_due(day: str, hour: str) -> datetime | None:
    """The moment; None if nothing was typed.

    Raises:
        ValueError: it is none.
    """
    if not day and not hour:
        return None
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), vietnam_time.VIETNAM)

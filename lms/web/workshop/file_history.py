"""/soan/lich-su and /soan/so-sanh: the revisions of a file, two of them compared, an earlier one taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import CourseFileChanged, InvalidCourseFile, NotFound, ReturnReasonMissing
from lms.learning.workshop import revision_review
from lms.learning.workshop.courses import ward_of_course
from lms.learning.workshop.draft_deletion import can_delete_file, delete_draft_file
from lms.learning.workshop.draft_lessons import is_draft_lesson
from lms.learning.workshop.file_names import is_text, lesson_folder
from lms.learning.workshop.revision_pictures import find_revision_pictures
from lms.learning.workshop.revision_review import FileState
from lms.learning.workshop.revision_saving import restore_revision
from lms.learning.workshop.revisions import (
    FileText,
    Revision,
    find_history,
    find_unmerged,
    read_latest,
    read_revision,
)
from lms.learning.workshop.sample_texts import is_untouched_sample
from lms.learning.workshop.text_diff import compare_texts
from lms.learning.workshop.text_merge import merge_texts
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import current_account, permission_required, require_account
from lms.web.database import rollback_for_refused_page, session
from lms.web.language import translate, translate_markup
from lms.web.page_cache import no_store_page
from lms.web.request_context import settings
from lms.web.vietnamese_formats import read_number
from lms.web.workshop.blueprint import bp
from lms.web.workshop.display_names import find_course_and_lesson_names, find_file_titles
from lms.web.workshop.draft_tryout import tryout_url
from lms.web.workshop.file_visibility import find_file_visibility
from lms.web.workshop.lesson_errors import find_lesson_errors
from lms.web.workshop.lesson_pictures import picture_url
from lms.web.workshop.lesson_review import NOTHING_WAITS, count_waiting_beside, lesson_review_url
from lms.web.workshop.wording import (
    FOLDER_NAME,
    VERDICT_NAMES,
    history_url,
    reason_text,
    translate_message_key,
    translate_values,
)

MESSAGES = {
    "lay-lai": mark_for_translation("Đã lấy lại bản cũ, thành bản mới nhất."),
    "nop": mark_for_translation("Đã gửi. Người thứ hai sẽ xem."),
    "duyet": mark_for_translation("Đã duyệt bản này."),
    "tra-lai": mark_for_translation("Đã trả lại người soạn, với lời ghi."),
}
REASON_MISSING = mark_for_translation("Bác ghi một câu cần sửa gì ở đây đã nhé, rồi bấm “Trả lại người soạn”.")
NOTHING_WAITS_SENTENCE = mark_for_translation(
    "Bài ấy không còn phần nào chờ bác duyệt, nên chưa duyệt thêm gì. Lời ghi bác vừa viết, nếu có, thì chưa lưu."
)
CHANGED_MEANWHILE = mark_for_translation(
    "{file}: có người vừa lưu bản khác, nên chưa gửi gì. Bác xem bản mới rồi gửi lại nhé. Lời ghi của bác còn ở dưới."
)
CHANGED_BEFORE_APPROVAL = mark_for_translation(
    "Chưa duyệt: có người vừa lưu bản khác của phần này. Bác xem bản mới rồi duyệt nhé."
)
CHANGED_BEFORE_RETURN = mark_for_translation(
    "Chưa trả lại: có người vừa lưu bản khác của phần này. Bác xem bản mới, còn phải sửa thì trả lại nhé."
)
CHANGED_BEFORE_RESTORING = mark_for_translation(
    "Chưa lấy lại bản cũ: có người vừa lưu bản khác của phần này. Bác xem bản mới trước nhé."
)


@bp.get("/lich-su/<course_slug>/<path:file_path>")
@permission_required("see_workshop")
def show_history(course_slug: str, file_path: str) -> Response:
    return _history_page(course_slug, file_path, message=translate_message_key(MESSAGES, request.args.get("xong", "")))


def _history_page(
    course: str,
    path: str,
    *,
    message: str = "",
    error: str = "",
    refusal: str = "",
    note: str = "",
    sent: Collection[str] | None = None,
    review_note: str = "",
) -> Response:
    """The page of a file. ``error``: what is missing in the form of a second person.

    ``refusal``: why nothing was done; ``note`` and ``sent``: the note and the paths of the other texts of the lesson
    that were to go along to a second person. None: those that their authors changed and nobody has looked at yet.
    ``review_note``: what a second person had typed.
    """
    state = _find_state(course, path) or _state_of_folder(course, path)
    history = find_history(session(), course, path)
    reviews = revision_review.find_reviews(session(), course, path)
    account, subject = current_account(), PermissionTarget(ward_of_course(session(), course))
    beside = _drafts_beside(state) if state.state in ("draft", "returned") else []
    changed = [each for each in (state, *beside) if not is_untouched_sample(each)]
    may_review = permissions.is_permitted(account, "publish_courses", subject)
    following = _next_waiting(state, account) if may_review else None
    shown = find_file_visibility(course)
    is_own = bool(account) and account.id in revision_review.find_authors(session(), course, path)
    page = render_template(
        "workshop/history.html",
        reason_text=reason_text,
        account=account,
        state=state,
        title=find_file_titles([(course, path)])[course, path],
        course_name=find_course_and_lesson_names([(course, "")])[course, ""],
        state_name=shown.state_name(state),
        is_hidden=shown.is_hidden(path),
        is_unseen_draft=shown.is_unseen_draft(path),
        is_draft_course=shown.is_draft_course,
        is_course_page=not lesson_folder(path),
        shown_number=shown.numbers.get(path),
        history=history,
        unmerged=find_unmerged(history, state.latest),
        reviews=reviews,
        is_looked_over=any(review.verdict != "submitted" for review in reviews),
        verdict_names=translate_values(VERDICT_NAMES),
        max_note=revision_review.MAX_NOTE_LENGTH,
        may_write=permissions.is_permitted(account, "author", subject),
        may_review=may_review,
        beside=beside,
        sent={each.path for each in changed if each.state == "draft"} if sent is None else sent,
        untouched={each.path for each in (state, *beside)} - {each.path for each in changed},
        following=following,
        waiting_beside=count_waiting_beside(state) if may_review and state.state == "submitted" and not is_own else 0,
        lesson_review_url=lesson_review_url(course, lesson_folder(path)),
        titles=find_file_titles((each.course, each.path) for each in (*beside, *([following] if following else []))),
        is_own=is_own,
        can_be_deleted=can_delete_file(session(), course, path, folder=settings().courses_dir),
        tryout_url=tryout_url(course, path, state.latest) if is_text(path) else "",
        is_text=is_text(path),
        pictures={picture: picture_url(course, picture) for picture in _pictures(state)},
        is_draft_lesson=is_draft_lesson(session(), course, lesson_folder(path), folder=settings().courses_dir),
        lesson_errors=find_lesson_errors(course, path) if state.state in ("draft", "returned", "submitted") else None,
        message=message,
        error=error,
        refusal=refusal,
        typed_note=note,
        review_note=review_note,
    )
    return no_store_page(page, status=409 if refusal else 422 if error else 200)


@bp.get("/so-sanh/<course_slug>/<path:file_path>")
@permission_required("see_workshop")
def show_comparison(course_slug: str, file_path: str) -> Response:
    """``cu``, ``moi``: numbers of revisions; without them the latest one and that before it."""
    state = _state_or_404(course_slug, file_path)
    history = find_history(session(), course_slug, file_path)
    numbers = [revision.number for revision in history]
    newer = read_number(request.args.get("moi", "")) or state.latest
    older = read_number(request.args.get("cu", "")) or next((each for each in numbers if each < newer), newer)
    texts = [read_revision(session(), course_slug, file_path, number) for number in (older, newer)]
    beside = [each for each in find_unmerged(history, state.latest) if each.number == older]
    can_merge = bool(beside) and newer == state.latest
    return no_store_page(
        render_template(
            "workshop/comparison.html",
            merged_text=_merged_text(beside[0], texts[1], texts[0].text) if can_merge else "",
            account=current_account(),
            state=state,
            title=find_file_titles([(course_slug, file_path)])[course_slug, file_path],
            older=texts[0],
            newer=texts[1],
            numbers=numbers,
            lines=compare_texts(texts[0].text, texts[1].text),
            may_write=permissions.is_permitted(
                current_account(), "author", PermissionTarget(ward_of_course(session(), course_slug))
            ),
        )
    )


@bp.post("/lay-lai/<course_slug>/<path:file_path>")
def restore_earlier_revision(course_slug: str, file_path: str) -> Response:
    by = require_account()
    try:
        restore_revision(
            session(), course_slug, file_path, _number("so"), latest=_number("ban"), by=by,
            folder=settings().courses_dir, now=clock.now(),
        )  # fmt: skip
    except CourseFileChanged:
        rollback_for_refused_page()
        return _history_page(course_slug, file_path, refusal=translate(CHANGED_BEFORE_RESTORING))
    return redirect(f"{history_url(course_slug, file_path)}?xong=lay-lai", 303)


@bp.post("/xoa-tep/<course_slug>/<path:file_path>")
def delete_file(course_slug: str, file_path: str) -> Response:
    delete_draft_file(
        session(), course_slug, file_path, by=require_account(), folder=settings().courses_dir, now=clock.now()
    )  # fmt: skip
    return redirect(f"/soan/{course_slug}?xong=xoa-tep", 303)


@bp.post("/nop/<course_slug>/<path:file_path>")
def submit_for_review(course_slug: str, file_path: str) -> Response:
    """``cung``: other files of the lesson that go along, each as "<revision>:<path>"."""
    by, now = require_account(), clock.now()
    note = request.form.get("ghi-chu", "")
    typed = [each.partition(":") for each in request.form.getlist("cung")]
    others = {path: read_number(number) or 0 for number, _, path in typed}
    for path, number in ({file_path: _number("ban")} | others).items():
        try:
            revision_review.submit_for_review(session(), course_slug, path, number, note=note, by=by, now=now)
        except CourseFileChanged:
            rollback_for_refused_page()
            title = find_file_titles([(course_slug, path)])[course_slug, path]
            refusal = translate_markup(CHANGED_MEANWHILE).format(file=title)
            return _history_page(course_slug, file_path, refusal=refusal, note=note, sent=others)
    return redirect(f"{history_url(course_slug, file_path)}?xong=nop", 303)


@bp.post("/duyet/<course_slug>/<path:file_path>")
def approve_or_return_revision(course_slug: str, file_path: str) -> Response:
    """``viec``: "duyet" approves of the latest revision, "tra-lai" returns it."""
    by = require_account()
    decide = (
        revision_review.return_revision if request.form.get("viec") == "tra-lai" else revision_review.approve_revision
    )
    note = request.form.get("ghi-chu", "")
    try:
        decide(session(), course_slug, file_path, _number("ban"), note=note, by=by, now=clock.now())
    except ReturnReasonMissing:
        rollback_for_refused_page()
        return _history_page(course_slug, file_path, error=translate(REASON_MISSING))
    except CourseFileChanged:
        rollback_for_refused_page()
        sentence = CHANGED_BEFORE_RETURN if decide is revision_review.return_revision else CHANGED_BEFORE_APPROVAL
        return _history_page(course_slug, file_path, refusal=translate(sentence), review_note=note)
    done = "tra-lai" if decide is revision_review.return_revision else "duyet"
    return redirect(f"{history_url(course_slug, file_path)}?xong={done}", 303)


@bp.get("/cho-xem")
@permission_required("see_workshop")
def show_review_queue() -> Response:
    account = current_account()
    waiting = [state for state in revision_review.find_open_files(session()) if state.state == "submitted"]
    allowed = [
        state
        for state in waiting
        if permissions.is_permitted(
            account, "publish_courses", PermissionTarget(ward_of_course(session(), state.course))
        )
    ]
    return no_store_page(
        render_template(
            "workshop/review_queue.html",
            reason_text=reason_text,
            account=account,
            waiting=allowed,
            whole_lessons=_whole_lessons(allowed, account) if account else {},
            titles=find_file_titles((state.course, state.path) for state in allowed),
            message=translate(NOTHING_WAITS_SENTENCE) if request.args.get("xong") == NOTHING_WAITS else "",
            course_names=find_course_and_lesson_names((state.course, "") for state in allowed),
        )
    )


def _whole_lessons(waiting: Iterable[FileState], account: Account) -> dict[tuple[str, str], tuple[str, int]]:
    """Where the account may approve of several parts of a lesson at once, and of how many; by course and first part."""
    lessons: dict[tuple[str, str], list[FileState]] = {}
    for state in waiting:
        is_own = account.id in revision_review.find_authors(session(), state.course, state.path)
        if is_text(state.path) and lesson_folder(state.path) and not is_own:
            lessons.setdefault((state.course, lesson_folder(state.path)), []).append(state)
    return {
        (course, parts[0].path): (lesson_review_url(course, lesson), len(parts))
        for (course, lesson), parts in lessons.items()
        if len(parts) > 1
    }


def _merged_text(older: Revision, newer: FileText, text: str) -> str:
    """What both have, as the editor takes it."""
    base = read_revision(session(), newer.course, newer.path, older.parent).text if older.parent else ""
    return merge_texts(base, text, newer.text, newer.author_name or translate(FOLDER_NAME)).text


def _pictures(state: FileState) -> list[str]:
    """The pictures that a second person has to see with the latest revision."""
    if not is_text(state.path):
        return [state.path]
    if not state.latest:
        return []
    return [head.path for head in find_revision_pictures(session(), state.course, state.path, state.latest)]


def _drafts_beside(state: FileState) -> list[FileState]:
    """The other texts of the lesson that nobody was asked to look at, and the page of a new course before them."""
    folder = lesson_folder(state.path)
    page = revision_review.find_unpublished_course_page(session(), state.course, folder=settings().courses_dir)
    needed = [page] if folder and page and page.state in ("draft", "returned") else []
    return needed + [
        each
        for each in revision_review.find_file_states(session(), state.course)
        if folder and lesson_folder(each.path) == folder and each.path != state.path
        if is_text(each.path) and each.state in ("draft", "returned")
    ]


def _next_waiting(state: FileState, account: Account | None) -> FileState | None:
    """What somebody who has just looked over a file may look over next in its course."""
    if account is None or state.state != "approved":
        return None
    return next(
        (
            each
            for each in revision_review.find_file_states(session(), state.course)
            if each.state == "submitted" and is_text(each.path)
            if account.id not in revision_review.find_authors(session(), state.course, each.path)
        ),
        None,
    )


def _find_state(course: str, path: str) -> FileState | None:
    return next((each for each in revision_review.find_file_states(session(), course) if each.path == path), None)


def _state_of_folder(course: str, path: str) -> FileState:
    """Of a file that nobody has saved here.

    Raises:
        NotFound: there is none.
    """
    try:
        read_latest(session(), course, path, folder=settings().courses_dir)
    except InvalidCourseFile as error:
        raise NotFound(f"{course}/{path}") from error
    return FileState(course, path, 0, None, "published", "", clock.now(), "")


def _state_or_404(course: str, path: str) -> FileState:
    state = _find_state(course, path)
    if state is None:
        raise NotFound(f"{course}/{path}")
    return state


def _number(field: str) -> int:
    return read_number(request.form.get(field, "")) or 0

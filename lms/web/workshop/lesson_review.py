"""/soan/duyet-bai: the parts of a lesson that wait, on one page; whoever has seen each approves of all at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import CourseFileChanged, NotFound
from lms.learning.workshop.courses import require_reviewer, ward_of_course
from lms.learning.workshop.lesson_review import NothingWaits, PartsNotSeen, approve_lesson, find_waiting_parts
from lms.learning.workshop.revision_pictures import find_revision_pictures
from lms.learning.workshop.revision_review import MAX_NOTE_LENGTH, FileState
from lms.learning.workshop.revisions import read_revision
from lms.learning.workshop.text_diff import DiffLine, compare_texts
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import permission_required, require_account
from lms.web.database import rollback, rollback_for_refused_page, session
from lms.web.language import translate, translate_markup
from lms.web.page_cache import no_store_page
from lms.web.vietnamese_formats import read_number
from lms.web.workshop.blueprint import bp
from lms.web.workshop.display_names import find_course_and_lesson_names, find_file_titles
from lms.web.workshop.draft_tryout import tryout_url
from lms.web.workshop.lesson_errors import find_lesson_errors
from lms.web.workshop.lesson_pictures import picture_url
from lms.web.workshop.wording import publishing_url, reason_text

NOTHING_WAITS = "het-cho"  # told on the page of what waits
NOT_SEEN = mark_for_translation("Bác chưa đánh dấu đã xem: {files}. Xem rồi đánh dấu, hay về duyệt từng phần.")
CHANGED_MEANWHILE = mark_for_translation(
    "Có người vừa lưu bản khác, nên chưa duyệt gì. Bác xem bản mới ở dưới rồi đánh dấu lại nhé."
)


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part with what changed in it since it was published, all of it if it never was, and its pictures."""

    state: FileState
    lines: Sequence[DiffLine]
    tryout_url: str
    pictures: Sequence[str]

    @property
    def key(self) -> str:
        """What the box beside it says: the revision and the path."""
        return f"{self.state.latest}:{self.state.path}"


@bp.get("/duyet-bai/<course_slug>/<lesson_folder>")
@permission_required("publish_courses")
def show_lesson_review(course_slug: str, lesson_folder: str) -> Response:
    return _page(course_slug, lesson_folder)


@bp.post("/duyet-bai/<course_slug>/<lesson_folder>")
def approve_whole_lesson(course_slug: str, lesson_folder: str) -> Response:
    """``da-xem``: the revisions that were seen, each as "<revision>:<path>"; ``ghi-chu``: a note with them."""
    typed = [each.partition(":") for each in request.form.getlist("da-xem")]
    seen = {path: read_number(number) or 0 for number, _, path in typed}
    note = request.form.get("ghi-chu", "")
    try:
        approve_lesson(session(), course_slug, lesson_folder, seen, note=note, by=require_account(), now=clock.now())
    except PartsNotSeen as error:
        rollback_for_refused_page()
        titles = find_file_titles((course_slug, path) for path in error.paths)
        refusal = translate_markup(NOT_SEEN).format(files=Markup("; ").join(titles.values()))
        return _page(course_slug, lesson_folder, refusal=refusal, status=422)
    except NothingWaits:
        rollback()
        return redirect(f"/soan/cho-xem?xong={NOTHING_WAITS}", 303)
    except CourseFileChanged:
        rollback_for_refused_page()
        return _page(course_slug, lesson_folder, refusal=translate(CHANGED_MEANWHILE), status=409)
    return redirect(f"{publishing_url(course_slug)}?xong=duyet-bai", 303)


def count_waiting_beside(state: FileState) -> int:
    """How many parts of a lesson the signed-in account may approve of together with a part; 0 if it is the only one."""
    folder = state.path.partition("/")[0] if "/" in state.path else ""
    parts = find_waiting_parts(session(), state.course, folder, by=require_account()).to_approve if folder else []
    return len(parts) if len(parts) > 1 and state in parts else 0


def lesson_review_url(course: str, lesson: str) -> str:
    return f"/soan/duyet-bai/{course}/{lesson}"


def _page(course: str, lesson: str, *, refusal: str = "", status: int = 200) -> Response:
    """The page.

    Raises:
        NotAllowed: the account may not look over this course.
        NotFound: nothing of the lesson waits for it.
    """
    by = require_account()
    waiting = find_waiting_parts(session(), course, lesson, by=by)
    if not lesson or not waiting.to_approve:
        raise NotFound(f"{course}/{lesson}")
    require_reviewer(session(), by, course)
    page = render_template(
        "workshop/lesson_review.html",
        account=by,
        course=course,
        lesson=lesson,
        name=find_course_and_lesson_names([(course, lesson)])[course, lesson],
        parts=[_shown(part) for part in waiting.to_approve],
        own=waiting.own,
        titles=find_file_titles((course, part.path) for part in (*waiting.to_approve, *waiting.own)),
        ticked=_ticked(),
        typed_note=request.form.get("ghi-chu", ""),
        max_note=MAX_NOTE_LENGTH,
        reason_text=reason_text,
        refusal=refusal,
        lesson_errors=find_lesson_errors(course, waiting.to_approve[0].path),
        may_write=permissions.is_permitted(by, "author", PermissionTarget(ward_of_course(session(), course))),
    )
    return no_store_page(page, status=status)


def _ticked() -> Collection[str]:
    return set(request.form.getlist("da-xem"))


def _shown(part: FileState) -> ShownPart:
    text = read_revision(session(), part.course, part.path, part.latest).text
    before = read_revision(session(), part.course, part.path, part.published).text if part.published else ""
    pictures = find_revision_pictures(session(), part.course, part.path, part.latest)
    return ShownPart(
        part,
        compare_texts(before, text),
        tryout_url(part.course, part.path, part.latest),
        [picture_url(part.course, picture.path) for picture in pictures],
    )

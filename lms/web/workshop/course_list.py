"""/soan: the courses of the workshop, with what is not published of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Response, render_template, request

from lms.learning import wards
from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.workshop.courses import wards_of_courses
from lms.learning.workshop.file_names import is_text
from lms.learning.workshop.lessons import MAX_TITLE_LENGTH
from lms.learning.workshop.revision_review import FileState, find_open_files
from lms.web.accounts.signed_in import current_account, permission_required
from lms.web.database import session
from lms.web.page_cache import no_store_page
from lms.web.request_context import catalog, library
from lms.web.workshop.blueprint import bp
from lms.web.workshop.course_search import MAX_QUERY_LENGTH, find_courses
from lms.web.workshop.display_names import find_course_and_lesson_names, find_file_titles
from lms.web.workshop.real_phone_checks import overdue_rows
from lms.web.workshop.wording import STATE_NAMES, translate_values


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course of the index. ``lesson_count``: of published lessons; ``open_files``: saved here and not published.

    ``owner``: the full name of the ward that it is of, "" for the city.
    """

    slug: str
    name: str
    lesson_count: int
    has_errors: bool
    open_files: tuple[FileState, ...]
    may_write: bool
    owner: str


@bp.get("")
@permission_required("see_workshop")
def show_courses() -> Response:
    """``tim``: a part of the name of a course or lesson; only those are listed."""
    return render_course_list()


def render_course_list(*, error: str = "", typed: Mapping[str, str] = MappingProxyType({})) -> Response:
    """The page; with what was typed and an error, if no course of this name can begin."""
    files, account = find_open_files(session()), current_account()
    rows = _course_rows(files)
    unfinished = _latest_unfinished(rows)
    query = " ".join(request.args.get("tim", "").split())[:MAX_QUERY_LENGTH]
    found = find_courses(query, [row.slug for row in rows]) if query else {}
    page = render_template(
        "workshop/courses.html",
        rows=[row for row in rows if row.slug in found] if query else rows,
        has_own=any(row.may_write for row in rows),
        query=query,
        found=found,
        max_query=MAX_QUERY_LENGTH,
        unfinished=unfinished,
        file_titles=find_file_titles((file.course, file.path) for file in files if not file.follows_a_text),
        waiting=sum(file.state == "submitted" for file in files),
        state_names=translate_values(STATE_NAMES),
        account=account,
        checklists=overdue_rows(),
        may_begin=account is not None and permissions.is_permitted(account, "author", PermissionTarget(account.ward)),
        error=error,
        typed=typed,
        max_title=MAX_TITLE_LENGTH,
    )
    return no_store_page(page, status=422 if error else 200)


def _latest_unfinished(rows: Iterable[CourseRow]) -> FileState | None:
    """The text, of those that the account may write and has to, that was saved last."""
    files = [
        file for row in rows if row.may_write for file in row.open_files
        if file.state in ("draft", "returned") and is_text(file.path)
    ]  # fmt: skip
    return max(files, key=lambda file: file.saved_at, default=None)


def _course_rows(files: Iterable[FileState]) -> list[CourseRow]:
    by_course: dict[str, list[FileState]] = {}
    for file in files:
        if not file.follows_a_text:
            by_course.setdefault(file.course, []).append(file)
    known = {course.slug: course for course in (*library(), *catalog().library.drafts)}
    owners, account = wards_of_courses(session()), current_account()
    slugs = [*known, *sorted({*by_course, *owners, *catalog().folder_names} - known.keys())]
    own = {
        slug for slug in slugs if permissions.is_permitted(account, "author", PermissionTarget(owners.get(slug, CITY)))
    }
    names = find_course_and_lesson_names((slug, "") for slug in slugs)
    return [
        CourseRow(
            slug,
            names[slug, ""],
            len(known[slug].lessons) if slug in known else 0,
            bool(catalog().errors(slug)),
            tuple(by_course.get(slug, ())),
            slug in own,
            _ward_name(owners.get(slug, CITY)),
        )
        for slug in slugs
    ]


def _ward_name(code: str) -> str:
    ward = wards.find_ward(code) if code != CITY else None
    return ward.full_name if ward else ""

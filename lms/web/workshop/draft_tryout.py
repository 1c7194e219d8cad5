"""/soan/di-thu: a saved revision as learners will see it, for whoever looks it over; a practice is walked through.

The page is the learners' own. A browser runs no script on it, so that nothing of a walk is sent as a learner's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Response, abort, render_template, request
from flask_wtf.csrf import generate_csrf

from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.workshop.courses import require_reviewer, ward_of_course
from lms.learning.workshop.file_names import check_course_name, check_file_name, is_text
from lms.learning.workshop.revisions import find_head, read_latest, read_revision
from lms.web.accounts.signed_in import permission_required, require_account
from lms.web.database import session, use_read_only_session
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.request_context import settings
from lms.web.vietnamese_formats import read_number
from lms.web.workshop import draft_preview
from lms.web.workshop.blueprint import bp
from lms.web.workshop.draft import Draft
from lms.web.workshop.not_previewable import NotPreviewable
from lms.web.workshop.sandboxed_page import sandboxed_page
from lms.web.workshop.wording import history_url


@bp.get("/di-thu/<course_slug>/<path:file_path>")
@permission_required("publish_courses")
def show_tryout(course_slug: str, file_path: str) -> Response:
    """``ban``: the number of a revision, without it the latest; ``xem``: as which of ``KINDS_BY_STEM``."""
    return _page(course_slug, file_path, request.args)


@bp.post("/di-thu/<course_slug>/<path:file_path>")
@permission_required("publish_courses")
def take_tryout_step(course_slug: str, file_path: str) -> Response:
    """A step of a walk through a practice; ``log`` has those before it."""
    use_read_only_session()
    return _page(course_slug, file_path, request.form)


def tryout_url(course: str, path: str, number: int) -> str:
    return f"/soan/di-thu/{course}/{path}?ban={number}"


def _page(course: str, path: str, fields: Mapping[str, str]) -> Response:
    """The page.

    Raises:
        NotAllowed: the account may not look over this course.
        NotFound: there is no such file or revision.
    """
    draft = _read(course, path, read_number(fields.get("ban", "")))
    require_reviewer(session(), require_account(), course)
    kinds = [kind for kind in draft_preview.KINDS_BY_STEM[draft.stem] if kind != draft_preview.BOARD]
    kind = fields.get("xem", "")
    if kind not in kinds:
        kind = kinds[0]
    address = tryout_url(course, path, draft.number)
    back = history_url(course, path)
    try:
        preview = draft_preview.render_preview(draft, kind, fields)
    except NotPreviewable as error:
        may_write = permissions.is_permitted(
            require_account(), "author", PermissionTarget(ward_of_course(session(), course))
        )
        way = (may_write and error.way) or (back, translate("Về trang duyệt"))
        return no_store_page(draft_preview.render_cannot_draw(error, way), status=422)
    walks = draft.stem == "lam" and kind == draft_preview.PHONE
    banner = render_template(
        "workshop/tryout_banner.html",
        draft=draft,
        history_url=back,
        address=address,
        walks=walks,
        others=[(each, translate(draft_preview.LABELS[each])) for each in kinds if each != kind],
    )
    html = preview.html
    if walks:
        step = {"csrf_token": generate_csrf(), "ban": str(draft.number), "log": preview.log}
        html = draft_preview.with_walk_fields(html, address, step)
    return sandboxed_page(_with_links_to_drafts(html, draft), banner, walks=walks, leads_to="/soan/di-thu/")


def _read(course: str, path: str, number: int | None) -> Draft:
    """The draft of a revision; number 0 or None: of the latest, else of what the folder has."""
    try:
        check_course_name(course)
        check_file_name(path)
    except InvalidCourseFile:
        abort(404)
    if not is_text(path):
        abort(404)
    head = find_head(session(), course, path)
    if head is None:
        found = read_latest(session(), course, path, folder=settings().courses_dir)
    else:
        found = read_revision(session(), course, path, number or head.latest)
    return Draft(course, path, found.text, found.number)


def _with_links_to_drafts(html: str, draft: Draft) -> str:
    """Links to the lesson's parts, which learners may not have yet, lead to the latest text as learners will see it."""
    if not draft.lesson_folder:
        return html

    def lead_to_draft(link: re.Match[str]) -> str:
        path = f"{draft.lesson_folder}/{link['stage'] or 'hieu'}.md"
        return f'href="/soan/di-thu/{draft.course}/{path}"' if _is_written(draft.course, path) else link[0]

    lesson = re.escape(f"/{draft.course}/{draft.lesson_slug}")
    return re.sub(rf'href="{lesson}(?:/(?P<stage>hieu|lam|dung))?(?:[?#][^"]*)?"', lead_to_draft, html)


def _is_written(course: str, path: str) -> bool:
    try:
        read_latest(session(), course, path, folder=settings().courses_dir)
    except NotFound:
        return False
    return True

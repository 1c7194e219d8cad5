"""/soan/ve/<course>/<file>: a practice drawn on its pictures instead of typed; each change is one of its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from flask import Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.learning.errors import InvalidCourseFile
from lms.learning.workshop.revision_saving import MAX_WHY_LENGTH
from lms.message_catalog import mark_for_translation
from lms.web.accounts.signed_in import current_account, permission_required
from lms.web.database import use_read_only_session
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.workshop.blueprint import bp
from lms.web.workshop.draft import Draft, typed_draft
from lms.web.workshop.drawing_board import ARROW_NAMES, NEW_FIELD_NAMES, PART_NAMES, read_board
from lms.web.workshop.drawing_form import NEW_AREA, SIDE_FIELDS, apply_form, parse_number_or_none
from lms.web.workshop.drawing_number_changes import NumberChanges
from lms.web.workshop.editor import (
    NEW_FILE,
    SAVE,
    SAVED,
    draft_subject,
    editor_url,
    latest_text,
    merge_sentence,
    sample_drawing,
)
from lms.web.workshop.rule_pages import rule_url
from lms.web.workshop.script_texts import drawing_texts
from lms.web.workshop.wording import error_text, translate_values

IS_NEW = mark_for_translation("Bài tập này chưa có màn nào. Bác thêm màn đầu tiên từ ảnh chụp, hay chỉ ghi tên màn.")
_SIDE_LABELS = {
    "trai": mark_for_translation("Trái"),
    "tren": mark_for_translation("Trên"),
    "rong": mark_for_translation("Rộng"),
    "cao": mark_for_translation("Cao"),
}


@bp.get("/ve/<course_slug>/<path:file_path>")
@permission_required("author")
def show_drawing(course_slug: str, file_path: str) -> Response:
    draft = latest_draft(course_slug, file_path)
    said = translate(SAVED).format(draft.number) if request.args.get("xong") == SAVE else ""
    return drawing_page(draft, parse_number_or_none(request.args.get("man", "")) or 0, (said,) if said else ())


@bp.post("/ve/<course_slug>/<path:file_path>")
@permission_required("author")
def change_drawing(course_slug: str, file_path: str) -> ResponseReturnValue:
    form = request.form
    if form.get("do") != SAVE:
        use_read_only_session()
    typed = typed_draft(latest_draft(course_slug, file_path), form)
    applied = apply_form(typed.text, form)
    draft = replace(typed, text=applied.text)
    if form.get("do") == SAVE and not applied.refusals:
        return _save(draft, applied.screen)
    status = 422 if applied.refusals else 200
    return drawing_page(
        draft,
        applied.screen,
        applied.refusals,
        status=status,
        moves=applied.moves,
        unused=applied.unused,
        reasons=applied.reasons,
    )


def drawing_url(course: str, path: str) -> str:
    """The page that draws a practice; ``path`` is that of its text in the course."""
    return f"/soan/ve/{course}/{path}"


def latest_draft(course: str, path: str) -> Draft:
    """The text to begin from; 404 for what is no practice.

    Raises:
        NotAllowed: the account may not write this course.
    """
    latest = latest_text(course, path)
    draft = Draft(latest.course, latest.path, latest.text, max(latest.number, 0))
    if draft.stem != "lam":
        abort(404)
    if latest.number == NEW_FILE:
        return Draft(draft.course, draft.path, sample_drawing(path))
    return draft


def _save(draft: Draft, screen: int) -> ResponseReturnValue:
    try:
        result = draft.save(request.form.get("why", ""))
    except InvalidCourseFile as error:
        return drawing_page(draft, screen, (error_text(error),), status=422)
    if result.merge is None:
        return redirect(f"{drawing_url(draft.course, draft.path)}?xong={SAVE}&man={screen}", 303)
    merge = result.merge
    both = Draft(draft.course, draft.path, merge.text, merge.other, merge.mine)
    return drawing_page(both, screen, (merge_sentence(merge),), status=409)


def drawing_page(
    draft: Draft,
    screen: int,
    said: tuple[str, ...],
    *,
    status: int = 200,
    shot: tuple[str, str] = ("", ""),
    moves: NumberChanges | None = None,
    unused: Mapping[str, str] = MappingProxyType({}),
    reasons: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """The page of a draft with one screen open. ``said`` are sentences about what was just done.

    ``shot``: title and description of a screenshot that was not taken. ``moves``: what the form's edits moved.
    ``unused``: fields that made no edit, as they were typed; ``reasons``: why, for those of what is there already.
    """
    board = read_board(draft, screen)
    page = render_template(
        "workshop/drawing.html",
        account=current_account(),
        draft=draft,
        subject=draft_subject(draft),
        board=board,
        address=drawing_url(draft.course, draft.path),
        editor=editor_url(draft.course, draft.path),
        is_saved=request.args.get("xong") == SAVE,
        said=said or ((translate(IS_NEW),) if not board.cards else ()),
        sides=[(name, translate(_SIDE_LABELS[name])) for name in SIDE_FIELDS],
        new_area=[f"{side:g}" for side in NEW_AREA],
        arrows=translate_values(ARROW_NAMES),
        parts=translate_values(PART_NAMES),
        rule_url=rule_url,
        texts=drawing_texts(),
        shot=shot,
        new_fields=translate_values(NEW_FIELD_NAMES),
        moves=moves.as_json() if moves else None,
        unused=unused,
        reasons=reasons,
        why=request.form.get("why", ""),
        max_why=MAX_WHY_LENGTH,
    )
    return no_store_page(page, status=status)

"""/soan/<course>/<file>: write a file of a course, check it, and see it as it will be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from flask import Response, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from lms.content import file_templates
from lms.content.autofix import FixedText
from lms.content.editor_support.browser_editor import browser_language
from lms.content.editor_support.snippets import PIECES
from lms.content.file_check import FileCheck
from lms.content.files import original_of, parse_file_name
from lms.content.problems import Problem
from lms.content.translation.original_digest import begin_translation
from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.workshop.courses import require_author, wards_of_courses
from lms.learning.workshop.revision_saving import MAX_WHY_LENGTH, RevisionMerge
from lms.learning.workshop.revisions import FileText, read_latest
from lms.learning.workshop.text_merge import OTHER_MARK, OWN_MARK
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import current_account, permission_required, require_account
from lms.web.database import session, use_read_only_session
from lms.web.language import translate, translate_number
from lms.web.page_cache import no_store_page
from lms.web.request_context import settings
from lms.web.workshop import authors_guide, draft_preview
from lms.web.workshop.blueprint import bp
from lms.web.workshop.display_names import find_course_and_lesson_names
from lms.web.workshop.draft import Draft, problem_as_json, typed_draft, typed_number
from lms.web.workshop.file_links import find_file_links
from lms.web.workshop.lesson_errors import errors_of, found_sentence
from lms.web.workshop.lesson_pictures import pictures_of_lesson
from lms.web.workshop.not_previewable import NotPreviewable
from lms.web.workshop.rule_pages import rule_url
from lms.web.workshop.sandboxed_page import sandboxed_page
from lms.web.workshop.script_texts import editor_texts
from lms.web.workshop.wording import LEVEL_NAMES, error_text, language_name, translate_values

CHECK, ADVISE, PREVIEW, FIX, SAVE = "kiem-tra", "goi-y", "xem-thu", "sua", "luu"
SAVED = mark_for_translation("Đã lưu, bản {}. Người học thấy khi bài được đăng.")
NEW_FILE = -1  # in place of a number: neither the folder nor the workshop has it
IS_NEW_TRANSLATION = mark_for_translation(
    "Tệp này chưa có. Đây là chữ của bản gốc: bác dịch từng dòng rồi lưu. Chỗ nào chưa dịch, máy báo."
)
IS_NEW = mark_for_translation("Tệp này chưa có. Đây là chữ mẫu: bác viết đè lên rồi lưu.")
NOTHING_TO_MEND = mark_for_translation("Không có chỗ nào phải sửa.")
NOTHING_MENDED = mark_for_translation("Máy chưa tự sửa được chỗ nào. Bác sửa theo lời nhắc ở dưới nhé.")
NO_REMEDY = mark_for_translation("Chỗ này máy không tự sửa được, bác sửa bằng tay nhé.")
_TITLES = {
    "course": mark_for_translation("Khóa học"),
    "hieu": mark_for_translation("Hiểu ngay"),
    "lam": mark_for_translation("Làm được"),
    "dung": mark_for_translation("Dùng liền"),
}


@bp.get("/ngon-ngu.json")
@permission_required("author")
def show_language() -> Response:
    """What the editor's script knows of the language."""
    response = Response(browser_language(), mimetype="application/json")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@bp.get("/<course_slug>/<path:file_path>")
@permission_required("author")
def show_editor(course_slug: str, file_path: str) -> Response:
    latest = latest_text(course_slug, file_path)
    draft = Draft(latest.course, latest.path, latest.text, max(latest.number, 0))
    begun = translate(IS_NEW_TRANSLATION if draft.file.language else IS_NEW) if latest.number == NEW_FILE else ""
    return _page(draft, saved=request.args.get("xong") == "luu", begun=begun)


@bp.post("/<course_slug>/<path:file_path>")
@permission_required("author")
def submit_draft(course_slug: str, file_path: str) -> ResponseReturnValue:
    action = request.form.get("do", CHECK)
    if action != SAVE:
        use_read_only_session()
    latest = latest_text(course_slug, file_path)
    draft = typed_draft(Draft(latest.course, latest.path, latest.text, max(latest.number, 0)), request.form)
    is_for_script = request.accept_mimetypes.best == "application/json"
    if action == SAVE:
        return _save(draft, is_for_script=is_for_script)
    if action == PREVIEW:
        return _preview_as_json(draft) if is_for_script else _preview_page(draft)
    if action == ADVISE:
        advice = draft.advise()
        if not is_for_script:
            return _page(draft, asked_advice=True, advice=advice)
        found = [problem_as_json(problem, draft.text) for problem in advice or ()]
        return jsonify(advice=found, sentence=advice_sentence(advice))
    if action == FIX:
        return _fix_for_script(draft) if is_for_script else _mended_page(draft)
    if not is_for_script:
        return _page(draft, is_checked=True)
    found = draft.check()
    return jsonify(
        problems=[problem_as_json(problem, draft.text) for problem in found.problems],
        elsewhere=[
            {"file": problem.path, "line": problem.line, "level": problem.level, "sentence": problem.sentence}
            for problem in found.elsewhere
        ],
    )


def editor_url(course: str, path: str) -> str:
    return f"/soan/{course}/{path}"


def latest_text(course: str, path: str) -> FileText:
    """The text that an author begins from, sample text for a new file; 404 for what is no text of a course.

    Raises:
        NotAllowed: the account may not write this course.
    """
    folder = settings().courses_dir
    try:
        latest = read_latest(session(), course, path, folder=folder)
    except InvalidCourseFile:
        abort(404)
    except NotFound:
        if not (folder / course).is_dir() and course not in wards_of_courses(session()):
            abort(404)
        original = _original_text(course, path)
        latest = FileText(
            course, path, NEW_FILE, _sample_text(path) if original is None else begin_translation(original)
        )
    require_author(session(), require_account(), course)
    return latest


def _original_text(course: str, path: str) -> str | None:
    """The latest text of the file of which ``path`` is the translation; None if it is none, or has no original."""
    original = original_of(Path(path))
    if original is None:
        return None
    try:
        return read_latest(session(), course, original.as_posix(), folder=settings().courses_dir).text
    except NotFound:
        return None


def _sample_text(path: str) -> str:
    folder, _, name = path.rpartition("/")
    title = _title_of(folder)
    file = parse_file_name(name)
    if file is None or file.kind == "course":
        return file_templates.course_text("Khóa học mới", clock.today())
    if file.kind == "understand":
        return file_templates.understand_text(title)
    return (
        file_templates.practice_text(title if file.name else "")
        if file.kind == "practice"
        else file_templates.use_text()
    )


def sample_drawing(path: str) -> str:
    """The text of a practice that somebody begins to draw."""
    folder, _, name = path.rpartition("/")
    file = parse_file_name(name)
    return file_templates.drawn_practice_text(_title_of(folder) if file and file.name else "")


def _title_of(folder: str) -> str:
    return folder.partition("-")[2].replace("-", " ").capitalize()


def _save(draft: Draft, *, is_for_script: bool) -> ResponseReturnValue:
    try:
        result = draft.save(request.form.get("why", ""))
    except InvalidCourseFile as error:
        refusal = error_text(error)
        return jsonify(sentence=refusal) if is_for_script else _page(draft, refusal=refusal, status=422)
    merge = result.merge
    if merge is None:
        if is_for_script:
            session().commit()  # the checker reads for long: nothing is locked meanwhile
            return jsonify(number=result.number, sentence=_saved_sentence(result.number, draft.check()))
        return redirect(f"{editor_url(draft.course, draft.path)}?xong=luu", 303)
    both = Draft(draft.course, draft.path, merge.text, merge.other, merge.mine)
    if is_for_script:
        return jsonify(number=merge.other, merged=merge.mine, text=merge.text, sentence=merge_sentence(merge))
    return _page(both, refusal=merge_sentence(merge), status=409)


def _saved_sentence(number: int, found: FileCheck) -> str:
    """What an author is told after saving: also how many errors keep the lesson from being published."""
    errors = len(errors_of(found))
    if not errors:
        return translate(SAVED).format(number)
    left = translate_number(
        "Đã lưu, bản {number}. Còn {count} lỗi, sửa xong mới đăng được.",
        "Đã lưu, bản {number}. Còn {count} lỗi, sửa xong mới đăng được.",
        errors,
    )
    return left.format(number=number, count=errors)


def merge_sentence(merge: RevisionMerge) -> str:
    """What an author is told whose text met that of another."""
    kept = translate(
        "{name} đã lưu trong lúc bác viết. Cả hai bản đều còn: bản {other} của {name}, bản {mine} của bác."
    ).format(name=merge.other_author or translate("Người khác"), other=merge.other, mine=merge.mine)
    if not merge.conflicts:
        merged = translate("Chữ trong khung đã gộp cả hai: bác đọc lại rồi lưu.")
        return f"{kept} {merged}"
    conflicts = translate_number(
        "{count} chỗ hai bản khác nhau nằm giữa dấu {start} và {end}: bác chọn rồi lưu lại.",
        "{count} chỗ hai bản khác nhau nằm giữa dấu {start} và {end}: bác chọn rồi lưu lại.",
        merge.conflicts,
    )
    return f"{kept} {conflicts.format(count=merge.conflicts, start=OWN_MARK[:7], end=OTHER_MARK[:7])}"


def advice_sentence(advice: Sequence[Problem] | None) -> str:
    """What an author is told above the advice about the craft of a file."""
    if advice is None:
        return translate("Bài còn lỗi. Bác sửa hết lỗi rồi máy mới gợi ý được.")
    if not advice:
        return translate("Máy không có gợi ý nào.")
    return translate_number("Có {count} gợi ý.", "Có {count} gợi ý.", len(advice)).format(count=len(advice))


def _mended_page(draft: Draft) -> Response:
    fixed = draft.apply_remedies()
    return _page(replace(draft, text=fixed.text), is_checked=True, mended=_mended_sentence(fixed))


def _mended_sentence(fixed: FixedText) -> str:
    """What an author is told who asked for all remedies."""
    if not fixed.removed:
        return translate(NOTHING_MENDED if fixed.left else NOTHING_TO_MEND)
    count, left = len(fixed.removed), len(fixed.left)
    mended = translate_number("Đã sửa {count} chỗ.", "Đã sửa {count} chỗ.", count).format(count=count)
    if not left:
        return mended
    rest = translate_number(
        "Còn {count} chỗ bác sửa theo lời nhắc ở dưới.", "Còn {count} chỗ bác sửa theo lời nhắc ở dưới.", left
    )
    return f"{mended} {rest.format(count=left)}"


def _fix_for_script(draft: Draft) -> Response:
    rule, line = request.form.get("rule", ""), typed_number(request.form.get("line", ""))
    if not rule:
        fixed = draft.apply_remedies()
        return jsonify(text=fixed.text, sentence=_mended_sentence(fixed))
    text = None if line is None else draft.without_problem(rule, line)
    return jsonify(sentence=translate(NO_REMEDY)) if text is None else jsonify(text=text)


def _preview_as_json(draft: Draft) -> Response:
    kind = request.form.get("as", draft_preview.PHONE)
    try:
        preview = draft_preview.render_preview(draft, kind, request.form)
    except NotPreviewable as error:
        return jsonify(sentence=error.sentence.striptags(), way=error.way)
    return jsonify(
        html=preview.html,
        places=preview.places,
        stylesheet=preview.stylesheet,
        screen=preview.screen,
        log=preview.log,
    )


def _preview_page(draft: Draft) -> Response:
    try:
        preview = draft_preview.render_preview(draft, draft_preview.PHONE, request.form)
    except NotPreviewable as error:
        way = error.way or (editor_url(draft.course, draft.path), translate("Về trang soạn"))
        page = draft_preview.render_cannot_draw(error, way)
        return no_store_page(page, status=422)
    html, walks = preview.html, draft.stem == "lam"
    if walks:
        fields = {"csrf_token": generate_csrf(), "do": PREVIEW, "log": preview.log}
        html = draft_preview.with_walk_fields(html, editor_url(draft.course, draft.path), fields, draft.text)
    return sandboxed_page(html, render_template("workshop/preview_banner.html", walks=walks), walks=walks)


def _page(
    draft: Draft,
    *,
    is_checked: bool = False,
    asked_advice: bool = False,
    advice: Sequence[Problem] | None = None,
    saved: bool = False,
    mended: str = "",
    refusal: str = "",
    begun: str = "",
    status: int = 200,
) -> Response:
    pieces = [piece for piece in PIECES if piece.stem == draft.stem]
    found = draft.check() if is_checked or saved else None
    return no_store_page(
        render_template(
            "workshop/editor.html",
            account=current_account(),
            draft=draft,
            part=_part_title(draft),
            subject=draft_subject(draft),
            address=editor_url(draft.course, draft.path),
            files=find_file_links(draft),
            found=found,
            found_sentence=found_sentence(found) if found else "",
            level_names=translate_values(LEVEL_NAMES),
            asked_advice=asked_advice,
            advice=advice or (),
            advice_sentence=advice_sentence(advice) if asked_advice else "",
            rule_url=rule_url,
            pieces=pieces,
            original=_original_text(draft.course, draft.path),
            said=_saved_sentence(draft.number, found) if saved and found else "",
            mended=mended,
            refusal=refusal,
            begun=begun,
            pictures=pictures_of_lesson(draft.course, draft.lesson_folder),
            guide_url=f"{authors_guide.PATH}#{authors_guide.FIRST_SECTIONS[draft.stem]}",
            guide_sections=authors_guide.sections_for_script(draft.stem),
            texts=editor_texts(),
            max_why=MAX_WHY_LENGTH,
            previews=draft_preview.preview_kinds(draft.stem),
        ),
        status=status,
    )


def _part_title(draft: Draft) -> str:
    """Which part of a lesson or course the file is, and of a translation in which language."""
    part, language = translate(_TITLES[draft.stem]), draft.file.language
    if not language:
        return part
    return translate("{file}, bản dịch {language}").format(file=part, language=language_name(language))


def draft_subject(draft: Draft) -> str:
    """The name of the lesson or course that the file is of."""
    key = (draft.course, draft.lesson_folder)
    return find_course_and_lesson_names([key])[key]

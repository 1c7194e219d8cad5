"""/soan/nhap: questions of a file into a lesson, chosen before a save."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.links import LESSON_FOLDER
from lms.content.question_bank.bank_file import ENCODINGS, MAX_OFFICE_BYTES, UnreadableBank, read_bank_data
from lms.content.question_bank.bank_question import Bank, BankFinding
from lms.content.question_bank.lesson_questions import (
    CannotAddQuestions,
    add_blocks,
    blocks_for_lesson,
    blocks_new_to_lesson,
    read_lesson,
)
from lms.content.question_bank.question_blocks import read_block
from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.workshop.courses import lesson_folders_of_courses, require_author, wards_of_courses
from lms.learning.workshop.revisions import FileText, read_latest
from lms.message_catalog import mark_for_translation
from lms.web.accounts.signed_in import current_account, permission_required, require_account
from lms.web.database import session, use_read_only_session
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.request_context import catalog, settings
from lms.web.workshop.blueprint import bp
from lms.web.workshop.display_names import find_course_and_lesson_names
from lms.web.workshop.draft import Draft, typed_text
from lms.web.workshop.editor import editor_url
from lms.web.workshop.wording import translate_message_key

PATH = "/soan/nhap"
SAVE = "ghi"
KIND_NAMES = {
    "gift": mark_for_translation("GIFT của Moodle"),
    "word": "Word",
    "sheet": "Excel, CSV",
    "text": mark_for_translation("văn bản"),
}
NO_LESSON = mark_for_translation("Bác chọn bài nhận các câu hỏi.")
NO_FILE = mark_for_translation("Bác chọn tệp có câu hỏi.")
NONE_CHOSEN = mark_for_translation("Bác đánh dấu ít nhất một câu.")
BROKEN = mark_for_translation("Có câu gửi lên không còn nguyên. Bác chọn lại tệp.")
ALL_PRESENT = mark_for_translation("Bài đã có đủ các câu này, nên không thêm gì.")
# What the page says where the command's sentence names an option of its own.
_SENTENCES = {
    "encoding": mark_for_translation(
        "Chữ trong tệp không phải mã UTF-8. Bác lưu lại với mã UTF-8, hay mở “Tệp cũ” ở dưới và chọn bảng mã."
    ),
    "binary": mark_for_translation(
        "Tệp này không phải văn bản. Nếu là văn bản mã UTF-16, bác mở “Tệp cũ” ở dưới và chọn UTF-16."
    ),
}


@dataclass(frozen=True, slots=True)
class ImportTargetCourse:
    """A course that the account may write, and its lessons: folder and name."""

    course: str
    name: str
    lessons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FoundQuestion:
    """A question that can be taken over. ``place``: where it is in the file; "" once the file is no longer there."""

    place: str
    markdown: str


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file brings to a lesson; nothing is saved yet."""

    lesson: str
    questions: Sequence[FoundQuestion]
    findings: Sequence[tuple[str, BankFinding]] = ()
    kind: str = ""
    chosen: Collection[int] | None = None  # None: all


@bp.before_request
def allow_question_files() -> None:
    if request.path == PATH:
        request.max_content_length = request.max_form_memory_size = MAX_OFFICE_BYTES


@bp.get("/nhap")
@permission_required("author")
def show_import() -> Response:
    return _page(request.args.get("bai", ""))


@bp.post("/nhap")
@permission_required("author")
def import_questions() -> ResponseReturnValue:
    """Look into a file, or save the chosen questions.

    ``bai``: course and folder of the lesson. ``tep``: the file. With ``viec`` "ghi" instead the questions of the page,
    each a ``chu``, and the numbers of the chosen ones, each a ``cau``.
    """
    lesson = request.form.get("bai", "")
    upload = request.files.get("tep")
    is_save = request.form.get("viec") == SAVE
    if not is_save:
        use_read_only_session()
    try:
        latest = _latest(lesson)
    except (InvalidCourseFile, NotFound):
        return _page(lesson, error=translate(NO_LESSON))
    if is_save:
        return _save(lesson, latest)
    data = upload.read() if upload else b""
    if not data:
        return _page(lesson, error=translate(NO_FILE))
    encoding = request.form.get("bang-ma", "")
    try:
        kind, bank = read_bank_data(data, encoding if encoding in ENCODINGS else None)
        return _page(lesson, preview=_preview(lesson, latest, translate(KIND_NAMES[kind]), bank))
    except UnreadableBank as refused:
        return _page(lesson, error=translate_message_key(_SENTENCES, refused.why) or str(refused))
    except CannotAddQuestions as refused:
        return _page(lesson, error=_sentence(refused))


def _latest(lesson: str) -> FileText:
    """The hieu.md that an author would begin from.

    Raises:
        NotAllowed: the account may not write this course.
        InvalidCourseFile, NotFound: there is no such lesson.
    """
    course, _, folder = lesson.partition("/")
    latest = read_latest(session(), course, f"{folder}/hieu.md", folder=settings().courses_dir)
    require_author(session(), require_account(), course)
    return latest


def _preview(lesson: str, latest: FileText, kind: str, bank: Bank) -> ImportPreview:
    draft = Draft(latest.course, latest.path, latest.text, latest.number)
    with draft.course_folder() as course:
        path = course / draft.path
        blocks, findings = blocks_for_lesson(bank, read_lesson(draft.text, path), path.parent)
    return ImportPreview(
        lesson,
        [FoundQuestion(_place(bank, block.line), block.markdown) for block in blocks],
        [(_place(bank, finding.line), finding) for finding in findings],
        kind,
    )


def _place(bank: Bank, line: int) -> str:
    place = bank.place(line)
    return translate("Dòng {line}").format(line=place) if place.isdigit() else place[:1].upper() + place[1:]


def _save(lesson: str, latest: FileText) -> ResponseReturnValue:
    texts = [typed_text(text) for text in request.form.getlist("chu")]
    chosen = {int(number) for number in request.form.getlist("cau") if number.isascii() and number.isdigit()}
    shown = ImportPreview(lesson, [FoundQuestion("", text) for text in texts], chosen=chosen)
    if not chosen:
        return _page(lesson, preview=shown, error=translate(NONE_CHOSEN))
    draft = Draft(latest.course, latest.path, latest.text, latest.number)
    try:
        with draft.course_folder() as course:
            path = course / draft.path
            blocks = [read_block(text, path.parent) for number, text in enumerate(texts) if number in chosen]
            whole = [block for block in blocks if block is not None]
            if len(whole) < len(blocks) or not whole:
                return _page(lesson, error=translate(BROKEN))
            added = blocks_new_to_lesson(whole, read_lesson(draft.text, path))
            if not added:
                return _page(lesson, error=translate(ALL_PRESENT))
            text = add_blocks(draft.text, path, added)
    except CannotAddQuestions as refused:
        return _page(lesson, preview=shown, error=_sentence(refused))
    saved = replace(draft, text=text).save(f"nhập {len(added)} câu từ tệp")
    if saved.merge is not None:  # somebody saved in this moment; the editor shows both
        return redirect(f"/soan/lich-su/{draft.course}/{draft.path}", 303)
    return redirect(f"{editor_url(draft.course, draft.path)}?xong=luu", 303)


def _sentence(refused: CannotAddQuestions) -> str:
    problem = refused.problem
    return f"{refused.sentence} Dòng {problem.line}: {problem.sentence}" if problem else refused.sentence


def _page(lesson: str, *, preview: ImportPreview | None = None, error: str = "") -> Response:
    page = render_template(
        "workshop/question_import.html",
        account=current_account(),
        courses=_course_choices(lesson),
        lesson=lesson,
        preview=preview,
        error=error,
        encodings=ENCODINGS,
        megabytes=MAX_OFFICE_BYTES // 1_000_000,
    )
    return no_store_page(page, status=422 if error else 200)


def _course_choices(chosen: str) -> list[ImportTargetCourse]:
    """The lessons that the account may write: published, drafts of the folder, and those that are saved here alone."""
    wards, saved, account = wards_of_courses(session()), lesson_folders_of_courses(session()), current_account()
    course, _, folder = chosen.partition("/")
    if LESSON_FOLDER.match(folder):
        saved.setdefault(course, set()).add(folder)
    published = {each.slug: each.with_drafts() for each in (*catalog().library, *catalog().library.drafts)}
    found: list[ImportTargetCourse] = []
    for slug in [*published, *sorted(saved.keys() - published.keys())]:
        if not permissions.is_permitted(account, "author", PermissionTarget(wards.get(slug, CITY))):
            continue
        known = published.get(slug)
        folders = {*saved.get(slug, ()), *(each.folder_name for each in (known.lessons if known else ()))}
        names = find_course_and_lesson_names([(slug, ""), *((slug, folder) for folder in folders)])
        found.append(
            ImportTargetCourse(slug, names[slug, ""], tuple((each, names[slug, each]) for each in sorted(folders)))
        )
    return found

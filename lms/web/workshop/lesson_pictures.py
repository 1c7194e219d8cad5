"""/soan/them-anh and /soan/hinh: upload a picture of a lesson, and see the pictures of drafts."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from flask import Response, abort, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from lms.content.folders import visible_entries
from lms.content.links import PICTURE_KINDS
from lms.content.pictures.check import BadPicture
from lms.content.pictures.upload import MAX_UPLOAD_BYTES as MAX_PICTURE_BYTES
from lms.content.pictures.upload import accept_picture
from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidCourseFile
from lms.learning.workshop.pictures import add_picture, read_picture
from lms.learning.workshop.revisions import find_heads
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import current_account, permission_required, require_account
from lms.web.database import session
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.request_context import settings
from lms.web.vietnamese_formats import read_number
from lms.web.workshop.blueprint import bp
from lms.web.workshop.wording import error_text

PATH = "/soan/them-anh"
MAX_UPLOAD_BYTES = MAX_PICTURE_BYTES + 20_000  # with the fields beside it
MAX_DESCRIPTION = 200  # code points
NO_FILE = mark_for_translation("Chọn một hình trong máy, rồi bấm “Thêm ảnh”.")
NO_DESCRIPTION = mark_for_translation("Ghi trong ảnh có gì, để đọc cho người không thấy hình. Rồi bấm “Thêm ảnh”.")
LONG_DESCRIPTION = mark_for_translation("Lời tả ảnh dài quá {count} chữ cái. Bác viết ngắn hơn nhé.")
_KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}
_KINDS |= {suffix: f"image/{suffix[1:]}" for suffix in PICTURE_KINDS - _KINDS.keys()}


@bp.post(PATH.removeprefix("/soan"))
def add_lesson_picture() -> ResponseReturnValue:
    """``khoa``, ``bai``: the course and the lesson's folder; ``tep``: of which text; ``anh``: the file; ``mo-ta``."""
    request.max_content_length = MAX_UPLOAD_BYTES  # before anything of the form is read
    by, form = require_account(), request.form
    permissions.require_permission(by, "author", PermissionTarget(by.ward))
    course, lesson = form.get("khoa", ""), form.get("bai", "")
    upload, description = request.files.get("anh"), " ".join(form.get("mo-ta", "").split())
    body = upload.read() if upload else b""
    if upload is None or not (body or upload.filename):
        return _refuse(translate(NO_FILE))
    if not description:
        return _refuse(translate(NO_DESCRIPTION))
    if len(description) > MAX_DESCRIPTION:
        return _refuse(long_description_text())
    try:
        picture = accept_picture(body, upload.filename or "", description)
        path = add_picture(
            session(), course, lesson, picture, by=by, folder=settings().courses_dir, now=clock.now(), why=description
        )
    except BadPicture as error:
        return _refuse(str(error))
    except InvalidCourseFile as error:
        return _refuse(error_text(error))
    text = picture_text(path, description, form.get("tep", ""))
    added = translate("Đã thêm ảnh, còn {kilobytes} KB. Bác lưu bài thì ảnh ở lại với bài.")
    sentence = added.format(kilobytes=max(1, len(picture.body) // 1000))
    if _is_for_script():
        return jsonify(sentence=sentence, path=path, text=text)
    page = render_template(
        "workshop/added_picture.html",
        account=current_account(),
        course=course,
        lesson=lesson,
        picture_url=picture_url(course, path),
        text=text,
        description=description,
        refusal="",
    )
    return no_store_page(page)


@bp.get("/hinh/<course_slug>/<path:file_path>")
@permission_required("see_workshop")
def show_picture(course_slug: str, file_path: str) -> Response:
    """A picture as the workshop has it; ``ban``: the number of a revision, without it the latest."""
    number = read_number(request.args.get("ban", ""))
    try:
        body = read_picture(session(), course_slug, file_path, folder=settings().courses_dir, number=number)
    except InvalidCourseFile:
        abort(404)
    response = make_response(body)
    suffix = file_path[file_path.rindex(".") :].lower()
    response.headers["Content-Type"] = _KINDS[suffix]
    response.headers["Cache-Control"] = "private, no-cache"
    # One that came from a folder or a git repository may be an SVG with scripts in it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.make_conditional(request)
    return response


def long_description_text() -> str:
    """Says that a description of a picture is too long."""
    return translate(LONG_DESCRIPTION).format(count=MAX_DESCRIPTION)


def picture_url(course: str, path: str) -> str:
    """Where a picture of the workshop is shown to authors and reviewers."""
    return f"/soan/hinh/{course}/{quote(path)}"


def pictures_of_lesson(course: str, lesson_folder: str) -> dict[str, str]:
    """The addresses of pictures by how a text names them: "images/man-1.png". Folder "": those of the course."""
    place = f"{lesson_folder}/images" if lesson_folder else "images"
    in_folder = settings().courses_dir / course / place
    names = {path.name for path in visible_entries(in_folder)} if in_folder.is_dir() else set[str]()
    saved = (head.path.rpartition("/") for head in find_heads(session(), course))
    names |= {name for folder, _, name in saved if folder == place}
    paths = [f"{place}/{name}" for name in sorted(names) if PurePosixPath(name).suffix.lower() in PICTURE_KINDS]
    return {path[path.index("images/") :]: picture_url(course, path) for path in paths}


def picture_text(path: str, description: str, file_name: str) -> str:
    """How a text shows a picture: Markdown, or in a practice a widget."""
    address = path[path.index("images/") :]
    if file_name.startswith("lam"):
        label = description if re.fullmatch(r"[\w ,.]{1,40}", description) else "Ảnh chụp màn hình"
        words = description.translate(str.maketrans("{}", "()"))  # braces are the language's own
        return f"- [ảnh] {label} {{src={address}}}\n  - mô tả: {words}\n"
    alternative = re.sub(r"([\\\[\]])", r"\\\1", description)
    return f"![{alternative}]({address})\n"


def with_draft_pictures(html: str, course: str, lesson_folder: str) -> str:
    """The page of a draft with the workshop's pictures, which need not be published."""
    kept = {head.path for head in find_heads(session(), course)}
    slug = lesson_folder.partition("-")[2]
    base, place = (f"/{course}/{slug}", f"{lesson_folder}/") if slug else (f"/{course}", "")

    def replaced(match: re.Match[str]) -> str:
        path = f"{place}images/{unquote(match['name'])}"
        return f"{match['before']}{escape(picture_url(course, path))}" if path in kept else match[0]

    return re.sub(rf'(?P<before>(?:src|href)="){re.escape(base)}/images/(?P<name>[^"?#]+)', replaced, html)


def _refuse(sentence: str) -> ResponseReturnValue:
    if _is_for_script():
        return jsonify(sentence=sentence), 422
    page = render_template("workshop/added_picture.html", account=current_account(), refusal=sentence)
    return no_store_page(page, status=422)


def _is_for_script() -> bool:
    return request.accept_mimetypes.best == "application/json"

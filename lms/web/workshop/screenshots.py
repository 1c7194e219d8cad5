"""POST /soan/them-man: a screenshot that somebody looked at becomes a screen of the practice that is drawn."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from lms.content.pictures.check import BadPicture
from lms.content.pictures.upload import AcceptedPicture, accept_picture
from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidCourseFile
from lms.learning.workshop.pictures import add_picture
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.database import session
from lms.web.language import translate
from lms.web.request_context import settings
from lms.web.workshop import lesson_pictures
from lms.web.workshop.blueprint import bp
from lms.web.workshop.draft import Draft, typed_draft
from lms.web.workshop.drawing import drawing_page, latest_draft
from lms.web.workshop.drawing_form import apply_form
from lms.web.workshop.wording import error_text

PATH = "/soan/them-man"
MAX_UPLOAD_BYTES = lesson_pictures.MAX_UPLOAD_BYTES + 256 * 1024  # with the text of the practice
NOT_LOOKED = mark_for_translation(
    "Bác nhìn lại ảnh: còn tên, số hay ảnh người thì che đi. Rồi đánh dấu vào ô “Tôi đã nhìn kỹ”."
)
NO_FILE = mark_for_translation("Bác chọn một ảnh chụp trong máy. Rồi bấm “Thêm màn từ ảnh này”.")
NO_DESCRIPTION = mark_for_translation(
    "Bác ghi trong ảnh có gì, để đọc cho người không thấy. Rồi bấm “Thêm màn từ ảnh này”."
)
NO_TITLE = mark_for_translation("Bác đặt tên cho màn này, như “Nhập mã”.")


@bp.post(PATH.removeprefix("/soan"))
def add_screenshot() -> Response:
    """The fields of a drawing, with ``khoa``, ``tep`` (a path), ``anh`` (the file) and ``da-nhin`` (a tick)."""
    request.max_content_length = MAX_UPLOAD_BYTES  # before anything of the form is read
    by, form = require_account(), request.form
    permissions.require_permission(by, "author", PermissionTarget(by.ward))
    # Before anything is read: the transaction that keeps the picture makes others wait, and opening it takes long.
    refusal, picture = _accept()
    draft, source = typed_draft(latest_draft(form.get("khoa", ""), form.get("tep", "")), form), ""
    if picture is not None:
        try:
            source = _store(draft, picture)
        except InvalidCourseFile as error:
            refusal = error_text(error)
    fields = form.to_dict() | {"man-anh": source, "do": "ghi"}
    if refusal:
        fields["man-moi"] = fields["man-mo-ta"] = ""
    applied = apply_form(draft.text, fields)
    said = (*((refusal,) if refusal else ()), *applied.refusals)
    again = (form.get("man-moi", ""), _description()) if said else ("", "")
    changed = replace(draft, text=applied.text)
    status = 422 if said else 200
    unused = {name: value for name, value in applied.unused.items() if not name.startswith("man-")}  # see ``again``
    return drawing_page(
        changed, applied.screen, said, status=status, shot=again, moves=applied.moves, unused=unused,
        reasons=applied.reasons,
    )  # fmt: skip


def _accept() -> tuple[str, AcceptedPicture | None]:
    """Open the uploaded picture. Returns why it is refused, in a sentence, or "", and the picture."""
    upload, title = request.files.get("anh"), request.form.get("man-moi", "").strip()
    if upload is None or not upload.filename:
        return translate(NO_FILE), None
    if not title:
        return translate(NO_TITLE), None
    if not _description():
        return translate(NO_DESCRIPTION), None
    if len(_description()) > lesson_pictures.MAX_DESCRIPTION:
        return lesson_pictures.long_description_text(), None
    if "da-nhin" not in request.form:
        return translate(NOT_LOOKED), None
    try:
        return "", accept_picture(upload.read(), upload.filename, title)
    except BadPicture as error:
        return str(error), None


def _description() -> str:
    """What is said of the picture to those who do not see it."""
    return " ".join(request.form.get("man-mo-ta", "").split())


def _store(draft: Draft, picture: AcceptedPicture) -> str:
    """Keep the picture; returns how the text names it.

    Raises:
        InvalidCourseFile: there are too many pictures.
    """
    path = add_picture(
        session(), draft.course, draft.lesson_folder, picture, by=require_account(), folder=settings().courses_dir,
        now=clock.now(), why=_description(),
    )  # fmt: skip
    return path.removeprefix(f"{draft.lesson_folder}/")

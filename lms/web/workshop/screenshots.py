"""POST /soan/them-man: a screenshot that somebody looked at becomes a screen of the practice that is drawn."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from lms.content.picture_check import BadPicture
from lms.content.picture_upload import accept_picture
from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import Subject
from lms.learning.errors import InvalidCourseFile
from lms.learning.workshop.pictures import add_picture
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.database import session
from lms.web.request_context import settings
from lms.web.workshop import lesson_pictures
from lms.web.workshop.blueprint import bp
from lms.web.workshop.draft import Draft, typed_draft
from lms.web.workshop.drawing import drawing_page, latest_draft
from lms.web.workshop.drawing_form import apply_form

PATH = "/soan/them-man"
MAX_UPLOAD_BYTES = lesson_pictures.MAX_UPLOAD_BYTES + 256 * 1024  # with the text of the practice
NOT_LOOKED = "Bác nhìn lại ảnh: còn tên, số hay ảnh người thì che đi. Rồi đánh dấu vào ô “Tôi đã nhìn kỹ”."
NO_TITLE = "Bác đặt tên cho màn này, như “Nhập mã”."


@bp.post(PATH.removeprefix("/soan"))
def add_screenshot() -> Response:
    """The fields of a drawing, with ``khoa``, ``tep`` (a path), ``anh`` (the file) and ``da-nhin`` (a tick)."""
    request.max_content_length = MAX_UPLOAD_BYTES  # before anything of the form is read
    by, form = require_account(), request.form
    permissions.require(by, "author", Subject(by.ward))
    draft = typed_draft(latest_draft(form.get("khoa", ""), form.get("tep", "")), form)
    refusal, source = _store(draft)
    fields = form.to_dict() | {"man-anh": source, "do": "ghi"}
    if refusal:
        fields["man-moi"] = ""
    applied = apply_form(draft.text, fields)
    said = (*((refusal,) if refusal else ()), *applied.refusals)
    again = (form.get("man-moi", ""), form.get("man-mo-ta", "")) if said else ("", "")
    changed = replace(draft, text=applied.text)
    return drawing_page(changed, applied.screen, said, status=422 if said else 200, shot=again)


def _store(draft: Draft) -> tuple[str, str]:
    """Keep the uploaded picture. Returns why it was not, in a sentence, or "", and how the text names it."""
    upload, title = request.files.get("anh"), request.form.get("man-moi", "").strip()
    alt = " ".join(request.form.get("man-mo-ta", "").split())
    if upload is None or not upload.filename:
        return lesson_pictures.NO_FILE, ""
    if not title:
        return NO_TITLE, ""
    if not alt:
        return lesson_pictures.NO_DESCRIPTION, ""
    if len(alt) > lesson_pictures.MAX_DESCRIPTION:
        return lesson_pictures.LONG_DESCRIPTION, ""
    if "da-nhin" not in request.form:
        return NOT_LOOKED, ""
    try:
        picture = accept_picture(upload.read(), upload.filename, title)
        path = add_picture(
            session(),
            draft.course,
            draft.lesson_folder,
            picture,
            by=require_account(),
            folder=settings().courses_dir,
            now=clock.now(),
            why=alt,
        )
    except (BadPicture, InvalidCourseFile) as error:
        return str(error), ""
    return "", path.removeprefix(f"{draft.lesson_folder}/")

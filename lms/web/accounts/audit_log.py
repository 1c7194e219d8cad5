"""/quan-ly/nhat-ky: the audit log, newest entries first."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from markupsafe import Markup, escape

from lms.learning.accounts import audit_log
from lms.learning.accounts.audit_log import AuditEntry
from lms.learning.accounts.permissions import PermissionTarget
from lms.message_catalog import mark_for_translation
from lms.web import page_cache
from lms.web.accounts.blueprint import bp
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session
from lms.web.language import mark_vietnamese, mark_vietnamese_text, translate, translate_markup
from lms.web.ward_words import roles_in_words, ward_label

ENTRIES_PER_PAGE = 50

ACTION_SENTENCES = {
    "account_added": mark_for_translation("thêm {name}: {roles}"),
    "account_disabled": mark_for_translation("ngừng tài khoản của {name}"),
    "account_enabled": mark_for_translation("mở lại tài khoản của {name}"),
    "account_forgotten": mark_for_translation("quên một người: tên không còn ở trang"),
    "ward_forgotten": mark_for_translation("xóa các lớp của {name}"),
    "ward_merged": mark_for_translation("nhập {name} vào {successor}"),
    "ward_renamed": mark_for_translation("đổi tên {name} thành {new_name}"),
    "slip_issued": mark_for_translation("in phiếu vào cho {name}"),
    "handoff_issued": mark_for_translation("hiện mã để vào bằng máy khác của mình"),
    "signed_in": mark_for_translation("vào bằng {by}"),
    "sign_in_blocked": mark_for_translation("gõ sai mật khẩu của {name} nhiều lần, nên tên này phải đợi 15 phút"),
    "signed_out_everywhere": mark_for_translation("cho {name} thoát khỏi các máy"),
    "password_set": mark_for_translation("đặt mật khẩu mới"),
    "class_opened": mark_for_translation("mở lớp {name}"),
    "ledger_written": mark_for_translation("ghi vào sổ của {name}"),
    "ledger_signed": mark_for_translation("ký chỉ tiêu của {name}"),
    "ledger_erased": mark_for_translation("bỏ chữ những lần ghi cũ trong sổ của {name}"),
    "plan_added": mark_for_translation("ghi vào lịch một lớp ở {name}"),
    "plan_changed": mark_for_translation("sửa lịch lớp ở {name}"),
    "plan_cancelled": mark_for_translation("hoãn lớp ở {name}"),
    "plan_restored": mark_for_translation("mở lại lịch lớp ở {name}"),
    "units_added": mark_for_translation("thêm đơn vị: {name}"),
    "unit_renamed": mark_for_translation("đổi tên một đơn vị thành {name}"),
    "unit_closed": mark_for_translation("ngừng đơn vị {name}"),
    "unit_reopened": mark_for_translation("mở lại đơn vị {name}"),
    "units_of_account_set": mark_for_translation("xếp {name} vào đơn vị"),
    "files_published": mark_for_translation("đăng bài của khóa {name}"),
    "lesson_hidden": mark_for_translation("ẩn bài {name}"),
    "lesson_shown": mark_for_translation("hiện lại bài {name}"),
    "translation_hidden": mark_for_translation("ẩn một bản dịch của {name}"),
    "translation_shown": mark_for_translation("hiện lại một bản dịch của {name}"),
    "class_closed": mark_for_translation("đóng lớp {name}"),
    "class_reopened": mark_for_translation("mở lại lớp {name}"),
    "class_taken_over": mark_for_translation("nhận điều khiển lớp {name}"),
    "class_exported": mark_for_translation("tải tệp nộp lớp {name}"),
    "class_handed_in": mark_for_translation("nhận lớp {name} của một máy ở phòng"),
    "helper_removed": mark_for_translation("thu quyền của {name}, người phụ lớp"),
}
# What a worker of a newer release has done, read by one of the release before while the site is upgraded.
UNKNOWN_ACTION = mark_for_translation("làm một việc mà bản này của trang chưa biết tên")
HELPER_WITHOUT_NAME = mark_for_translation(
    "thu quyền của một người phụ lớp"
)  # it went with the other personal data of the class
SIGN_IN_METHODS = {
    "slip": mark_for_translation("phiếu"),
    "password": mark_for_translation("mật khẩu"),
    "handoff": mark_for_translation("mã từ máy khác của mình"),
}
OTHER_METHOD = mark_for_translation("cách khác")
UNKNOWN_PERSON = mark_for_translation("Một người chưa rõ")
COMMAND_LINE_USER = mark_for_translation("Người ngồi tại máy chủ")


@bp.get("/quan-ly/nhat-ky")
def show_audit_log() -> Response:
    """``truoc`` is the id of the last entry of the previous page."""
    by = require_permission("read_audit_log", PermissionTarget(require_account().ward))
    typed_id = request.args.get("truoc", "")
    before_id = int(typed_id) if typed_id.isascii() and typed_id.isdigit() and len(typed_id) < 16 else None
    entries = audit_log.read_entries(session(), ward=by.ward, before=before_id, limit=ENTRIES_PER_PAGE + 1)
    page = render_template(
        "accounts/audit_log.html",
        account=by,
        entries=entries[:ENTRIES_PER_PAGE],
        actor_label=actor_label,
        entry_sentence=entry_sentence,
        last_id=entries[ENTRIES_PER_PAGE - 1].id if len(entries) > ENTRIES_PER_PAGE else None,
        is_first_page=before_id is None,
    )
    return page_cache.no_store_page(page)


def actor_label(entry: AuditEntry) -> Markup:
    """The name of the account, or a phrase for the command line or a stranger who guessed a password."""
    if entry.actor_name:
        return mark_vietnamese(escape(entry.actor_name))
    phrase = UNKNOWN_PERSON if entry.action == "sign_in_blocked" else COMMAND_LINE_USER
    return translate_markup(phrase)


def entry_sentence(entry: AuditEntry) -> Markup:
    """What the actor did, as the page prints it after the actor's name: "thêm Minh: người đứng lớp"."""
    details = entry.details
    name, roles = details.get("name", ""), roles_in_words(details.get("roles", ()))
    if entry.action == "helper_removed" and not name:
        return translate_markup(HELPER_WITHOUT_NAME)
    if entry.action == "account_changed":
        return Markup("; ").join(_change_sentences(details, name, roles))
    method = translate(SIGN_IN_METHODS.get(details.get("by", ""), OTHER_METHOD))
    other = {key: mark_vietnamese_text(details.get(key, "")) for key in ("successor", "new_name")}
    sentence = translate_markup(ACTION_SENTENCES.get(entry.action, UNKNOWN_ACTION))
    return sentence.format(name=mark_vietnamese_text(name), roles=roles, by=method, **other)


def _change_sentences(details: dict[str, Any], name: str, roles: str) -> list[Markup]:
    before = details["before"]
    sentences: list[Markup] = []
    if before["name"] != name:
        sentences.append(
            translate_markup("đổi tên {} thành {}").format(
                mark_vietnamese_text(before["name"]), mark_vietnamese_text(name)
            )
        )
    if before["roles"] != details["roles"]:
        earlier = roles_in_words(before["roles"])
        sentences.append(
            translate_markup("đổi việc của {} từ {} thành {}").format(mark_vietnamese_text(name), earlier, roles)
        )
    if before["ward"] != details["ward"]:
        places = ward_label(before["ward"]), ward_label(details["ward"])
        sentences.append(translate_markup("chuyển {} từ {} sang {}").format(mark_vietnamese_text(name), *places))
    return sentences or [
        translate_markup("đổi tên của {}").format(mark_vietnamese_text(name))
    ]  # both names are gone: the account was forgotten

"""/quan-ly/nhat-ky: the audit log, newest entries first."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request

from lms.learning.accounts import audit_log
from lms.learning.accounts.audit_log import AuditEntry
from lms.learning.accounts.permissions import Subject, roles_in_words
from lms.learning.wards import ward_label
from lms.web import page_cache
from lms.web.accounts.blueprint import bp
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.database import session

ENTRIES_PER_PAGE = 50

ACTION_SENTENCES = {
    "account_added": "thêm {name}: {roles}",
    "account_disabled": "ngừng tài khoản của {name}",
    "account_enabled": "mở lại tài khoản của {name}",
    "account_forgotten": "quên một người: tên không còn ở trang",
    "ward_forgotten": "xóa các lớp của {name}",
    "ward_merged": "nhập {name} vào {successor}",
    "ward_renamed": "đổi tên {name} thành {new_name}",
    "slip_issued": "in phiếu vào cho {name}",
    "handoff_issued": "hiện mã để vào bằng máy khác của mình",
    "signed_in": "vào bằng {by}",
    "sign_in_blocked": "gõ sai mật khẩu của {name} nhiều lần, nên tên này phải đợi 15 phút",
    "signed_out_everywhere": "cho {name} thoát khỏi các máy",
    "password_set": "đặt mật khẩu mới",
    "class_opened": "mở lớp {name}",
    "plan_added": "ghi vào lịch một lớp ở {name}",
    "plan_changed": "sửa lịch lớp ở {name}",
    "plan_cancelled": "hoãn lớp ở {name}",
    "plan_restored": "mở lại lịch lớp ở {name}",
    "units_added": "thêm đơn vị: {name}",
    "unit_renamed": "đổi tên một đơn vị thành {name}",
    "unit_closed": "ngừng đơn vị {name}",
    "unit_reopened": "mở lại đơn vị {name}",
    "units_of_account_set": "xếp {name} vào đơn vị",
    "target_set": "ghi một chỉ tiêu của {name}",
    "target_signed": "ký một chỉ tiêu của {name}",
    "hand_figure_entered": "ghi số đếm tay: {name}",
    "hand_figure_withdrawn": "bỏ một số đếm tay: {name}",
    "files_published": "đăng bài của khóa {name}",
    "files_scheduled": "hẹn giờ đăng bài của khóa {name}",
    "publication_cancelled": "bỏ một lần hẹn đăng của khóa {name}",
    "lesson_hidden": "ẩn bài {name}",
    "lesson_shown": "hiện lại bài {name}",
    "report_note_written": "ghi vào báo cáo của {name}",
    "report_note_erased": "bỏ chữ những bản ghi cũ ở báo cáo của {name}",
    "class_closed": "đóng lớp {name}",
    "class_reopened": "mở lại lớp {name}",
    "class_taken_over": "nhận điều khiển lớp {name}",
    "class_exported": "tải tệp nộp lớp {name}",
    "class_handed_in": "nhận lớp {name} của một máy ở phòng",
    "helper_removed": "thu quyền của {name}, người phụ lớp",
}
# What a worker of a newer release has done, read by one of the release before while the site is upgraded.
UNKNOWN_ACTION = "làm một việc mà bản này của trang chưa biết tên"
HELPER_WITHOUT_NAME = "thu quyền của một người phụ lớp"  # it went with the other personal data of the class
SIGN_IN_METHODS = {"slip": "phiếu", "password": "mật khẩu", "handoff": "mã từ máy khác của mình"}
UNKNOWN_PERSON = "Một người chưa rõ"
COMMAND_LINE_USER = "Người ngồi tại máy chủ"


@bp.get("/quan-ly/nhat-ky")
def show_audit_log() -> Response:
    """``truoc`` is the id of the last entry of the previous page."""
    by = require_permission("read_audit_log", Subject(require_account().ward))
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


def actor_label(entry: AuditEntry) -> str:
    """The name of the account, or a phrase for the command line or a stranger who guessed a password."""
    if entry.actor_name:
        return entry.actor_name
    return UNKNOWN_PERSON if entry.action == "sign_in_blocked" else COMMAND_LINE_USER


def entry_sentence(entry: AuditEntry) -> str:
    """What the actor did, as the page prints it after the actor's name: "thêm Minh: người đứng lớp"."""
    details = entry.details
    name, roles = details.get("name", ""), roles_in_words(details.get("roles", ()))
    if entry.action == "helper_removed" and not name:
        return HELPER_WITHOUT_NAME
    if entry.action == "account_changed":
        return "; ".join(_change_sentences(details, name, roles))
    method = SIGN_IN_METHODS.get(details.get("by", ""), "cách khác")
    other = {key: details.get(key, "") for key in ("successor", "new_name")}
    return ACTION_SENTENCES.get(entry.action, UNKNOWN_ACTION).format(name=name, roles=roles, by=method, **other)


def _change_sentences(details: dict[str, Any], name: str, roles: str) -> list[str]:
    before = details["before"]
    sentences: list[str] = []
    if before["name"] != name:
        sentences.append(f"đổi tên {before['name']} thành {name}")
    if before["roles"] != details["roles"]:
        sentences.append(f"đổi việc của {name} từ {roles_in_words(before['roles'])} thành {roles}")
    if before["ward"] != details["ward"]:
        sentences.append(f"chuyển {name} từ {ward_label(before['ward'])} sang {ward_label(details['ward'])}")
    return sentences or [f"đổi tên của {name}"]  # both names are gone: the account was forgotten

"""What pages of accounts say: duties, moments, and a sentence for each deed of the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lms.learning.accounts.audit_log import Entry
from lms.learning.accounts.permissions import in_words as roles_in_words
from lms.learning.wards import place_name
from lms.web import clock

ROLE_DEEDS = {
    "facilitator": "Mở lớp, dạy, xem báo cáo của lớp.",
    "helper": "Đi giữa các hàng ghế, giúp người bị kẹt.",
    "author": "Viết bài và bài tập.",
    "organiser": "Thêm người, in phiếu vào, xem nhật ký.",
    "administrator": "Làm được mọi việc, ở mọi phường.",
}

# Why something was refused: learning says the word, people read the sentence.
SLIP_REFUSED = {
    "unknown": "Chưa tìm thấy phiếu này. So lại từng chữ rồi gõ lại. Đã in phiếu mới thì phiếu cũ hết dùng được.",
    "used": "Phiếu này đã dùng rồi. Mỗi phiếu chỉ vào được một lần. Nhờ người tổ chức in phiếu mới.",
    "expired": "Phiếu này đã quá 7 ngày. Nhờ người tổ chức in phiếu mới.",
    "disabled": "Tài khoản của phiếu này đang ngừng. Hỏi người tổ chức của phường.",
}
NOT_FILLED = {
    "ma": "Gõ mã trên phiếu vào ô này đã nhé. Mã có 12 chữ và số.",
    "ten": "Gõ tên của mình vào ô này đã nhé, rồi gõ lại mật khẩu.",
    "mat-khau": "Gõ mật khẩu vào ô này đã nhé. Quên mật khẩu thì vào bằng phiếu mới.",
}
WRONG_SIGN_IN = "Tên hoặc mật khẩu chưa đúng. Gõ lại, hoặc vào bằng phiếu mới."
WEAK_PASSWORD = {
    "short": "Mật khẩu cần ít nhất 8 ký tự. Một câu ngắn dễ nhớ là tốt nhất.",
    "long": "Mật khẩu dài quá. Dùng nhiều nhất 1000 ký tự.",
    "common": "Mật khẩu này nhiều người dùng nên dễ bị đoán. Thử ghép vài từ không liên quan với nhau.",
    "own": "Mật khẩu này giống tên người, tên phường hoặc tên trang, nên dễ bị đoán. Thử ghép vài từ khác.",
}
INVALID_ACCOUNT = {
    "name": "Ghi họ tên vào ô này nhé, nhiều nhất 60 chữ.",
    "roles": "Chọn ít nhất một việc nhé.",
    "ward": "Chọn một phường trong danh sách.",
    "city": "Quản trị là của toàn thành phố. Chọn Toàn thành phố, hoặc bỏ việc quản trị.",
}
LAST_ADMINISTRATOR = "Đây là người quản trị cuối cùng. Thêm một người quản trị khác trước đã."
NOT_YOURSELF = "Không tự bỏ quyền của mình được. Nhờ một người tổ chức khác làm việc này."

_DEEDS = {
    "account_added": "thêm {name}: {roles}",
    "account_disabled": "ngừng tài khoản của {name}",
    "account_enabled": "mở lại tài khoản của {name}",
    "slip_issued": "in phiếu vào cho {name}",
    "signed_in": "vào bằng {by}",
    "sign_in_blocked": "gõ sai mật khẩu của {name} nhiều lần, nên tên này phải đợi 15 phút",
    "signed_out_everywhere": "cho {name} thoát khỏi các máy",
    "password_set": "đặt mật khẩu mới",
    "class_opened": "mở lớp {name}",
    "class_closed": "đóng lớp {name}",
    "class_reopened": "mở lại lớp {name}",
    "class_taken_over": "nhận điều khiển lớp {name}",
    "helper_removed": "thu quyền của {name}, người phụ lớp",
}
_BY = {"slip": "phiếu", "password": "mật khẩu"}
UNKNOWN_PERSON = "Một người chưa rõ"
AT_THE_MACHINE = "Người ngồi tại máy chủ"


def moment_in_words(moment: datetime) -> str:
    """ "9 giờ 05, ngày 25 tháng 11 năm 2026", as a clock in Vietnam shows it."""
    local = clock.vietnamese(moment)
    return f"{local.hour} giờ {local.minute:02}, ngày {clock.day_in_words(moment)}"


def entry_in_words(entry: Entry) -> str:
    """The sentence behind who did it: "thêm Minh: người đứng lớp"."""
    said = entry.said
    name, roles = said.get("name", ""), roles_in_words(said.get("roles", ()))
    if entry.deed == "account_changed":
        return "; ".join(_changes(said, name, roles))
    return _DEEDS[entry.deed].format(name=name, roles=roles, by=_BY.get(said.get("by", ""), ""))


def _changes(said: dict[str, Any], name: str, roles: str) -> list[str]:
    before = said["before"]
    parts = []
    if before["name"] != name:
        parts.append(f"đổi tên {before['name']} thành {name}")
    if before["roles"] != said["roles"]:
        parts.append(f"đổi việc của {name} từ {roles_in_words(before['roles'])} thành {roles}")
    if before["ward"] != said["ward"]:
        parts.append(f"chuyển {name} từ {place_name(before['ward'])} sang {place_name(said['ward'])}")
    return parts


def actor(entry: Entry) -> str:
    """Who did it, in words: a name, whoever sat at the machine, or somebody unknown who guessed at a password."""
    if entry.who:
        return entry.who
    return UNKNOWN_PERSON if entry.deed == "sign_in_blocked" else AT_THE_MACHINE

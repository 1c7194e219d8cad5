"""What the workshop calls the states of files, and addresses that its pages have in common."""

from __future__ import annotations

from lms.learning.workshop.review import State

STATE_NAMES: dict[State, str] = {
    "draft": "bản nháp",
    "submitted": "chờ xem",
    "returned": "trả lại",
    "approved": "đã duyệt",
    "published": "đã đăng",
}
VERDICT_NAMES = {"submitted": "gửi xem", "approved": "duyệt", "returned": "trả lại"}
ERROR_STATE = "lỗi"
FOLDER_NAME = "thư mục khóa học"


def history_url(course: str, path: str) -> str:
    return f"/soan/lich-su/{course}/{path}"


def publishing_url(course: str) -> str:
    return f"/soan/dang/{course}"

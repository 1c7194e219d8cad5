"""What the workshop calls the states of files, and addresses and sentences that its pages have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from lms.content.problems import Level
from lms.learning.errors import InvalidCourseFile
from lms.learning.workshop.review import State
from lms.message_catalog import mark_for_translation
from lms.web.language import translate

Key = TypeVar("Key", bound=str)

STATE_NAMES: Mapping[State, str] = {
    "draft": mark_for_translation("bản nháp"),
    "submitted": mark_for_translation("chờ xem"),
    "returned": mark_for_translation("trả lại"),
    "approved": mark_for_translation("đã duyệt"),
    "published": mark_for_translation("đã đăng"),
}
VERDICT_NAMES: Mapping[str, str] = {
    "submitted": mark_for_translation("gửi xem"),
    "approved": mark_for_translation("duyệt"),
    "returned": mark_for_translation("trả lại"),
}
LEVEL_NAMES: Mapping[Level, str] = {
    "error": mark_for_translation("lỗi"),
    "warning": mark_for_translation("cảnh báo"),
    "advice": mark_for_translation("gợi ý"),
}
ERROR_STATE = mark_for_translation("lỗi")
FOLDER_NAME = mark_for_translation("thư mục khóa học")


def translate_values(names: Mapping[Key, str]) -> dict[Key, str]:
    """The names in the page's language."""
    return {key: translate(name) for key, name in names.items()}


def translate_message_key(messages: Mapping[str, str], key: str) -> str:
    """The sentence of a key in the page's language; "" for a key that has none."""
    return translate(messages[key]) if key in messages else ""


def error_text(error: InvalidCourseFile) -> str:
    """Why a file is refused, in the page's language."""
    return translate(error.sentence).format(**error.values)


def history_url(course: str, path: str) -> str:
    return f"/soan/lich-su/{course}/{path}"


def publishing_url(course: str) -> str:
    return f"/soan/dang/{course}"

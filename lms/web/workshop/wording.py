"""What the workshop calls the states of files, and addresses and sentences that its pages have in common."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TypeVar

from markupsafe import Markup, escape

from lms.content.problems import Level
from lms.learning.errors import InvalidCourseFile
from lms.learning.practice.analytics import MIN_PEOPLE
from lms.learning.workshop.revision_review import FileState, State
from lms.message_catalog import mark_for_translation
from lms.web.language import mark_vietnamese, translate

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
# Why a revision or a publication was made, where the workshop itself wrote it; they are stored in Vietnamese.
_OWN_REASONS = (
    mark_for_translation("bài mới từ chữ mẫu"),
    mark_for_translation("khóa mới từ chữ mẫu"),
    mark_for_translation("thư mục đã đổi"),
    mark_for_translation("lấy lại bản {which}"),
    mark_for_translation("dời từ {which}"),
    mark_for_translation("chép từ {which}"),
    mark_for_translation("đổi thứ tự: {which} lên"),
    mark_for_translation("đổi thứ tự: {which} xuống"),
)
_OWN_REASON_PATTERNS = {
    reason: re.compile(re.escape(reason).replace(r"\{which\}", r"(?P<which>[\w/-]+)")) for reason in _OWN_REASONS
}
# Of several files: the state that needs most.
_FIRST_STATES: tuple[State, ...] = ("returned", "draft", "submitted", "approved", "published")
_LANGUAGES = {"en": mark_for_translation("tiếng Anh")}  # as a sentence names them
_FEW = mark_for_translation("dưới {count}")
ERROR_STATE = mark_for_translation("lỗi")
FOLDER_NAME = mark_for_translation("thư mục khóa học")


def translate_values(names: Mapping[Key, str]) -> dict[Key, str]:
    """The names in the page's language."""
    return {key: translate(name) for key, name in names.items()}


def first_state(files: Collection[FileState]) -> FileState | None:
    """The file that needs most, and of those that need the same the one that is read first; None of no files."""
    return min(
        files,
        key=lambda file: (_FIRST_STATES.index(file.state), not file.path.endswith("/hieu.md")),
        default=None,
    )


def count_in_words(count: int | None) -> str:
    """A count of people; None: too few to say how many."""
    return translate(_FEW).format(count=MIN_PEOPLE) if count is None else str(count)


def language_name(code: str) -> str:
    """What a sentence calls a language: "tiếng Anh"."""
    return translate(_LANGUAGES[code]) if code in _LANGUAGES else code


def translate_message_key(messages: Mapping[str, str], key: str) -> str:
    """The sentence of a key in the page's language; "" for a key that has none."""
    return translate(messages[key]) if key in messages else ""


def reason_text(why: str) -> str | Markup:
    """Why a revision or a publication was made: what an author wrote as it is, the workshop's words translated."""
    for reason, pattern in _OWN_REASON_PATTERNS.items():
        if found := pattern.fullmatch(why):
            return translate(reason).format(**found.groupdict())
    return mark_vietnamese(escape(why))


def error_text(error: InvalidCourseFile) -> str:
    """Why a file is refused, in the page's language."""
    return translate(error.sentence).format(**error.values)


def history_url(course: str, path: str) -> str:
    return f"/soan/lich-su/{course}/{path}"


def publishing_url(course: str) -> str:
    return f"/soan/dang/{course}"

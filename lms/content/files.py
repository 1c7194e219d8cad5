"""Files of a course on disk: which kind each is by its name, and its text or why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lms.content.links import LANGUAGE
from lms.content.problems import Problem

LARGEST = 500_000  # bytes; the longest file that anybody has written is a tenth of it

_WORD_PROCESSORS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"%PDF")

FileKind = Literal["course", "understand", "practice", "use"]

_NAME = re.compile(
    rf"(?:(?P<stem>course|hieu|dung|lam)(?:-(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*))?)(?:\.(?P<language>{LANGUAGE}))?\.md\Z"
)
_KINDS: dict[str, FileKind] = {"course": "course", "hieu": "understand", "dung": "use", "lam": "practice"}


@dataclass(frozen=True, slots=True)
class CourseFile:
    """What a file's name says. ``name`` is the <name> of ``lam-<name>.md``; ``language`` None for the source itself."""

    kind: FileKind
    name: str = ""
    language: str | None = None


def file_of(filename: str) -> CourseFile | None:
    """What a file of that name is, or None when the course language knows no such file."""
    found = _NAME.match(filename)
    if not found or (found["name"] and found["stem"] != "lam"):
        return None
    return CourseFile(_KINDS[found["stem"]], found["name"] or "", found["language"])


def read_text(path: Path, inside: Path | None = None) -> tuple[str | None, list[Problem]]:
    """The text of a file, or None when there is none to go on with, and what is wrong with its bytes.

    ``inside`` is the folder that a symbolic link must not lead out of. Some bytes that are not UTF-8 become U+FFFD, so
    that the rest of the file is checked, too; a file in an old code page is one problem, not one for every word.
    """
    try:
        if path.is_dir():
            return None, [_whole(path, "not-a-file", "Đây là thư mục; bác đổi tên nó, vì chỗ này cần một tệp.")]
        if inside is not None and not path.resolve().is_relative_to(inside.resolve()):
            message = "Chép tệp vào thư mục của khóa học: liên kết này trỏ ra ngoài."
            return None, [_whole(path, "outside-folder", message)]
        if inside is not None and path.exists() and not path.is_file():  # a pipe would be waited for without end
            return None, [_whole(path, "not-a-file", "Đây không phải một tệp thường; bác đổi tên nó, hoặc xóa đi.")]
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, RuntimeError, ValueError):
        return None, [_whole(path, "unreadable", "Không mở được tệp này; bác xem lại quyền đọc của nó.")]
    if len(data) > LARGEST:
        message = f"Tách tệp này ra: nó lớn hơn {LARGEST // 1000} KB."
        return None, [_whole(path, "too-large", message)]
    if data.startswith(_WORD_PROCESSORS):
        message = (
            "Lưu lại thành văn bản thường, mã UTF-8: tệp này do Word hay một chương trình khác lưu theo kiểu riêng."
        )
        return None, [_whole(path, "not-utf-8", message)]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None, [_whole(path, "not-utf-8", "Lưu lại tệp với mã UTF-8; tệp này đang là UTF-16.")]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        problems = _bad_bytes(path, data)
    if _is_of_another_code_page(data, len(problems)):
        message = "Lưu lại cả tệp với mã UTF-8: tệp này đang ở một bảng mã cũ, chữ có dấu chưa đọc được."
        return None, [replace(problems[0], message=message)]
    return data.decode("utf-8", "replace"), problems


def _whole(path: Path, rule: str, message: str) -> Problem:
    return Problem(str(path), 1, 1, "error", rule, message)


def _bad_bytes(path: Path, data: bytes) -> list[Problem]:
    """A problem for every line with bytes that are not UTF-8, at the first of them."""
    problems = []
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as wrong:
            column = len(line[: wrong.start].decode("utf-8")) + 1
            message = "Lưu lại tệp với mã UTF-8 rồi gõ lại chữ ở chỗ này."
            problems.append(Problem(str(path), number, column, "error", "not-utf-8", message))
    return problems


def _is_of_another_code_page(data: bytes, bad_lines: int) -> bool:
    """Whether hardly a line with marks can be read, and not only a few letters have been damaged."""
    marked = sum(not line.isascii() for line in data.split(b"\n"))
    return 2 * bad_lines > marked

"""Files of a course: their kind, from the name, and their text, or why it cannot be read."""

from __future__ import annotations

import errno
import os
import re
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lms.content.links import LANGUAGE
from lms.content.problems import Problem

SOURCE_LANGUAGE = "vi"  # of the files without a language in their names
MAX_BYTES = 500_000  # ten times the longest real file

_WORD_PROCESSOR_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"%PDF")

FileKind = Literal["course", "understand", "practice", "use"]

_FILE_NAME = re.compile(
    rf"(?:(?P<stem>course|hieu|dung|lam)(?:-(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*))?)(?:\.(?P<language>{LANGUAGE}))?\.md\Z"
)
_KINDS: dict[str, FileKind] = {"course": "course", "hieu": "understand", "dung": "use", "lam": "practice"}


@dataclass(frozen=True, slots=True)
class CourseFile:
    """A parsed file name. ``name`` is the <name> of ``lam-<name>.md``; only a translation has a ``language``."""

    kind: FileKind
    name: str = ""
    language: str | None = None


def parse_file_name(filename: str) -> CourseFile | None:
    """Parse a file name; None if a course has no such file."""
    match = _FILE_NAME.match(filename)
    if not match or (match["name"] and match["stem"] != "lam") or match["language"] == SOURCE_LANGUAGE:
        return None
    return CourseFile(_KINDS[match["stem"]], match["name"] or "", match["language"])


def original_of(path: Path) -> Path | None:
    """Where the original of a translation is, or would be; None if the file is no translation."""
    file = parse_file_name(path.name)
    return path.with_name(path.name.removesuffix(f".{file.language}.md") + ".md") if file and file.language else None


def read_text(path: Path, inside: Path | None = None) -> tuple[str | None, list[Problem]]:
    """Read a file; returns its text, or None if it is unusable, and the problems of its bytes.

    ``inside`` is the folder that a symbolic link must not lead out of. Isolated bytes that are not UTF-8 become U+FFFD,
    so that the rest of the file is still checked; a file in a legacy encoding is a single problem.
    """
    try:
        mode = _mode(path)
        if stat.S_ISDIR(mode):
            return None, [_file_problem(path, "not-a-file", "Đây là thư mục; bác đổi tên nó, vì chỗ này cần một tệp.")]
        if inside is not None and not _is_inside(path, inside):
            message = "Chép tệp vào thư mục của khóa học: liên kết này trỏ ra ngoài."
            return None, [_file_problem(path, "outside-folder", message)]
        if inside is not None and mode and not stat.S_ISREG(mode):  # reading a pipe would block forever
            return None, [
                _file_problem(path, "not-a-file", "Đây không phải một tệp thường; bác đổi tên nó, hoặc xóa đi.")
            ]
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, RuntimeError, ValueError):
        return None, [_file_problem(path, "unreadable", "Không mở được tệp này; bác xem lại quyền đọc của nó.")]
    if len(data) > MAX_BYTES:
        message = f"Tách tệp này ra: nó lớn hơn {MAX_BYTES // 1000} KB."
        return None, [_file_problem(path, "too-large", message)]
    if data.startswith(_WORD_PROCESSOR_SIGNATURES):
        message = (
            "Lưu lại thành văn bản thường, mã UTF-8: tệp này do Word hay một chương trình khác lưu theo kiểu riêng."
        )
        return None, [_file_problem(path, "not-utf-8", message)]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None, [_file_problem(path, "not-utf-8", "Lưu lại tệp với mã UTF-8; tệp này đang là UTF-16.")]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        problems = _invalid_utf8_problems(path, data)
    if _is_legacy_encoding(data, len(problems)):
        message = "Lưu lại cả tệp với mã UTF-8: tệp này đang ở một bảng mã cũ, chữ có dấu chưa đọc được."
        return None, [replace(problems[0], message=message)]
    return data.decode("utf-8", "replace"), problems


def _mode(path: Path) -> int:
    """The type of a file and its permissions, as ``os.stat`` has them; 0 if there is none."""
    try:
        return os.stat(path).st_mode
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return 0
        raise


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether a path is in ``folder`` when symbolic links are followed."""
    inner, outer = (os.path.normcase(os.path.realpath(each)) for each in (path, folder))  # faster than pathlib
    return inner == outer or inner.startswith(os.path.join(outer, ""))


def _file_problem(path: Path, rule: str, message: str) -> Problem:
    return Problem(str(path), 1, 1, "error", rule, message)


def _invalid_utf8_problems(path: Path, data: bytes) -> list[Problem]:
    """One problem for each line that is not UTF-8, at its first invalid byte."""
    problems: list[Problem] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            column = len(line[: error.start].decode("utf-8")) + 1
            message = "Lưu lại tệp với mã UTF-8 rồi gõ lại chữ ở chỗ này."
            problems.append(Problem(str(path), number, column, "error", "not-utf-8", message))
    return problems


def _is_legacy_encoding(data: bytes, bad_lines: int) -> bool:
    """Whether most lines with non-ASCII text are invalid, rather than a few damaged letters."""
    non_ascii = sum(not line.isascii() for line in data.split(b"\n"))
    return 2 * bad_lines > non_ascii

"""Scan course folders: find courses, lessons and files, and report misnamed or missing ones."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lms.content.files import CourseFile, parse_file_name
from lms.content.fuzzy_matching import nearest, slugify
from lms.content.links import COURSE_FOLDER, LESSON_FOLDER, RESERVED_SLUGS
from lms.content.problems import Level, Problem

_COPY = re.compile(r"(?i)(?:\.vi|\s*\(\d+\)|\s*-\s*(?:copy|bản sao|ban sao)(?:\s*\(\d+\))?|\s+(?:copy|bản sao))+$")
_WORD_SUFFIXES = frozenset({".docx", ".doc", ".rtf", ".odt", ".pdf"})
_NUMBERED = re.compile(r"\d+[-_. ]")


@dataclass(slots=True)
class LessonFolder:
    """A scanned lesson folder. Order of ``files``: hieu, lam, lam-<name> …, dung; translations after their source."""

    path: Path
    number: int
    slug: str
    files: list[tuple[CourseFile, Path]] = field(default_factory=list[tuple[CourseFile, Path]])
    problems: list[Problem] = field(default_factory=list[Problem])

    def source_file(self, kind: str, name: str = "") -> Path | None:
        return next((path for file, path in self.files if file == CourseFile(kind, name)), None)  # type: ignore[arg-type]


@dataclass(slots=True)
class CourseFolder:
    """A scanned course folder."""

    path: Path
    files: list[tuple[CourseFile, Path]] = field(
        default_factory=list[tuple[CourseFile, Path]]
    )  # course.md and its translations
    lessons: list[LessonFolder] = field(default_factory=list[LessonFolder])
    problems: list[Problem] = field(default_factory=list[Problem])


def absolute_path(folder: Path) -> Path:
    """The absolute path without resolving symbolic links: a folder's own name makes its URL."""
    return Path(os.path.abspath(folder))


def folder_identity(folder: Path) -> tuple[int, int] | None:
    """What changes when another folder, or a link to another one, takes this one's place; None if there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def visible_entries(folder: Path) -> list[Path]:
    """The entries of a folder, sorted by name, without those that begin with "." or "_", and Word's locks ("~$…").

    Raises:
        OSError: the folder cannot be read.
    """
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_", "~$")))


def looks_like_lesson(folder: Path) -> bool:
    """Whether a folder is probably a lesson: it is numbered, or has a file that only lessons have."""
    if _NUMBERED.match(absolute_path(folder).name):
        return True
    try:
        files = [parse_file_name(path.name) for path in folder.iterdir()]
    except OSError:
        return False
    return any(file is not None and file.kind != "course" for file in files)


def looks_like_course(folder: Path) -> bool:
    """Whether a folder is probably a course: it has a course.md, or lessons."""
    try:
        inner = visible_entries(folder)
    except OSError:
        return False
    if any(path.name == "course.md" for path in inner):
        return True
    return any(path.is_dir() and looks_like_lesson(path) and not (path / "course.md").exists() for path in inner)


def scan_course(folder: Path) -> CourseFolder:
    """List a course's lessons and files, and report problems of names and structure."""
    scan = CourseFolder(folder)
    _check_course_folder_name(scan)
    try:
        inner = visible_entries(folder)
    except OSError:
        scan.problems.append(_unreadable(folder))
        return scan
    for path in inner:
        file = parse_file_name(path.name)
        if file is not None and file.kind == "course":
            scan.files.append((file, path))
        elif path.is_dir() and path.name != "images":
            _add_lesson(scan, path)
        elif file is not None:
            message = f"Đưa tệp “{path.name}” vào thư mục của bài, như 01-ten-bai: ở đây chỉ có course.md."
            scan.problems.append(_folder_problem(path, "unknown-file", message))
        elif _is_unread(path, ("course",)):
            scan.problems.append(unknown_file_problem(path, inner, "course.md"))
    scan.files.sort(key=lambda pair: pair[0].language or "")
    _check_clashes(scan)
    course_file = folder / "course.md"
    if not any(file.language is None for file, _ in scan.files):
        message = "Thêm tệp course.md: tên, tóm tắt, ngày kiểm tra và nguồn của khóa học."
        message = _other_suffix(inner, "course.md") or message
        scan.problems.append(_folder_problem(course_file, "missing-file", message))
    if not scan.lessons:
        message = "Thêm ít nhất một bài: một thư mục như 01-ten-bai, trong đó có hieu.md."
        scan.problems.append(_folder_problem(course_file, "no-lessons", message))
    return scan


def scan_lesson(folder: Path) -> LessonFolder:
    """List a lesson's files, and report missing and misnamed ones."""
    match = LESSON_FOLDER.match(absolute_path(folder).name)
    scan = LessonFolder(folder, int(match["number"]) if match else 0, match["slug"] if match else "")
    if match is None:
        _check_lesson_folder_name(scan)
    try:
        inner = visible_entries(folder)
    except OSError:
        scan.problems.append(_unreadable(folder))
        return scan
    for path in inner:
        file = parse_file_name(path.name)
        if file is not None and file.kind != "course":
            scan.files.append((file, path))
        elif _is_unread(path, ("hieu", "lam", "dung")):
            scan.problems.append(unknown_file_problem(path, inner, "hieu.md", "lam.md", "dung.md"))
    order = {"understand": 0, "practice": 1, "use": 2}
    scan.files.sort(key=lambda pair: (order[pair[0].kind], pair[0].name, pair[0].language or ""))
    _check_missing(scan, inner)
    return scan


def _add_lesson(course: CourseFolder, path: Path) -> None:
    try:
        inside = path.resolve().is_relative_to(course.path.resolve())
    except (OSError, RuntimeError):
        inside = False
    if inside:
        course.lessons.append(scan_lesson(path))
    else:
        message = "Chép thư mục này vào khóa học: liên kết trỏ ra ngoài."
        course.problems.append(_folder_problem(path, "outside-folder", message))


def _check_course_folder_name(course: CourseFolder) -> None:
    name = absolute_path(course.path).name
    if name in RESERVED_SLUGS:
        message = f"Đổi tên thư mục: địa chỉ /{name} đã dành cho một trang của hệ thống."
        course.problems.append(_folder_problem(course.path / "course.md", "reserved-address", message))
    elif not COURSE_FOLDER.match(name):
        message = f"Đổi tên thư mục “{name}”: chỉ dùng chữ không dấu, chữ số và dấu gạch ngắn."
        course.problems.append(
            _folder_problem(course.path / "course.md", "course-folder", message, slugify(name) or None)
        )


def _check_lesson_folder_name(lesson: LessonFolder) -> None:
    name = absolute_path(lesson.path).name
    number, rest = re.match(r"(\d*)(.*)", name, re.DOTALL).groups()  # type: ignore[union-attr]
    meant = f"{int(number or 1) % 10000:02d}-{slugify(rest) or 'ten-bai'}"
    message = f"Đổi tên thư mục “{name}” theo dạng số-tên, như {meant}: chữ thường không dấu, nối bằng dấu gạch ngắn."
    lesson.problems.append(_folder_problem(lesson.path / "hieu.md", "lesson-folder", message, meant))


def _check_clashes(course: CourseFolder) -> None:
    course.lessons.sort(key=lambda lesson: (lesson.number, lesson.path.name))
    slugs: dict[str, str] = {}
    numbers: dict[int, str] = {}
    for lesson in course.lessons:
        if not lesson.slug:
            continue
        other = slugs.setdefault(lesson.slug, lesson.path.name)
        if other != lesson.path.name:
            message = f"Đổi tên thư mục: bài này trùng địa chỉ với {other}."
            course.problems.append(_folder_problem(lesson.path / "hieu.md", "lesson-twice", message))
        other = numbers.setdefault(lesson.number, lesson.path.name)
        if other != lesson.path.name:
            message = f"Đổi số ở đầu tên thư mục: bài này trùng số với {other}."
            course.problems.append(_folder_problem(lesson.path / "hieu.md", "lesson-number", message))


def _check_missing(lesson: LessonFolder, inner: list[Path]) -> None:
    wanted: tuple[tuple[str, str, Level, str], ...] = (
        ("understand", "hieu.md", "error", "Thêm tệp hieu.md: mỗi bài có phần Hiểu ngay."),
        ("practice", "lam.md", "warning", "Bài này chưa có lam.md, nên chưa có phần Làm được."),
        ("use", "dung.md", "warning", "Bài này chưa có dung.md, nên chưa có phần Dùng liền."),
    )
    for kind, name, level, message in wanted:
        other_suffix = _other_suffix(inner, name)
        if lesson.source_file(kind) is None and other_suffix:  # the text in it would not be published
            lesson.problems.append(_folder_problem(lesson.path / name, "missing-file", other_suffix))
        elif lesson.source_file(kind) is None and not _misnamed(inner, name):
            lesson.problems.append(Problem(str(lesson.path / name), 1, 1, level, "missing-file", message))
    for file, path in lesson.files:
        if file.name and file.language and lesson.source_file(file.kind, file.name) is None:
            source = f"lam-{file.name}.md"
            message = f"Thêm tệp {source}: bản dịch này cần bản gốc ở bên cạnh."
            lesson.problems.append(_folder_problem(path, "missing-file", message, source))


def unknown_file_problem(path: Path, inner: Iterable[Path], *known: str) -> Problem:
    """The problem of a file whose name nobody reads. A name that is in use is never suggested."""
    used = {each.name for each in inner}
    meant = _plain_name(path.name) or nearest(path.name, known)
    if _COPY.search(path.stem) and meant in used:
        message = (
            f"Xóa tệp “{path.name}” nếu nó là bản sao của {meant}; muốn giữ thì thêm dấu _ ở đầu tên, máy sẽ bỏ qua."
        )
        return _folder_problem(path, "unknown-file", message)
    if meant in used:
        free = [name for name in known if name not in used]
        left = f"đặt lại là {' hay '.join(free)}, hoặc thêm dấu _ ở đầu tên" if free else "thêm dấu _ ở đầu tên"
        message = f"Không phần nào của bài đọc tệp “{path.name}”, mà {meant} đã có rồi: bác {left} để máy bỏ qua."
        return _folder_problem(path, "unknown-file", message)
    message = f"Đổi tên tệp “{path.name}”; có phải bác muốn đặt là {meant}?"
    return _folder_problem(path, "unknown-file", message, meant)


def _is_unread(path: Path, stems: tuple[str, ...]) -> bool:
    """Whether an author would expect that this file is read: another .md, or one of ours that Notepad named .md.txt."""
    name = path.name.lower()
    if name.startswith("readme"):
        return False
    doubled = name.endswith(".md.txt") and (path.parent / name.removesuffix(".txt")).exists()
    return path.suffix.lower() == ".md" or (doubled and name.startswith(stems))


def _plain_name(name: str) -> str | None:
    """The name without the marks of a copy, small, and without signs: "lam-trên iPhone.md" is lam-tren-iphone.md."""
    stem = re.sub(r"(?i)(?:\.md)?(?:\.txt)?$", "", name)
    stem = slugify(_COPY.sub("", stem))
    return f"{stem}.md" if parse_file_name(f"{stem}.md") else None


def _other_suffix(inner: list[Path], wanted: str) -> str | None:
    """What to do with a file of the wanted name with another suffix, which Windows hides; None if there is none."""
    stem = wanted.removesuffix(".md")
    for path in inner:
        name = path.name.lower()
        if name in (f"{wanted}.txt", f"{stem}.txt"):
            return (
                f"Đổi tên tệp “{path.name}” thành {wanted}: Windows hay giấu đuôi .txt. Trong cửa sổ thư mục chọn Xem "
                "(View), đánh dấu “Phần mở rộng tên tệp” thì thấy đuôi."
            )
        if name.startswith(f"{stem}.") and path.suffix.lower() in _WORD_SUFFIXES:
            return (
                f"Chép chữ trong “{path.name}” sang một tệp văn bản thường tên là {wanted}: máy không đọc tệp của Word."
            )
    return None


def _misnamed(inner: list[Path], wanted: str) -> bool:
    """Whether a file with this name was reported as misnamed."""
    return any(
        path.suffix.lower() == ".md" and path.name != wanted and _plain_name(path.name) == wanted for path in inner
    )


def _unreadable(folder: Path) -> Problem:
    return _folder_problem(folder, "unreadable", "Không mở được thư mục này; bác xem lại quyền đọc của nó.")


def _folder_problem(path: Path, rule: str, message: str, suggestion: str | None = None) -> Problem:
    return Problem(str(path), 1, 1, "error", rule, message, suggestion)

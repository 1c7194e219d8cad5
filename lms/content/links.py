"""Folders and addresses: what a folder's name becomes in an address, and where a picture or a link leads."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from lms.content.fuzzy_words import nearest
from lms.content.image_size import Size, size_of

RESERVED = frozenset(
    {"lop", "chieu", "dung-lop", "giup", "thu-truoc-gio", "soan", "quan-ly", "vao", "ra"}
    | {"toi", "huy-hieu", "kiem-chung", "static", "healthz"}
)
COURSE_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")  # what needs no escaping in an address
LESSON_FOLDER = re.compile(r"(?P<number>\d{1,4})-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\Z", re.ASCII)
PICTURE_KINDS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".avif"})
LANGUAGE = r"[a-z]{2,3}(?:-[a-z0-9]+)*"
_STAGE_FILE = re.compile(rf"(?P<stage>hieu|lam|dung)(?:-(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*))?(?:\.{LANGUAGE})?\.md\Z")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class NoSuchPlace(ValueError):
    """An address in a course leads nowhere; the message is the Vietnamese sentence that says what to do."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Home:
    """Where a text stands. ``folder``: its lesson's or course's; None when only the text is known."""

    folder: Path | None = None

    @property
    def address(self) -> str:
        """``/<course>/<lesson>/`` or ``/<course>/``; "" when the folder is not known."""
        if self.folder is None:
            return ""
        lesson = LESSON_FOLDER.match(self.folder.name)
        if lesson:
            return f"/{quote(self.folder.parent.name)}/{lesson['slug']}/"
        return f"/{quote(self.folder.name)}/"

    def picture(self, written: str) -> str:
        """The address of a picture on the pages: ``…/images/<name>``, whether the file stands in ``images/`` or not."""
        if self.folder is None or _SCHEME.match(written) or written.startswith("//"):
            return written
        return f"{self.address}images/{quote(_picture_name(written))}"

    def picture_size(self, written: str) -> Size | None:
        """The size of the picture at that address; None where it is not in the folder, or cannot be read."""
        if self.folder is None or _SCHEME.match(written):
            return None
        path = find_picture(self.folder, _picture_name(written))
        return size_of(path) if path else None

    def link(self, written: str) -> str:
        """The address of a link on the pages: a file or folder of the courses becomes its page."""
        try:
            return self.follow(written)
        except NoSuchPlace:
            return written

    def check_picture(self, written: str) -> None:
        """Raise NoSuchPlace unless ``written`` is a picture in the folder."""
        if _SCHEME.match(written) or written.startswith(("//", "/")):
            raise NoSuchPlace("Chép hình vào thư mục images/ của bài rồi viết images/tên-tệp.")
        if self.folder is None:
            return
        name = unquote(written)
        suffix = os.path.splitext(name)[1].lower()
        if name and suffix not in PICTURE_KINDS:
            message = f"Dùng tệp hình .png, .jpg, .webp, .gif hoặc .svg; “{name}” không phải hình."
            raise NoSuchPlace(message)
        if not is_file_inside(self.folder, name):
            known = _pictures(self.folder)
            message = f"Không thấy tệp “{name}” trong thư mục của bài; bác xem lại tên tệp, kể cả chữ hoa chữ thường."
            raise NoSuchPlace(message, nearest(name, known) if known else None)

    def follow(self, written: str) -> str:
        """The address that a link leads to.

        Raises:
            NoSuchPlace: the scheme is neither http nor https, or nothing in the courses stands there.
        """
        scheme = _SCHEME.match(written)
        if scheme or re.match(r"[/\\]{2}|\\", written):  # browsers take a backslash for a slash
            if scheme and scheme[0].lower() in ("http:", "https:"):
                return written
            raise NoSuchPlace("Liên kết chỉ được bắt đầu bằng https:// hoặc http://.")
        if written.startswith(("#", "/")) or self.folder is None:
            return written
        path, sharp, fragment = unquote(written).partition("#")
        return self._page(path) + (sharp + quote(fragment))

    def _page(self, path: str) -> str:
        course = self.folder if not LESSON_FOLDER.match(self.folder.name) else self.folder.parent
        target = Path(os.path.normpath(self.folder / path))
        missing = NoSuchPlace(f"Không thấy “{path}” trong các khóa học; bác xem lại đường dẫn.")
        try:
            parts = target.relative_to(os.path.normpath(course.parent)).parts
            if "\0" in path or not target.exists() or not parts:
                raise missing
        except ValueError:
            raise missing from None
        page = page_of(parts)
        if page is None:
            raise missing
        return page


def is_file_inside(folder: Path, name: str) -> bool:
    """Whether ``name`` is a file in ``folder`` or below, spelt exactly so, symbolic links followed."""
    if not name or "\0" in name or "\\" in name or os.path.isabs(name):
        return False
    path = folder / name
    try:
        if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
            return False
        here = folder
        for part in Path(os.path.normpath(name)).parts:
            if part not in os.listdir(here):
                return False
            here = here / part
    except (OSError, ValueError, RuntimeError):
        return False
    return True


def find_picture(folder: Path, name: str) -> Path | None:
    """The file behind ``…/images/<name>``: in ``images/`` of the folder, or beside it; None when there is none."""
    if os.path.splitext(name)[1].lower() not in PICTURE_KINDS:
        return None
    for written in (f"images/{name}", name):
        if is_file_inside(folder, written):
            return folder / written
    return None


def _picture_name(written: str) -> str:
    """What of an author's address for a picture its own address ends in."""
    return unquote(written).removeprefix("./").removeprefix("images/")


def page_of(parts: tuple[str, ...]) -> str | None:
    """The address of the page that a file or folder becomes; None for what is no page.

    ``parts`` lead to it from the folder of the courses: ("vneid", "02-kich-hoat", "hieu.md").
    """
    course, *rest = parts
    if not rest or rest == ["course.md"]:
        return f"/{course}"
    lesson = LESSON_FOLDER.match(rest[0])
    if not lesson or len(rest) > 2:
        return None
    if len(rest) == 1:
        return f"/{course}/{lesson['slug']}"
    stage = _STAGE_FILE.match(rest[1])
    if not stage or (stage["name"] and stage["stage"] != "lam"):
        return None
    return f"/{course}/{lesson['slug']}/{stage['stage']}" + (f"/{stage['name']}" if stage["name"] else "")


def _pictures(folder: Path) -> list[str]:
    """Every picture in the folder and in its ``images/``, as a text would name it."""
    names = []
    for place in ("images", "."):
        try:
            names += [f"{place}/{name}".removeprefix("./") for name in sorted(os.listdir(folder / place))]
        except OSError:
            continue
    return [name for name in names if os.path.splitext(name)[1].lower() in PICTURE_KINDS]

"""URLs of courses and lessons, and resolving the links and pictures of a course file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from lms.content.fuzzy_matching import MAX_MISSPELT_DISTANCE, nearest, slugify, word_distance
from lms.content.image_size import Size, read_size

RESERVED_SLUGS = frozenset(
    {"lop", "chieu", "dung-lop", "giup", "thu-truoc-gio", "soan", "quan-ly", "vao", "ra"}
    | {"toi", "huy-hieu", "kiem-chung", "static", "healthz", "readyz", "metrics", "ngoai-mang", "on", "quyen-rieng-tu"}
    | {"lich", "phuong", "phong-trao"}
)
COURSE_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")  # needs no escaping in a URL
LESSON_FOLDER = re.compile(r"(?P<number>\d{1,4})-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\Z", re.ASCII)
COURSE_PICTURE = "xem-truoc.png"  # in a course's images/: what messengers show beside an address of the course
PICTURE_ELSEWHERE = (
    "Hình này chưa ở trong bài: ở trang soạn thì chạm “Thêm ảnh” và chọn nó; soạn bằng tệp thì chép nó vào thư mục "
    "images/ của bài rồi viết images/tên-tệp."
)
PICTURE_KINDS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".avif"})
LANGUAGE = r"[a-z]{2,3}(?:-[a-z0-9]+)*"
_STAGE_FILE = re.compile(rf"(?P<stage>hieu|lam|dung)(?:-(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*))?(?:\.{LANGUAGE})?\.md\Z")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)

_WEB_ADDRESS = re.compile(r"www\.|(?:[a-z0-9-]+\.)+(?:vn|com|net|org|me|info|example)(?:[/?#]|\Z)", re.IGNORECASE)


def is_picture_outside_course(address: str) -> bool:
    """Whether a picture's address leads out of the course: onto the web, or to the author's machine (``C:\\Users``)."""
    return _SCHEME.match(address) is not None or address.startswith(("/", "\\"))


class BrokenLink(ValueError):
    """A link or picture in a course leads nowhere; the message is a Vietnamese sentence that says what to do."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class LinkResolver:
    """Resolves links and pictures of a text in ``folder``, a lesson's or course's; None if only the text is known."""

    folder: Path | None = None

    @property
    def base_url(self) -> str:
        """``/<course>/<lesson>/`` or ``/<course>/``; "" if the folder is not known."""
        if self.folder is None:
            return ""
        lesson = LESSON_FOLDER.match(self.folder.name)
        if lesson:
            return f"/{quote(self.folder.parent.name)}/{lesson['slug']}/"
        return f"/{quote(self.folder.name)}/"

    def picture_url(self, address: str) -> str:
        """The URL of a picture: ``…/images/<name>``, whether or not the file is in ``images/``."""
        if self.folder is None or _SCHEME.match(address) or address.startswith("//"):
            return address
        return f"{self.base_url}images/{quote(_picture_name(address))}"

    def picture_path(self, address: str) -> Path | None:
        """The file of a picture; None if it is not in the folder."""
        if self.folder is None or _SCHEME.match(address):
            return None
        return find_picture(self.folder, _picture_name(address))

    def picture_size(self, address: str) -> Size | None:
        """The size of a picture; None if it is not in the folder or cannot be read."""
        path = self.picture_path(address)
        return read_size(path) if path else None

    def link_url(self, address: str) -> str:
        """The URL of a link; the address as typed if it is broken."""
        try:
            return self.resolve(address)
        except BrokenLink:
            return address

    def check_picture(self, address: str) -> None:
        """Check that ``address`` is a picture in the folder.

        Raises:
            BrokenLink: it is not.
        """
        if is_picture_outside_course(address):
            raise BrokenLink(PICTURE_ELSEWHERE)
        if self.folder is None:
            return
        name = unquote(address)
        suffix = os.path.splitext(name)[1].lower()
        if name and suffix not in PICTURE_KINDS:
            message = f"Dùng tệp hình .png, .jpg, .webp, .gif hoặc .svg; “{name}” không phải hình."
            raise BrokenLink(message)
        if not is_file_inside(self.folder, name):
            raise _missing_picture(self.folder, name)

    def resolve(self, address: str) -> str:
        """The URL that a link leads to: a file or folder of the courses becomes the URL of its page.

        Raises:
            BrokenLink: the scheme is neither http nor https, or no course has such a file or folder.
        """
        if not address:
            raise BrokenLink("Viết địa chỉ vào giữa hai ngoặc tròn, như (https://địa-chỉ).")
        scheme = _SCHEME.match(address)
        slash = re.match(r"(https?:)/(?!/)", address, re.IGNORECASE)
        if slash:
            meant = f"{slash[1]}//{address[slash.end() :]}"
            raise BrokenLink(f"Sau {slash[1]} cần hai dấu gạch chéo: {meant}.", meant)
        if scheme or re.match(r"[/\\]{2}|\\", address):  # browsers treat a backslash as a slash
            if scheme and scheme[0].lower() in ("http:", "https:"):
                return address
            raise BrokenLink("Liên kết chỉ được bắt đầu bằng https:// hoặc http://.")
        if address.startswith(("#", "/")) or self.folder is None:
            return address
        if _WEB_ADDRESS.match(address) and not os.path.exists(self.folder / address):
            meant = f"https://{address}"
            raise BrokenLink(f"Thêm https:// ở đầu địa chỉ: {meant}.", meant)
        path, sharp, fragment = unquote(address).partition("#")
        return _resolve_path(self.folder, path) + (sharp + quote(fragment))

    def linked_sources(self, address: str) -> tuple[Path, ...]:
        """The course.md and hieu.md of the page that a link leads to.

        Those of the own course and lesson are left out; a link out of the courses has none.
        """
        path = unquote(address).partition("#")[0]
        if self.folder is None or not path or _SCHEME.match(path) or path.startswith("//"):
            return ()
        course = self.folder.parent if LESSON_FOLDER.match(self.folder.name) else self.folder
        if path.startswith("/"):
            slugs = path.strip("/").split("/")
            target = course.parent / slugs[0]
            name = find_lesson_folder(target, slugs[1]) if len(slugs) > 1 else None
            lesson = target / name if name else None
        else:
            parts = Path(os.path.normpath(self.folder / path)).parts[len(course.parent.parts) :]
            target = course.parent.joinpath(*parts[:1])
            lesson = target / parts[1] if len(parts) > 1 else None
        sources = (target / "course.md" if target != course else None, lesson and lesson / "hieu.md")
        return tuple(source for source in sources if source and source.parent != self.folder and os.path.isfile(source))


def _resolve_path(folder: Path, path: str) -> str:
    """The URL of the page at a path relative to ``folder``.

    Raises:
        BrokenLink: there is none in the courses.
    """
    course = folder.parent if LESSON_FOLDER.match(folder.name) else folder
    target = Path(os.path.normpath(folder / path))
    broken = BrokenLink(f"Không thấy “{path}” trong các khóa học; bác xem lại đường dẫn.")
    try:
        parts = target.relative_to(os.path.normpath(course.parent)).parts
        if "\0" in path or not os.path.exists(target) or not parts:  # unlike Path.exists, False for a name too long
            raise broken
    except ValueError:
        raise broken from None
    url = page_url(parts)
    if url is None:
        raise broken
    return url


def find_lesson_folder(course: Path, slug: str) -> str | None:
    """The name of the folder of a lesson, such as "02-kich-hoat" for "kich-hoat"; None if there is none."""
    try:
        names = sorted(os.listdir(course))
    except (OSError, ValueError):
        return None
    return next((name for name in names if (match := LESSON_FOLDER.match(name)) and match["slug"] == slug), None)


def is_file_inside(folder: Path, name: str) -> bool:
    """Whether ``name`` is a file in ``folder`` or below, spelt exactly so. Symbolic links must not lead out of it."""
    if not name or "\0" in name or "\\" in name or os.path.isabs(name):
        return False
    path = folder / name
    try:
        if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
            return False
        current = folder
        for part in Path(os.path.normpath(name)).parts:
            if part not in os.listdir(current):
                return False
            current = current / part
    except (OSError, ValueError, RuntimeError):
        return False
    return True


def find_picture(folder: Path, name: str) -> Path | None:
    """The file behind the URL ``…/images/<name>``: in ``images/`` or in the folder itself; None if there is none."""
    if os.path.splitext(name)[1].lower() not in PICTURE_KINDS:
        return None
    for address in (f"images/{name}", name):
        if is_file_inside(folder, address):
            return folder / address
    return None


def _picture_name(address: str) -> str:
    """The last part of a picture's URL, from its address as typed."""
    return unquote(address).removeprefix("./").removeprefix("images/")


def page_url(parts: tuple[str, ...]) -> str | None:
    """The URL of the page for a file or folder; None if it has no page.

    ``parts`` are its path relative to the courses folder: ("vneid", "02-kich-hoat", "hieu.md").
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


def _missing_picture(folder: Path, name: str) -> BrokenLink:
    """Say which file was probably meant: one of the same name in another folder or spelling, else a similar one."""
    pictures = _list_picture_files(folder)
    base = _comparable_name(name)
    same = next((picture for picture in pictures if _comparable_name(picture) == base), None)
    near = same or (nearest(name, pictures) if pictures else None)
    if near is None:
        return BrokenLink(f"Không thấy tệp “{name}”: thư mục images/ của bài chưa có hình nào; bác chép hình vào đó.")
    if same is None and word_distance(name, near) > MAX_MISSPELT_DISTANCE:
        return BrokenLink(f"Không thấy tệp “{name}” trong thư mục của bài; ở đó có {', '.join(pictures[:5])}.", near)
    if same and " " in same:
        meant = f"{os.path.dirname(same) or '.'}/{slugify(os.path.splitext(base)[0])}{os.path.splitext(base)[1]}"
        return BrokenLink(f"Đổi tên tệp “{same}” thành “{meant}”, rồi viết tên ấy: tên tệp không có dấu cách.", meant)
    spelling = ", đúng chữ hoa chữ thường" if same and same.casefold() == name.casefold() else ""
    return BrokenLink(f"Không thấy tệp “{name}” trong thư mục của bài; viết “{near}”{spelling}.", near)


def _comparable_name(name: str) -> str:
    return re.split(r"[/\\]", name)[-1].casefold()


def _list_picture_files(folder: Path) -> list[str]:
    """All pictures in the folder and in the folders in it, as a text would refer to them, ``images/`` first."""
    try:
        inner = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError:
        return []
    names: list[str] = []
    for place in sorted([*inner, "."], key=lambda place: place != "images"):
        try:
            names += [f"{place}/{name}".removeprefix("./") for name in sorted(os.listdir(folder / place))]
        except OSError:
            continue
    return [name for name in names if os.path.splitext(name)[1].lower() in PICTURE_KINDS]

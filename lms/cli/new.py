"""``lms new``: the first version of a course, a lesson or a practice."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import click

from lms import vietnam_time
from lms.cli.click_i18n import PATH, Group
from lms.cli.path_suggestions import asked, courses_folder, nearest_place
from lms.cli.running_site import open_site
from lms.config import USUAL_PORT
from lms.os_error_messages import reason_of


class CannotMake(click.ClickException):
    """Nothing more is made; the message is a Vietnamese sentence saying what to do."""


@click.group("new", cls=Group)
def command() -> None:
    """Tạo khóa học, bài hay bài tập mới, có chữ mẫu để viết đè lên."""


@command.command("course")
@click.argument("folder", metavar="THƯ-MỤC", type=PATH)
@click.argument("title", metavar="[TÊN]", required=False)
def course(folder: Path, title: str | None) -> None:
    """Tạo một khóa học với một bài mẫu.

    Thí dụ: lms new course so-suc-khoe "Sổ sức khỏe điện tử"

    THƯ-MỤC chỉ có một tên thì nằm trong thư mục courses.
    """
    from lms.content.fuzzy_words import slug
    from lms.content.links import RESERVED
    from lms.content.templates import course_text

    course_above = folder.parent if folder.parent.parts and _find(folder.parent, "course.md") else None
    if course_above:
        example = f'lms new lesson {shlex.quote(str(course_above))} "Đổi máy"'
        raise CannotMake(f"“{course_above}” là khóa học; tạo bài trong đó thì gõ, như: {example}")
    if len(folder.parts) == 1 and not folder.is_absolute():
        folder = courses_folder() / folder
    if folder.name in RESERVED:
        raise CannotMake(f"Chọn tên khác: “{folder.name}” đã dành cho một trang của hệ thống.")
    meant = slug(folder.name) or "ten-khoa-hoc"
    if folder.name != meant:
        if title and slug(title) == title:
            raise CannotMake(f'Thư mục đứng trước, tên đứng sau: lms new course {title} "{folder.name}"')
        raise CannotMake(f"Chọn tên không dấu, nối bằng dấu gạch ngắn, như {meant}.")
    _make(folder)
    _write(folder / "course.md", course_text(title or _title(folder.name), vietnam_time.today()))
    _write_lesson(folder / "01-bai-dau-tien", "Bài đầu tiên")
    _tell_next(folder)
    click.echo(f'Thêm bài nữa: lms new lesson {shlex.quote(str(folder))} "Tên bài"')


@command.command("lesson")
@click.argument("folder", metavar="THƯ-MỤC", type=PATH)
@click.argument("title", metavar="[TÊN]", required=False)
def lesson(folder: Path, title: str | None) -> None:
    """Tạo một bài trong một khóa học.

    Thí dụ: lms new lesson so-suc-khoe "Kích hoạt tài khoản"

    THƯ-MỤC là khóa học, và bài được tự đánh số. Không ghi TÊN thì THƯ-MỤC là thư mục của
    chính bài ấy, như so-suc-khoe/07-doi-may.
    """
    from lms.content.fuzzy_words import slug
    from lms.content.links import LESSON_FOLDER

    if not title and _find(folder, "course.md"):
        raise CannotMake(f'Ghi thêm tên bài, như: lms new lesson {shlex.quote(str(folder))} "Đổi máy"')
    course_folder = _existing_course(folder, title)
    wanted = title or folder.name
    if not LESSON_FOLDER.match(wanted):
        name = slug(wanted)
        if not name:
            raise CannotMake("Đặt tên bài có chữ hoặc số.")
        wanted = f"{_next_number(course_folder):02d}-{name}"
    _check_twins(course_folder, wanted)
    _write_lesson(course_folder / wanted, title or _title(LESSON_FOLDER.match(wanted)["slug"]))
    _tell_next(course_folder / wanted)


@command.command("practice")
@click.argument("folder", metavar="THƯ-MỤC", type=PATH)
@click.argument("name", metavar="[TÊN]", required=False)
def practice(folder: Path, name: str | None) -> None:
    """Tạo một bài tập trong một bài.

    Thí dụ: lms new practice so-suc-khoe/02-kich-hoat-tai-khoan "Trên iPhone"

    THƯ-MỤC là thư mục của bài. Không ghi TÊN thì bài tập là lam.md, có TÊN thì là một bài tập nữa: lam-<tên>.md.
    """
    from lms.content.fuzzy_words import slug
    from lms.content.templates import practice_text

    name = name and _FILE_NAME.sub("", name)
    if name and not slug(name):
        raise CannotMake("Đặt tên bài tập có chữ hoặc số.")
    path = _existing_lesson(folder) / (f"lam-{slug(name)}.md" if name else "lam.md")
    if not name and path.exists():
        example = f'lms new practice {shlex.quote(str(folder))} "Trên iPhone"'
        raise CannotMake(f"“{path}” đã có rồi; thêm một bài tập nữa thì ghi tên nó, như: {example}")
    _write(path, practice_text(name or "Bài tập trên màn hình tập"))
    _tell_next(path)


def _write_lesson(folder: Path, title: str) -> None:
    from lms.content.templates import practice_text, understand_text, use_text

    _make(folder)
    (folder / "images").mkdir()
    _write(folder / "hieu.md", understand_text(title))
    _write(folder / "lam.md", practice_text(title))
    _write(folder / "dung.md", use_text(title))


def _tell_next(made: Path) -> None:
    """What to do with it, and where it is to be seen: a draft outside the folder of the courses has no page."""
    from lms.content.links import page_of

    click.echo("Tiếp theo: mở các tệp vừa tạo, viết đè lên chữ mẫu. Dòng nào không cần thì xóa.")
    click.echo(f"Kiểm tra: lms check {shlex.quote(str(made))}")
    made, courses = made.absolute(), courses_folder().absolute()
    page = page_of(made.relative_to(courses).parts) if made.is_relative_to(courses) else None
    if page:
        click.echo(f"Xem trang: {_site_with(courses, page)}")


def _site_with(courses: Path, page: str) -> str:
    """The page's address on the site that is open on these courses, or will be, and what it takes to see it there."""
    opened = open_site(Path(os.environ.get("LMS_DATA_DIR") or "data"))
    if opened is None or opened.courses_dir.resolve() != courses.resolve():
        site = f"http://127.0.0.1:{os.environ.get('LMS_PORT') or USUAL_PORT}"
        needed = " (khi đang chạy lms serve --watch)"
    else:
        site = opened.public_url
        needed = "" if opened.is_watching else " (sau khi dừng trang đang mở, rồi mở lại bằng lms serve --watch)"
    return f"{(os.environ.get('LMS_PUBLIC_URL') or site).rstrip('/')}{page}{needed}"


def _find(folder: Path, needed: str) -> Path | None:
    """The folder as given or among the courses, whichever has the file that makes it what it should be."""
    try:
        return next((place for place in (folder, courses_folder() / folder) if (place / needed).is_file()), None)
    except OSError as error:
        raise CannotMake(f"Không mở được “{folder}”: {reason_of(error)}.") from error


def _existing_course(folder: Path, title: str | None) -> Path:
    """The course that a lesson shall belong to. ``folder`` is the lesson's own where it has no ``title``."""
    typed = folder if title else folder.parent
    found = _find(typed, "course.md")
    if found:
        return found
    near = nearest_place(_without_file(typed if typed.parts else folder), "course.md")
    if typed.parts:
        meant = _shown(near) if title or not near else f"{_shown(near)}/{folder.name}"
        raise CannotMake(f"Không thấy khóa học “{typed}”.{asked(meant) or _KNOWN_PATH}")
    if near:
        raise CannotMake(f"Không thấy khóa học “{folder}”.{asked(_shown(near))} Ghi thêm tên bài ở sau.")
    raise CannotMake(f'Ghi khóa học trước tên bài, như: lms new lesson vneid "{folder}"')


def _existing_lesson(folder: Path) -> Path:
    found = _find(folder, "hieu.md")
    if found:
        return found
    course = _find(folder, "course.md")
    lesson = next((path for path in _inside(course) if (path / "hieu.md").is_file()), None) if course else None
    if lesson:
        raise CannotMake(f"“{folder}” là khóa học; bác ghi một bài trong đó, như {_shown(lesson)}.")
    near = nearest_place(_without_file(folder), "hieu.md")
    raise CannotMake(f"Không thấy bài “{folder}”.{asked(_shown(near)) or _KNOWN_PATH}")


_FILE_NAME = re.compile(r"\Alam[- ](?=.*\.md\Z)|\.md\Z", re.IGNORECASE)  # typed around the name of a practice
_KNOWN_PATH = " Bác xem lại đường dẫn."


def _without_file(typed: Path) -> Path:
    return typed.parent if typed.suffix == ".md" else typed


def _shown(place: Path | None) -> str | None:
    """A folder as it may be typed: that of the courses may be left out."""
    if place is None:
        return None
    return (place.relative_to(courses_folder()) if place.is_relative_to(courses_folder()) else place).as_posix()


def _check_twins(course_folder: Path, wanted: str) -> None:
    """Two lessons of a course have neither one address nor one number."""
    from lms.content.links import LESSON_FOLDER

    new = LESSON_FOLDER.match(wanted)
    for path in _inside(course_folder):
        other = LESSON_FOLDER.match(path.name)
        if other and path.name != wanted and other["slug"] == new["slug"]:
            raise CannotMake(f"Đã có bài “{path.name}”; bác đặt tên khác.")
        if other and path.name != wanted and int(other["number"]) == int(new["number"]):
            raise CannotMake(f"Số {int(new['number'])} đã dùng cho bài “{path.name}”; bác đặt số khác.")


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise CannotMake(f"Không mở được “{folder}”: {reason_of(error)}.") from error


def _next_number(course_folder: Path) -> int:
    from lms.content.links import LESSON_FOLDER

    found = [LESSON_FOLDER.match(path.name) for path in _inside(course_folder)]
    return max((int(one["number"]) for one in found if one), default=0) + 1


def _title(folder_name: str) -> str:
    return folder_name.replace("-", " ").capitalize()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise CannotMake(f"“{folder}” đã có rồi; bác chọn tên khác.") from None
    except OSError as error:
        raise CannotMake(f"Không tạo được “{folder}”: {reason_of(error)}.") from error


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise CannotMake(f"“{path}” đã có rồi; bác đặt tên khác.") from None
    except OSError as error:
        raise CannotMake(f"Không ghi được “{path}”: {reason_of(error)}.") from error
    click.echo(str(path))

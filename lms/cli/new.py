"""``lms new``: create a course, lesson or practice from a template, and files that start the site by a double click."""

from __future__ import annotations

import os
import re
import shlex
import sys
from dataclasses import astuple
from pathlib import Path

import click

from lms import vietnam_time
from lms.cli.click_i18n import PATH, Group
from lms.cli.command_name import command_name
from lms.cli.path_suggestions import courses_folder, did_you_mean, nearest_path, new_courses_folder
from lms.cli.running_site import find_running_site
from lms.cli.starter_files import MARK, Installation, batch_file, desktop_entry, shell_script
from lms.config import DEFAULT_PORT
from lms.os_error_messages import os_error_message

_REVIEW_SLUG = "on-ca-khoa"  # how the lessons that end our courses are called


class CannotCreate(click.ClickException):
    """The files cannot be created; the message is a Vietnamese sentence saying what to do."""


@click.group("new", cls=Group)
def command() -> None:
    """Tạo khóa học, bài hay bài tập mới, có chữ mẫu để viết đè lên; tạo tệp bấm đúp để mở lớp."""


@command.command("course")
@click.argument("folder", metavar="THƯ-MỤC", type=PATH)
@click.argument("title", metavar="[TÊN]", required=False)
def course(folder: Path, title: str | None) -> None:
    """Tạo một khóa học với một bài mẫu.

    Thí dụ: lms new course so-suc-khoe "Sổ sức khỏe điện tử"

    THƯ-MỤC chỉ có một tên thì nằm trong thư mục courses.
    """
    from lms.content.file_templates import course_text
    from lms.content.fuzzy_matching import slugify
    from lms.content.links import RESERVED_SLUGS

    course_above = folder.parent if folder.parent.parts and _find_folder(folder.parent, "course.md") else None
    if course_above:
        example = f'lms new lesson {shlex.quote(str(course_above))} "Đổi máy"'
        raise CannotCreate(f"“{course_above}” là khóa học; tạo bài trong đó thì gõ, như: {example}")
    if len(folder.parts) == 1 and not folder.is_absolute():
        folder = new_courses_folder() / folder
    if folder.name in RESERVED_SLUGS:
        raise CannotCreate(f"Chọn tên khác: “{folder.name}” đã dành cho một trang của hệ thống.")
    suggestion = slugify(folder.name) or "ten-khoa-hoc"
    if folder.name != suggestion:
        if title and slugify(title) == title:
            raise CannotCreate(f'Thư mục đứng trước, tên đứng sau: lms new course {title} "{folder.name}"')
        raise CannotCreate(f"Chọn tên không dấu, nối bằng dấu gạch ngắn, như {suggestion}.")
    _create_folder(folder)
    _write_file(folder / "course.md", course_text(title or _title_from_folder_name(folder.name), vietnam_time.today()))
    _write_lesson(folder / "01-bai-dau-tien", "Bài đầu tiên")
    _print_next_steps(folder)
    click.echo(f'Thêm bài nữa: {command_name()} new lesson {shlex.quote(str(folder))} "Tên bài"')


@command.command("lesson")
@click.argument("folder", metavar="THƯ-MỤC", type=PATH)
@click.argument("title", metavar="[TÊN]", required=False)
def lesson(folder: Path, title: str | None) -> None:
    """Tạo một bài trong một khóa học.

    Thí dụ: lms new lesson so-suc-khoe "Kích hoạt tài khoản"

    THƯ-MỤC là khóa học, và bài được tự đánh số; bài ôn cả khóa lùi một số, để vẫn đứng cuối.
    Không ghi TÊN thì THƯ-MỤC là thư mục của chính bài ấy, như so-suc-khoe/07-doi-may.
    """
    if not title and _find_folder(folder, "course.md"):
        raise CannotCreate(f'Ghi thêm tên bài, như: lms new lesson {shlex.quote(str(folder))} "Đổi máy"')
    course_folder = _existing_course(folder, title)
    name = _lesson_folder_name(course_folder, title or folder.name)
    if title:
        name = _put_before_review(course_folder, name)
    _write_lesson(course_folder / name, title or _title_from_folder_name(name.partition("-")[2]))
    _print_next_steps(course_folder / name)


@command.command("practice")
@click.argument("folder", metavar="THƯ-MỤC", type=PATH)
@click.argument("name", metavar="[TÊN]", required=False)
def practice(folder: Path, name: str | None) -> None:
    """Tạo một bài tập trong một bài.

    Thí dụ: lms new practice so-suc-khoe/02-kich-hoat-tai-khoan "Trên iPhone"

    THƯ-MỤC là thư mục của bài. Không ghi TÊN thì bài tập là lam.md, có TÊN thì là một bài tập nữa: lam-<tên>.md.
    """
    from lms.content.file_templates import practice_text
    from lms.content.fuzzy_matching import slugify

    name = name and _PRACTICE_FILE_PARTS.sub("", name)
    if name and not slugify(name):
        raise CannotCreate("Đặt tên bài tập có chữ hoặc số.")
    path = existing_lesson(folder) / (f"lam-{slugify(name)}.md" if name else "lam.md")
    if not name and path.exists():
        example = f'lms new practice {shlex.quote(str(folder))} "Trên iPhone"'
        raise CannotCreate(f"“{path}” đã có rồi; thêm một bài tập nữa thì ghi tên nó, như: {example}")
    _write_file(path, practice_text(name or ""))
    _print_next_steps(path)


@command.command("starter")
@click.argument("folder", metavar="[THƯ-MỤC]", type=PATH, default=".")
def starter(folder: Path) -> None:
    """Tạo ba tệp Mo-lop, để bấm đúp là mở lớp: cho Windows, macOS và Linux.

    Thí dụ: lms new starter ~/Desktop

    Mỗi hệ điều hành dùng một tệp. Dời trang học sang chỗ khác thì tạo lại.
    """
    installation = Installation(
        Path(sys.executable), Path(os.environ.get("LMS_DATA_DIR") or "data").absolute(), courses_folder().absolute()
    )
    if not any(installation.courses_dir.glob("*/course.md")):
        where = f"Không thấy khóa học nào ở {installation.courses_dir}"
        raise CannotCreate(f"{where}; bác chạy lệnh này trong thư mục của trang học, nơi có tệp README.md.")
    folder = folder.absolute()
    texts = {
        "Mo-lop.bat": batch_file(installation),
        "Mo-lop.command": shell_script(installation),
        "Mo-lop.desktop": desktop_entry(folder / "Mo-lop.command"),
    }
    if any(character in str(path) for path in (folder, *astuple(installation)) for character in "\r\n"):
        raise CannotCreate("Đường dẫn có dấu xuống dòng; bác đổi tên thư mục rồi tạo lại.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in texts:
            if (folder / name).exists() and MARK not in (folder / name).read_text("utf-8", "replace"):
                raise CannotCreate(f"“{folder / name}” đã có rồi, không phải do lệnh này tạo; bác chọn thư mục khác.")
        for name, text in texts.items():
            (folder / name).write_bytes(text.encode("utf-8"))
            (folder / name).chmod(0o755)
            click.echo(str(folder / name))
    except OSError as error:
        raise CannotCreate(f"Không ghi được vào “{folder}”: {os_error_message(error)}.") from error
    suffix = {"nt": "bat", "darwin": "command"}.get(os.name if os.name == "nt" else sys.platform, "desktop")
    click.echo(f"Ở máy này: bấm đúp Mo-lop.{suffix} là trang học mở ra.")
    if suffix == "desktop":
        click.echo("Lần đầu, bấm chuột phải vào tệp ấy, chọn “Cho phép khởi chạy” (Allow Launching) nếu máy hỏi.")


def _write_lesson(folder: Path, title: str) -> None:
    from lms.content.file_templates import practice_text, understand_text, use_text

    _create_folder(folder)
    (folder / "images").mkdir()
    _write_file(folder / "hieu.md", understand_text(title))
    _write_file(folder / "lam.md", practice_text())
    _write_file(folder / "dung.md", use_text())


def _print_next_steps(created: Path) -> None:
    """Print what to do next, and the URL of the page unless it is a draft outside the courses folder."""
    from lms.content.links import page_url

    click.echo("Tiếp theo: mở các tệp vừa tạo, viết đè lên chữ mẫu. Dòng nào không cần thì xóa.")
    if created.is_dir():
        click.echo("Bài mới là bản nháp, chỉ bác thấy. Viết xong thì xóa dòng “nháp: có” ở đầu hieu.md.")
    click.echo(f"Kiểm tra: {command_name()} check {shlex.quote(str(created))}")
    created, courses = created.absolute(), courses_folder().absolute()
    page = page_url(created.relative_to(courses).parts) if created.is_relative_to(courses) else None
    if page:
        click.echo(f"Xem trang: {_page_url(courses, page)}")


def _page_url(courses: Path, page: str) -> str:
    """Return the URL of the page on the running site, or on the default port, with a note on how to see it there."""
    running = find_running_site(Path(os.environ.get("LMS_DATA_DIR") or "data"))
    if running is None or running.courses_dir.resolve() != courses.resolve():
        site = f"http://127.0.0.1:{os.environ.get('LMS_PORT') or DEFAULT_PORT}"
        note = " (khi đang chạy lms serve --watch)"
    else:
        site = running.public_url
        note = "" if running.is_watching else " (sau khi dừng trang đang mở, rồi mở lại bằng lms serve --watch)"
    return f"{(os.environ.get('LMS_PUBLIC_URL') or site).rstrip('/')}{page}{note}"


def _find_folder(folder: Path, needed: str) -> Path | None:
    """Return the folder, as given or below the courses folder, that contains the file ``needed``, or None."""
    try:
        candidates = (folder, courses_folder() / folder)
        return next((candidate for candidate in candidates if (candidate / needed).is_file()), None)
    except OSError as error:
        raise CannotCreate(f"Không mở được “{folder}”: {os_error_message(error)}.") from error


def _existing_course(folder: Path, title: str | None) -> Path:
    """Return the course folder of a new lesson. Without a ``title``, ``folder`` is the lesson's own folder."""
    typed = folder if title else folder.parent
    course = _find_folder(typed, "course.md")
    if course:
        return course
    near = nearest_path(_without_file_name(typed if typed.parts else folder), "course.md")
    if typed.parts:
        suggestion = _typed_form(near) if title or not near else f"{_typed_form(near)}/{folder.name}"
        raise CannotCreate(f"Không thấy khóa học “{typed}”.{did_you_mean(suggestion) or _CHECK_PATH}")
    if near:
        raise CannotCreate(f"Không thấy khóa học “{folder}”.{did_you_mean(_typed_form(near))} Ghi thêm tên bài ở sau.")
    raise CannotCreate(f'Ghi khóa học trước tên bài, như: lms new lesson vneid "{folder}"')


def _lesson_folder_name(course_folder: Path, name: str) -> str:
    from lms.content.fuzzy_matching import slugify
    from lms.content.links import LESSON_FOLDER

    if not LESSON_FOLDER.match(name):
        slug = slugify(name)
        if not slug:
            raise CannotCreate("Đặt tên bài có chữ hoặc số.")
        name = f"{_next_number(course_folder):02d}-{slug}"
    _check_unused(course_folder, name)
    return name


def existing_course(folder: Path) -> Path:
    """The folder of a course, as given or below the courses folder, absolute.

    Raises:
        CannotCreate: there is none.
    """
    course = _find_folder(folder, "course.md")
    if course:
        return course.absolute()
    near = nearest_path(_without_file_name(folder), "course.md")
    raise CannotCreate(f"Không thấy khóa học “{folder}”.{did_you_mean(_typed_form(near)) or _CHECK_PATH}")


def existing_lesson(folder: Path) -> Path:
    """The folder of a lesson, as given or below the courses folder.

    Raises:
        CannotCreate: there is none.
    """
    existing = _find_folder(folder, "hieu.md")
    if existing:
        return existing
    course = _find_folder(folder, "course.md")
    lesson = next((path for path in _list_folder(course) if (path / "hieu.md").is_file()), None) if course else None
    if lesson:
        raise CannotCreate(f"“{folder}” là khóa học; bác ghi một bài trong đó, như {_typed_form(lesson)}.")
    near = nearest_path(_without_file_name(folder), "hieu.md")
    raise CannotCreate(f"Không thấy bài “{folder}”.{did_you_mean(_typed_form(near)) or _CHECK_PATH}")


# "lam-" and ".md", if typed around the name of a practice.
_PRACTICE_FILE_PARTS = re.compile(r"\Alam[- ](?=.*\.md\Z)|\.md\Z", re.IGNORECASE)
_CHECK_PATH = " Bác xem lại đường dẫn."


def _without_file_name(typed: Path) -> Path:
    return typed.parent if typed.suffix == ".md" else typed


def _typed_form(folder: Path | None) -> str | None:
    """Return the folder as an author may type it, relative to the courses folder."""
    if folder is None:
        return None
    return (folder.relative_to(courses_folder()) if folder.is_relative_to(courses_folder()) else folder).as_posix()


def _check_unused(course_folder: Path, name: str) -> None:
    """Check that no other lesson of the course has the same slug or number."""
    from lms.content.links import LESSON_FOLDER

    number, _, slug = name.partition("-")
    for path in _list_folder(course_folder):
        other = LESSON_FOLDER.match(path.name)
        if other is None or path.name == name:
            continue
        if other["slug"] == slug:
            raise CannotCreate(f"Đã có bài “{path.name}”; bác đặt tên khác.")
        if int(other["number"]) == int(number):
            raise CannotCreate(f"Số {int(number)} đã dùng cho bài “{path.name}”; bác đặt số khác.")


def _list_folder(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise CannotCreate(f"Không mở được “{folder}”: {os_error_message(error)}.") from error


def _next_number(course_folder: Path) -> int:
    from lms.content.links import LESSON_FOLDER

    matches = [LESSON_FOLDER.match(path.name) for path in _list_folder(course_folder)]
    return max((int(match["number"]) for match in matches if match), default=0) + 1


def _put_before_review(course_folder: Path, name: str) -> str:
    """Rename the review that ends a course to the new lesson's number, and return the new folder's name with the
    review's. Addresses have no numbers, so both keep theirs."""
    from lms.content.links import LESSON_FOLDER

    number, _, slug = name.partition("-")
    numbered = [(match, path) for path in _list_folder(course_folder) if (match := LESSON_FOLDER.match(path.name))]
    last, path = max(numbered, key=lambda pair: int(pair[0]["number"]), default=(None, course_folder))
    if last is None or not last["slug"].startswith(_REVIEW_SLUG) or int(last["number"]) > int(number):
        return name
    moved = path.with_name(f"{number}-{last['slug']}")
    try:
        path.rename(moved)
    except OSError as error:
        raise CannotCreate(f"Không đổi tên được “{path}”: {os_error_message(error)}.") from error
    click.echo(f"Bài ôn “{path.name}” nay là “{moved.name}”, để vẫn đứng cuối. Địa chỉ của nó không đổi.")
    return f"{last['number']}-{slug}"


def _title_from_folder_name(folder_name: str) -> str:
    return folder_name.replace("-", " ").capitalize()


def _create_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise CannotCreate(f"“{folder}” đã có rồi; bác chọn tên khác.") from None
    except OSError as error:
        raise CannotCreate(f"Không tạo được “{folder}”: {os_error_message(error)}.") from error


def _write_file(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise CannotCreate(f"“{path}” đã có rồi; bác đặt tên khác.") from None
    except OSError as error:
        raise CannotCreate(f"Không ghi được “{path}”: {os_error_message(error)}.") from error
    click.echo(str(path))

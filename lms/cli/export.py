"""``lms export``: a lesson on paper, courses as a ZIP for another site."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from lms import vietnam_time
from lms.cli.click_i18n import PATH, Command
from lms.cli.open_database import exit_unusable
from lms.os_error_messages import os_error_message

if TYPE_CHECKING:
    from lms.content.problems import Problem

_KINDS = ("handout", "plan", "zip")


@click.command("export", cls=Command)
@click.argument("paths", metavar="KHÓA/BÀI", nargs=-1, required=True, type=PATH)
@click.option(
    "--as",
    "kind",
    type=click.Choice(_KINDS),
    required=True,
    help="handout: tờ phát, plan: tờ đứng lớp, để in A4; zip: cả khóa cho trang khác.",
)
@click.option("-o", "--output", type=PATH, metavar="TỆP", help="Ghi vào tệp mới này, thay vì in ra.")
def command(paths: tuple[Path, ...], kind: str, output: Path | None) -> None:
    """Đưa một bài ra ngoài, như: lms export vneid/02-kich-hoat --as handout -o to-phat.html

    Với handout và plan, tệp HTML mở bằng trình duyệt rồi in; hình nằm sẵn trong tệp. Đặt LMS_PUBLIC_URL thì tờ giấy có
    địa chỉ và hình vuông để quét.

    Với zip, ghi tên một hay nhiều khóa: lms export vneid vssid --as zip -o khoa.zip. Trang khác lấy về bằng
    lms courses pull khoa.zip.

    Mã kết thúc: 1 là bài còn lỗi, và các lỗi được in ra; 2 là không đọc hay không ghi được tệp.
    """
    first = next(iter(paths))
    if kind == "zip":
        _write(_zip(paths), output or Path(f"{first.name}.zip"), f"Đã ghi {len(paths)} khóa vào")
        return
    if len(paths) > 1:
        exit_unusable("Ghi đúng một bài; nhiều khóa một lúc thì chỉ --as zip.")
    text = _paper(first, kind)
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(text.encode("utf-8"), output, "Đã ghi tờ để in vào")  # PowerShell's ">" would write UTF-16


def _paper(lesson: Path, kind: str) -> str:
    from lms.cli.new import existing_lesson
    from lms.content.course_reader import read_course
    from lms.web.printable_lesson import render_handout, render_plan

    folder = existing_lesson(lesson)
    course, problems = read_course(folder.parent, today=vietnam_time.today())
    found = None
    if course is not None:
        course = course.with_drafts()
        found = next((each for each in course.lessons if Path(each.folder).name == folder.absolute().name), None)
    if course is None or found is None:
        _exit_with_errors(problems)
    render = render_handout if kind == "handout" else render_plan
    return render(course, found, os.environ.get("LMS_PUBLIC_URL"))


def _zip(paths: tuple[Path, ...]) -> bytes:
    from lms.cli.new import existing_course
    from lms.content.course_reader import read_course
    from lms.course_delivery.packing import CannotPack, pack_courses

    folders = [existing_course(path) for path in paths]
    if len({folder.name for folder in folders}) != len(folders):
        exit_unusable("Có hai khóa cùng tên thư mục; mỗi khóa ghi một lần.")
    for folder in folders:
        course, problems = read_course(folder, today=vietnam_time.today())
        if course is None:
            _exit_with_errors(problems)
    try:
        return pack_courses(folders)
    except CannotPack as error:
        exit_unusable(str(error))
    except OSError as error:
        exit_unusable(f"Không đọc được “{error.filename}”: {os_error_message(error)}.")


def _write(data: bytes, output: Path, message: str) -> None:
    try:
        with output.open("xb") as file:
            file.write(data)
    except FileExistsError:
        exit_unusable(f"“{output}” đã có rồi; bác ghi tên khác.")
    except OSError as error:
        exit_unusable(f"Không ghi được “{output}”: {os_error_message(error)}.")
    click.echo(f"{message} {output}.")


def _exit_with_errors(problems: Sequence[Problem]) -> NoReturn:
    for problem in problems:
        if problem.level == "error":
            click.echo(str(problem), err=True)
    sys.exit(1)

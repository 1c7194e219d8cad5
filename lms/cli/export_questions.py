"""``lms export``: the questions of a lesson for another program."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lms.cli.click_i18n import PATH, Command
from lms.os_error_messages import os_error_message


@click.command("export", cls=Command)
@click.argument("lesson", metavar="KHÓA/BÀI", type=PATH)
@click.option(
    "--as", type=click.Choice(["gift"]), required=True, expose_value=False, help="Dạng tệp: gift là của Moodle."
)
@click.option("-o", "--output", type=PATH, metavar="TỆP", help="Ghi vào tệp mới này, thay vì in ra.")
def command(lesson: Path, output: Path | None) -> None:
    """Đưa câu hỏi của một bài ra ngoài, như: lms export vneid/02-kich-hoat --as gift -o kich-hoat.gift

    Câu sắp xếp và câu thăm dò GIFT không ghi được; lệnh kể ra từng câu. Gợi ý nằm trong chú thích của tệp, để
    lms import đọc lại được.

    Mã kết thúc: 1 là bài còn lỗi, và các lỗi được in ra; 2 là không đọc hay không ghi được tệp.
    """
    from lms.cli.new import existing_lesson
    from lms.content.files import read_text
    from lms.content.question_bank.gift_writer import write_gift
    from lms.content.understand_stage import read_understand

    path = existing_lesson(lesson) / "hieu.md"
    text, problems = read_text(path)
    understand = None
    if text is not None:
        understand, more = read_understand(text, str(path), folder=path.parent)
        problems = [*problems, *more]
    if text is None or understand is None:
        for problem in problems:
            if problem.level == "error":
                click.echo(str(problem), err=True)
        sys.exit(1)
    gift = write_gift(text, understand)
    for finding in gift.left_out:
        click.echo(f"{path}:{finding.line}: không ghi được: {finding.message}", err=True)
    if gift.has_extras:
        click.echo(
            "Gợi ý, “giữ thứ tự”, “đúng dấu” nằm trong chú thích // lms: của tệp; Moodle bỏ qua chúng.", err=True
        )
    if output is None:
        click.echo(gift.text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8", newline="\n") as file:  # PowerShell's ">" would write UTF-16
            file.write(gift.text)
    except FileExistsError:
        click.echo(f"“{output}” đã có rồi; bác ghi tên khác.", err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"Không ghi được “{output}”: {os_error_message(error)}.", err=True)
        sys.exit(2)
    click.echo(f"Đã ghi {gift.count} câu vào {output}.")

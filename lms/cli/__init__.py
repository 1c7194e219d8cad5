"""The ``lms`` command. Each subcommand is a module that is imported only when it runs, so that ``--help`` is fast."""

from __future__ import annotations

import importlib
import io
import sys
from typing import Any

import click

from lms.cli.click_i18n import Group, in_vietnamese

# Help text by subcommand. The module lms.cli.<name>, or that of MODULES, has a Click command called ``command``.
COMMANDS = {
    "backup": "Sao lưu kho dữ liệu, khóa và khóa học vào một tệp.",
    "badge": "Thu lại một huy hiệu đã trao.",
    "class": "Nộp các lớp của máy ở phòng về thành phố.",
    "check": "Kiểm tra bài: tệp, dòng và cách sửa.",
    "courses": "Lấy khóa học mới về từ kho git hay tệp ZIP.",
    "db": "Nâng cấp và dọn cơ sở dữ liệu.",
    "doctor": "Khám máy: cài đặt, kho, khóa, đĩa, cổng, chứng chỉ.",
    "export": "Đưa bài ra giấy; cả khóa ra ZIP.",
    "figures": "Đếm lớp, người học; công bố số liệu của ngày.",
    "import": "Đưa câu hỏi từ Word, Excel, Moodle vào một bài.",
    "key": "Đổi khóa ký huy hiệu và khóa của trang.",
    "new": "Tạo khóa học, bài hay bài tập mới; tệp bấm đúp mở lớp.",
    "person": "Trả lời người học: trang giữ gì về họ; quên họ.",
    "replay": "Chấm nhật ký của một bài tập.",
    "restore": "Trả lại mọi thứ từ một tệp sao lưu.",
    "serve": "Mở trang học trên máy này.",
    "user": "Thêm người đứng lớp, người tổ chức; in phiếu vào.",
    "ward": "Quên, nhập, đổi tên một phường, xã.",
    "walk": "Đi thử một bài tập, từng bước.",
}
# Two names are keywords; the others say more than the command.
MODULES = {"class": "classes", "import": "import_questions", "replay": "grade_event_logs"}


class LazyGroup(Group):
    """A Click group that imports a subcommand's module when it is called."""

    def main(self, *args: Any, **extra: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # On Windows a pipe defaults to cp1252, which lacks Vietnamese; file names may not even be UTF-8.
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        with in_vietnamese():
            return super().main(*args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return importlib.import_module(f"lms.cli.{MODULES.get(cmd_name, cmd_name)}").command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS:  # Click itself would suggest only among imported commands
            raise click.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands without importing them."""
        with formatter.section("Các lệnh"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


def _print_version(ctx: click.Context, _param: click.Parameter, is_given: bool) -> None:
    if is_given:
        from lms.release import this_release

        click.echo(f"lms {this_release()}")
        ctx.exit()


@click.group(cls=LazyGroup)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="In số bản rồi dừng."
)
def main() -> None:
    """Bình dân học vụ số: soạn bài, kiểm tra, mở trang học."""

"""The ``lms`` command: chores by name, each in a module of its own that is imported only when it is called."""

from __future__ import annotations

import importlib
import io
import sys

import click

from lms.cli.click_i18n import Group, spoken

# name: what it is for. Its module, lms.cli.<name>, has a click command called ``command`` and is imported when that is
# called: ``lms --help`` starts at once.
COMMANDS = {
    "badge": "Thu lại một huy hiệu đã trao.",
    "check": "Kiểm tra bài: tệp, dòng và cách sửa.",
    "db": "Nâng cấp và dọn cơ sở dữ liệu.",
    "graph": "Vẽ sơ đồ một bài tập thành hình SVG.",
    "new": "Tạo khóa học, bài hay bài tập mới.",
    "replay": "Chấm nhật ký của một bài tập.",
    "serve": "Mở trang học trên máy này.",
    "user": "Thêm người đứng lớp, người tổ chức; in phiếu vào.",
    "walk": "Đi thử một bài tập, từng bước.",
}


class LazyGroup(Group):
    def main(self, *args: object, **extra: object) -> object:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # A pipe on Windows would take cp1252, and fail on Vietnamese; a file's name may be no text at all.
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        with spoken():
            return super().main(*args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return importlib.import_module(f"lms.cli.{cmd_name}").command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS:  # Click would look for names near it among commands that are imported already
            raise click.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Các lệnh"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup)
def main() -> None:
    """Bình dân học vụ số: soạn bài, kiểm tra, mở trang học."""

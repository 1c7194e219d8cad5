"""``lms lsp``: the language server of an editor, over standard input and output."""

from __future__ import annotations

import importlib.util
import sys

import click

from lms.cli.click_i18n import Command


@click.command("lsp", cls=Command)
@click.option("--stdio", is_flag=True, expose_value=False, help="Qua đường vào ra chuẩn, như mặc định.")
def command() -> None:
    """Giúp trình soạn thảo khi soạn bài: báo lỗi, sửa giúp, gợi ý chữ ngay khi gõ.

    Lệnh này do trình soạn thảo gọi (VS Code, Neovim, Kate …), không gõ tay. Cách cài ở hướng dẫn soạn bài.
    """
    if importlib.util.find_spec("pygls") is None:
        click.echo(
            f'Cần thêm một gói: {sys.executable} -m pip install "pygls>=2,<3" rồi mở lại trình soạn thảo.', err=True
        )
        sys.exit(2)
    from lms.cli.language_server import server

    server.start_io()

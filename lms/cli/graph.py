"""``lms graph``: draw the screens and arrows of a practice as SVG."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lms.cli.click_i18n import PATH, Command
from lms.cli.practice_file import load_practice
from lms.os_error_messages import os_error_message


@click.command(name="graph", cls=Command)
@click.argument("file", metavar="TỆP", type=PATH)
@click.option("-o", "--output", type=PATH, metavar="TỆP-SVG", help="Ghi sơ đồ vào tệp này, thay vì in ra.")
def command(file: Path, output: Path | None) -> None:
    """Vẽ sơ đồ bài tập trong TỆP, như: lms graph lam.md -o so-do.svg

    Nét đậm là đường đúng, nét mảnh là lối phụ, nét đứt là bẫy.

    Mã kết thúc: 1 là tệp còn lỗi, và các lỗi được in ra; 2 là không đọc hay không ghi được tệp.
    """
    from lms.content.practice.graph_picture import draw_graph

    drawn = draw_graph(load_practice(file))
    if output is None:
        click.echo(drawn, nl=False)
        return
    try:
        output.write_text(drawn, "utf-8", newline="\n")  # PowerShell's ">" would write UTF-16
    except OSError as error:
        click.echo(f"Không ghi được “{output}”: {os_error_message(error)}.", err=True)
        sys.exit(2)

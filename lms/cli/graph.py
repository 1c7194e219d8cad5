"""``lms graph``: draw the screens and arrows of a practice as SVG."""

from __future__ import annotations

from pathlib import Path

import click

from lms.cli.click_i18n import PATH, Command
from lms.cli.practice_file import load_practice


@click.command(name="graph", cls=Command)
@click.argument("file", metavar="TỆP", type=PATH)
def command(file: Path) -> None:
    """Vẽ sơ đồ bài tập trong TỆP, như: lms graph lam.md > so-do.svg

    Nét đậm là đường đúng, nét mảnh là lối phụ, nét đứt là bẫy.

    Mã kết thúc: 1 là tệp còn lỗi, và các lỗi được in ra; 2 là không đọc được tệp.
    """
    from lms.content.practice.graph_picture import draw_graph

    click.echo(draw_graph(load_practice(file)), nl=False)

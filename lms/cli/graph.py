"""``lms graph``: a practice's screens and arrows as a picture."""

from __future__ import annotations

from pathlib import Path

import click

from lms.cli.practice_file import load_practice


@click.command(name="graph")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Vẽ sơ đồ bài tập FILE, thí dụ: lms graph lam.md > so-do.svg

    Nét đậm là đường đúng, nét mảnh là lối phụ, nét đứt là bẫy. Tệp có lỗi thì in lỗi và trả về 1, không đọc được
    thì trả về 2.
    """
    from lms.content.practice.graph_picture import draw_graph

    click.echo(draw_graph(load_practice(file)), nl=False)

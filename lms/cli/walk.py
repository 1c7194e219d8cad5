"""``lms walk``: print the expected path of a practice, or seeded random walks, step by step."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.cli.click_i18n import PATH, Command, WholeNumber
from lms.cli.practice_file import load_practice, mode_option

if TYPE_CHECKING:
    from lms.content.model import Mode, Practice
    from lms.content.practice.action_paths import PathStep


# For the printed steps; the JSON output keeps the event names.
ACTION_LABELS = {
    "type": "gõ",
    "choose": "chọn",
    "switch": "gạt",
    "tap": "chạm",
    "hold": "giữ",
    "swipe": "vuốt",
    "pinch": "chụm",
    "double-tap": "chạm đúp",
    "wait": "chờ",
    "read": "mở tin",
    "hint": "xem gợi ý",
    "point": "nhờ chỉ chỗ cần chạm",
    "do": "nhờ làm giúp bước này",
    "miss": "chạm ra chỗ trống",
}


@click.command(name="walk", cls=Command)
@click.argument("file", metavar="TỆP", type=PATH)
@click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc, thay vì mỗi bước một dòng.")
@click.option("--random", "count", type=WholeNumber(1), metavar="N", help="Đi N lượt ngẫu nhiên, có cả đi lạc.")
@click.option(
    "--seed",
    default="0",
    metavar="CHỮ",
    show_default=True,
    help="Chữ hay số tùy ý; ghi lại đúng chữ ấy thì các số rút thăm và lối đi ngẫu nhiên vẫn như trước.",
)
@mode_option("Lượt ngẫu nhiên đi")
def command(file: Path, as_json: bool, count: int | None, seed: str, mode: Mode) -> None:
    """In đường đúng của bài tập trong TỆP: từng màn hình, các ô rồi chỗ chạm.

    Thí dụ: lms walk lam.md

    --json cho một danh sách {"screen", "widget", "label", "action", "value"}; "screen" là tên riêng của màn hình,
    "value" là null khi không gõ, không chọn gì. --random N cho N danh sách như vậy, có cả rẽ nhầm, gõ sai, xem gợi ý
    và chạm ra ngoài; việc không thuộc dòng nào thì "widget" là -1 và "label" để trống.

    Mã kết thúc: 1 là tệp còn lỗi, và các lỗi được in ra; 2 là không đọc được tệp.
    """
    from lms.content.practice import action_paths, compiling

    practice = load_practice(file)
    data = compiling.generate_random_data(practice, seed)
    if count is None:
        steps = action_paths.expected_path(practice, data)
        _print_steps(practice, steps) if not as_json else _print_json([step.as_json() for step in steps])
        return
    walks = action_paths.random_walks(practice, data, count, seed, mode)
    if as_json:
        _print_json([[step.as_json() for step in steps] for steps in walks])
        return
    for number, steps in enumerate(walks, 1):
        click.echo(f"Lượt {number}")
        _print_steps(practice, steps)


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _print_steps(practice: Practice, steps: Sequence[PathStep]) -> None:
    titles = {screen.id: screen.title for screen in practice.screens}
    for number, step in enumerate(steps, 1):
        value = "" if step.value is None else f" = {_value_text(step.value)}"
        click.echo(f"{number:3} {titles[step.screen]}: {ACTION_LABELS[step.action]} {step.label}{value}".rstrip())


def _value_text(value: str) -> str:
    """Return a value as printed: a description instead of a generated right or wrong value."""
    if value == "~ok":
        return "(gì cũng được, miễn hợp quy tắc)"
    return f"(sai, {value[1:]} chữ)" if value.startswith("?") and value[1:].isdigit() else value

"""``lms replay``: logs in, verdicts out, a line each."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from lms.cli.click_i18n import PATH, Command
from lms.cli.modes import mode_option
from lms.cli.practice_file import load_practice

_LONGEST_INT = 400  # characters


@click.command(name="replay", cls=Command)
@click.argument("file", metavar="TỆP", type=PATH)
@mode_option("Chấm")
def command(file: Path, mode: str) -> None:
    """Chấm các nhật ký làm bài tập trong TỆP. Lệnh này cho chương trình khác gọi: mỗi dòng vào một nhật ký, mỗi dòng
    ra một kết quả, đều là JSON.

    Một nhật ký là {"data": {"otp": "482915"}, "events": [[q, t, screen, widget, action, value?], ...]}; "data" là các
    giá trị đã rút thăm (dữ liệu khác cũng được, nếu đúng như trong tệp). Kết quả là {"kept", "screen", "ended",
    "passed", "score", "screens"}; "score" là trung bình của các màn hình, nửa điểm thì làm tròn lên, nhưng không vì
    thế mà đạt. Dòng nào không đọc được thì kết quả là {"error": lý do}, các dòng sau vẫn chấm. Dòng trống thì bỏ qua.

    Mã kết thúc: 1 là có dòng không đọc được, hay tệp còn lỗi và các lỗi được in ra; 2 là không đọc được tệp.
    """
    from lms.content.practice import compiling, engine

    practice = load_practice(file)
    model = compiling.compile_model(practice)
    failed = False
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        try:
            data, events = _read(line, practice)
        except ValueError as error:
            failed = True
            answer: dict = {"error": str(error)}
        else:
            replayed = engine.replay(model, data, events, mode)
            answer = {"kept": replayed.kept, **engine.report(model, replayed.state, mode)}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()
    sys.exit(1 if failed else 0)


def _read(line: bytes, practice) -> tuple[dict[str, str], list]:
    """The data and the events of a line.

    Raises:
        ValueError: the line is no such log; the message says why.
    """
    from lms.content.practice.compiling import complete_data

    try:
        log = _parsed(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(log, dict):
        raise ValueError('not an object {"data": ..., "events": [...]}')
    events = log.get("events")
    if not isinstance(events, list):
        raise ValueError('"events" is not a list')
    data = log.get("data", {})
    if not isinstance(data, dict):
        raise ValueError('"data" is not an object')
    return complete_data(practice, data), events


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a whole number of thousands of digits is JSON too; as a float it is out of every range
        return json.loads(text, parse_constant=_no_constant, parse_int=_any_int)


def _any_int(digits: str) -> float:
    return int(digits) if len(digits) < _LONGEST_INT else float(digits)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")

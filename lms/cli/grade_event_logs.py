"""``lms replay``: grade event logs of a practice, one JSON line in and one out per log."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from lms.cli.click_i18n import PATH, Command
from lms.cli.practice_file import load_practice, mode_option
from lms.content.model import Mode

_MAX_INT_DIGITS = 400  # characters


@click.command(name="replay", cls=Command)
@click.argument("file", metavar="TỆP", type=PATH)
@mode_option("Chấm")
def command(file: Path, mode: Mode) -> None:
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
            data, events = _parse_log(line, practice)
        except ValueError as error:
            failed = True
            result: dict[str, object] = {"error": str(error)}
        else:
            replayed = engine.replay(model, data, events, mode)
            result = {"kept": replayed.accepted, **engine.score_report(model, replayed.state, mode)}
        sys.stdout.write(json.dumps(result, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()
    sys.exit(1 if failed else 0)


def _parse_log(line: bytes, practice) -> tuple[dict[str, str], list]:
    """Return the drawn data and the events of a line.

    Raises:
        ValueError: the line is not a valid log; the message says why.
    """
    from lms.content.practice.compiling import complete_random_data

    try:
        log = _parse_json(line.decode("utf-8-sig"))
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
    return complete_random_data(practice, data), events


def _parse_json(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_reject_constant)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer too long for Python's limit: as a float it is out of range, and rejected later
        return json.loads(text, parse_constant=_reject_constant, parse_int=_int_or_float)


def _int_or_float(digits: str) -> float:
    return int(digits) if len(digits) < _MAX_INT_DIGITS else float(digits)


def _reject_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")

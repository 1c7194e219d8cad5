"""``lms replay``: logs in, verdicts out, a line each."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from lms.cli.practice_file import load_practice

_LONGEST_INT = 400  # characters


@click.command(name="replay")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mode", type=click.Choice(["tu-lam", "kiem-tra", "lam-theo"]), default="tu-lam", show_default=True)
def command(file: Path, mode: str) -> None:
    """Answer each log on standard input with what it is worth in the practice FILE.

    A line is {"data": {"otp": "482915"}, "events": [[q, t, screen, widget, action, value?], ...]}; "data" gives what
    sinh draws (the other data may stand there too, as the file has it). An answer is {"kept", "screen", "ended",
    "passed", "score", "screens"}; "score" is the mean of the screens, rounded half upwards but never up to a pass
    mark that the exact mean misses. A line that cannot be understood is answered {"error": reason} and the others
    go on; the exit code is then 1. Empty lines are skipped. A file with errors is not replayed: they are printed,
    and the exit code is 1 (2 for no such file).
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

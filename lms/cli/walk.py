"""``lms walk``: a practice's expected path, or seeded random walks, as steps."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from lms.cli.practice_file import load_practice


@click.command(name="walk")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a line a step.")
@click.option("--random", "count", type=click.IntRange(min=1), metavar="N", help="N random walks instead.")
@click.option("--seed", default="0", show_default=True, help="What is drawn and wandered follows from it.")
@click.option(
    "--mode",
    type=click.Choice(["tu-lam", "kiem-tra", "lam-theo"]),
    default="tu-lam",
    show_default=True,
    help="Random walks are possible logs of this mode.",
)
def command(file: Path, as_json: bool, count: int | None, seed: str, mode: str) -> None:
    """Print how FILE is meant to be walked, screen by screen: the fields, then the way on.

    With --json a list of {"screen", "widget", "label", "action", "value"}; "value" is null where nothing is typed or
    chosen. --random N prints a list of N such lists, which hold wrong turns, wrong values, help and taps on nothing
    too; there "widget" is -1 and "label" "" for what concerns no widget. All walks of one seed share the data that
    it draws. A file with errors is not walked: they are printed, and the exit code is 1 (2 for no such file).
    """
    from lms.content.practice import compiling, paths

    practice = load_practice(file)
    data = compiling.draw(practice, seed)
    if count is None:
        steps = paths.expected_path(practice, data)
        _print(steps) if not as_json else _dump([step.as_json() for step in steps])
        return
    walks = paths.random_walks(practice, data, count, seed, mode)
    if as_json:
        _dump([[step.as_json() for step in steps] for steps in walks])
        return
    for number, steps in enumerate(walks, 1):
        click.echo(f"# {number}")
        _print(steps)


def _dump(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _print(steps: list) -> None:
    for number, step in enumerate(steps, 1):
        value = "" if step.value is None else f" = {step.value}"
        click.echo(f"{number:3} {step.screen}: {step.action} {step.label}{value}".rstrip())

"""What Click says of its own accord, in the language of those who type ``lms``.

Its messages go through gettext and stand in ``locale``; here is what has no place there.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

PIECES = {"[OPTIONS]": "[TÙY-CHỌN]", "COMMAND [ARGS]...": "LỆNH …"}  # of the line that says how to type a command
DASHES = "-–—"


@contextmanager
def spoken() -> Iterator[None]:
    """Meanwhile Click speaks Vietnamese, whatever the language of this machine, or without any."""
    gettext.bindtextdomain("messages", Path(__file__).with_name("locale"))
    before = os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = "vi"  # where gettext looks first, each time it is asked
    try:
        yield
    finally:
        os.environ.pop("LANGUAGE")
        if before is not None:
            os.environ["LANGUAGE"] = before


class _Typed:
    """How a command reads what was typed, and shows how to type it."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [PIECES.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = {name for param in self.get_params(ctx) for name in param.opts}
        return super().parse_args(ctx, [_with_hyphens(word, known) for word in args])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Click keeps it, in the language of whoever asks first: that may be another program of this process."""
        with spoken():
            return super().get_help_option(ctx)


class Command(_Typed, click.Command):
    pass


class Group(_Typed, click.Group):
    command_class = Command
    group_class = type


# A file or folder. Click would look whether it can be read, and say less about it than the command itself.
PATH = click.Path(readable=False, path_type=Path)


class Whole(click.ParamType):
    """A whole number from ``least`` on. Click's own would say ``0<=x<=65535``."""

    name = "số"

    def __init__(self, least: int, most: int | None = None) -> None:
        self.least, self.most = least, most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            number = int(str(value))
        except ValueError:
            number = None
        if number is None or number < self.least or (self.most is not None and number > self.most):
            end = "trở lên" if self.most is None else f"đến {self.most}"
            self.fail(f"cần một số từ {self.least} {end}, không phải “{value}”.", param, ctx)
        return number


def _with_hyphens(word: str, known: set[str]) -> str:
    """An option as it was meant: chat programs and word processors make one dash of its two hyphens."""
    name, equals, value = word.partition("=")
    meant = f"--{name.lstrip(DASHES)}"
    return f"{meant}{equals}{value}" if name.startswith(tuple(DASHES)) and meant in known else word

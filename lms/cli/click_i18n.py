"""Click in Vietnamese.

Its messages go through gettext and are translated in ``locale``; this module has what gettext does not cover.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

USAGE_PIECES = {"[OPTIONS]": "[TÙY-CHỌN]", "COMMAND [ARGS]...": "LỆNH …"}  # in the usage line
DASHES = "-–—"


@contextmanager
def in_vietnamese() -> Iterator[None]:
    """Make gettext, and so Click, use Vietnamese within the block, whatever the locale."""
    gettext.bindtextdomain("messages", Path(__file__).with_name("locale"))
    before = os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = "vi"  # gettext reads it first, on every call
    try:
        yield
    finally:
        os.environ.pop("LANGUAGE")
        if before is not None:
            os.environ["LANGUAGE"] = before


class _VietnameseCommand(click.Command):
    """Mixin for commands: a Vietnamese usage line and help option, and dashes accepted for hyphens in options."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [USAGE_PIECES.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = {name for param in self.get_params(ctx) for name in param.opts}
        return super().parse_args(ctx, [_restore_hyphens(word, known) for word in args])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Click caches this option in the language of the first call, which may be outside ``in_vietnamese``."""
        with in_vietnamese():
            return super().get_help_option(ctx)


class Command(_VietnameseCommand, click.Command):
    pass


class Group(_VietnameseCommand, click.Group):
    command_class = Command
    group_class = type


# A file or folder. The commands check themselves whether it is readable, with better messages than Click's.
PATH = click.Path(readable=False, path_type=Path)


class WholeNumber(click.ParamType):
    """An integer of at least ``least`` and at most ``most``, with a Vietnamese message (Click's is ``0<=x<=65535``)."""

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


def _restore_hyphens(word: str, known: set[str]) -> str:
    """Restore the two hyphens of an option that a chat program or word processor turned into a dash."""
    name, equals, value = word.partition("=")
    option = f"--{name.lstrip(DASHES)}"
    return f"{option}{equals}{value}" if name.startswith(tuple(DASHES)) and option in known else word

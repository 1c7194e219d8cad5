"""The ``lms`` command: chores by name, each in a module of its own that is imported only when it is called."""

from __future__ import annotations

import importlib
import io
import sys

import click

# name: module with a click command called ``command``, imported when it is called: ``lms --help`` starts at once.
COMMANDS = {
    "badge": "lms.cli.badge",
    "check": "lms.cli.check",
    "db": "lms.cli.db",
    "new": "lms.cli.new",
    "replay": "lms.cli.replay",
    "serve": "lms.cli.serve",
    "walk": "lms.cli.walk",
}


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return importlib.import_module(COMMANDS[cmd_name]).command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the names alone: the one-line helps would import every command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, "") for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup)
def main() -> None:
    """Bình dân học vụ số: serve the courses, check them, walk a practice."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # a pipe on Windows would take cp1252, and fail on Vietnamese

"""Asking whoever sits at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from lms.cli.db_session import refuse

Answer = TypeVar("Answer")


def at_terminal() -> bool:
    """Whether somebody is there to answer: a script is told what is missing instead."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str, read: Callable[[str], Answer], *, default: str | None = None) -> Answer:
    """Ask until ``read`` has no objection; what it returns.

    ``read`` raises a ValueError whose text says what is amiss. Who leaves (Ctrl+C) has changed nothing: exit code 1.
    """
    while True:
        try:
            typed = click.prompt(question, default=default, type=str, err=True)
        except click.Abort:
            refuse("\nChưa thêm gì.")
        try:
            return read(typed)
        except ValueError as amiss:
            click.echo(str(amiss), err=True)


def numbered(lines: Sequence[str]) -> str:
    """A list to choose from by number."""
    return "\n".join(f"  {number}. {line}" for number, line in enumerate(lines, 1))


def chosen_number(typed: str, most: int) -> int | None:
    """The place in a list of ``most``, from 0; None when it is no such number."""
    typed = typed.strip()
    return int(typed) - 1 if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= most else None

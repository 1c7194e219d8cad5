"""``--mode``, for the commands that go through a practice."""

from __future__ import annotations

from collections.abc import Callable

import click


def mode_option(what_for: str) -> Callable:
    """The option; ``what_for`` begins the sentence of its help."""
    return click.option(
        "--mode",
        type=click.Choice(["tu-lam", "kiem-tra", "lam-theo"]),
        default="tu-lam",
        show_default=True,
        help=f"{what_for} theo cách tập này: tự làm, kiểm tra hay làm theo.",
    )

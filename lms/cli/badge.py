"""``lms badge``: taking back a badge that should not have been given."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click


@click.group()
def command() -> None:
    """Look after badges that were given."""


@command.command()
@click.argument("badge_id")
def revoke(badge_id: str) -> None:
    """Take back the badge with this id, the last part of its address. Its page and /kiem-chung say so from now on."""
    from lms.config import load_settings
    from lms.learning.badges.awarding import revoke_badge
    from lms.learning.database import make_engine, writing
    from lms.learning.errors import NotFound

    engine = make_engine(load_settings().database_url)
    try:
        with writing(engine).begin() as session:
            revoke_badge(session, badge_id.rpartition("/")[2].lower(), now=datetime.now(UTC))
    except NotFound:
        click.echo(f"There is no badge {badge_id} that still counts.", err=True)
        sys.exit(1)
    click.echo("The badge is taken back. It is not given again.")

"""``lms db``: chores of the database."""

from __future__ import annotations

import sys

import click


@click.group()
def command() -> None:
    """Look after the database."""


@command.command()
def upgrade() -> None:
    """Create the tables, or bring them up to date. Several may run this at once."""
    from lms.config import SettingsError, load_settings
    from lms.learning.database import make_engine
    from lms.learning.errors import DatabaseUnreachable, MigrationFailed
    from lms.learning.upgrade import upgrade as run

    try:
        settings = load_settings()
        run(make_engine(settings.database_url))
    except SettingsError as error:
        _stop(str(error))
    except DatabaseUnreachable as error:
        _stop(f"The database does not answer. {error}\nIs LMS_DATABASE_URL right, and is the server running?")
    except MigrationFailed as error:
        _stop(f"The database was left as it was: {error}")
    click.echo("The database is up to date.")


@command.command()
def tidy() -> None:
    """Let classes forget persons whose time is up. The running site does this by itself every day."""
    import datetime

    from lms.config import SettingsError, load_settings
    from lms.content.shelf import Shelf
    from lms.learning.classroom.retention import tidy as run
    from lms.learning.database import make_engine
    from lms.learning.errors import DatabaseUnreachable, MigrationFailed
    from lms.learning.upgrade import upgrade as bring_up

    now = datetime.datetime.now(datetime.UTC)
    try:
        settings = load_settings()
        engine = make_engine(settings.database_url)
        bring_up(engine)
    except SettingsError as error:
        _stop(str(error))
    except DatabaseUnreachable as error:
        _stop(f"The database does not answer. {error}\nIs LMS_DATABASE_URL right, and is the server running?")
    except MigrationFailed as error:
        _stop(f"The database was left as it was: {error}")
    library = Shelf(settings.courses_dir, today=now.date).library
    done = run(engine, library, keep=datetime.timedelta(days=settings.class_days), now=now)
    click.echo(f"Classes closed: {done.closed}, counted: {done.counted}, emptied of persons: {done.emptied}.")


def _stop(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(2)

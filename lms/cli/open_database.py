"""Open the configured database for a command, or exit with a Vietnamese sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from lms.os_error_messages import database_error_message

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from lms.config import Settings


@contextmanager
def open_database(*, port: int | None = None) -> Iterator[tuple[Engine, Settings]]:
    """Yield the migrated database and the settings. ``port`` overrides LMS_PORT.

    Exits with 2 if a setting or the database cannot be used.
    """
    from lms.config import SettingsError, load_settings
    from lms.learning.errors import DatabaseUnreachable, MigrationFailed
    from lms.learning.store.database import make_engine
    from lms.learning.store.migrate import upgrade

    os.umask(0o077)  # a new database file is readable for its owner only
    try:
        settings = load_settings(port=port)
        engine = make_engine(settings.database_url)
        upgrade(engine)
    except SettingsError as error:
        _exit_unusable(str(error))
    except DatabaseUnreachable as error:
        remedy = "Xem lại LMS_DATABASE_URL, và máy chủ của nó có đang chạy không."
        _exit_unusable(f"Cơ sở dữ liệu không trả lời: {database_error_message(str(error))}\n{remedy}")
    except MigrationFailed as error:
        _exit_unusable(f"Cơ sở dữ liệu không nâng cấp được, và vẫn như cũ: {database_error_message(str(error))}")
    yield engine, settings
    engine.dispose()


def exit_with_error(sentence: str) -> NoReturn:
    """Print the sentence and exit with 1: the request was refused and nothing has changed."""
    click.echo(sentence, err=True)
    sys.exit(1)


def _exit_unusable(sentence: str) -> NoReturn:
    """Print the sentence and exit with 2: the settings or the database must be fixed first."""
    click.echo(sentence, err=True)
    sys.exit(2)

"""The database of this machine, for a chore at the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from lms.os_error_messages import reason_of_database

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from lms.config import Settings


@contextmanager
def opened_store(**overrides: object) -> Iterator[tuple[Engine, Settings]]:
    """The store, brought up to date. ``overrides``: as ``load_settings``.

    What cannot be is one sentence, and exit code 2.
    """
    from lms.config import SettingsError, load_settings
    from lms.learning.errors import DatabaseUnreachable, MigrationFailed
    from lms.learning.store.database import make_engine
    from lms.learning.store.migrate import upgrade

    os.umask(0o077)  # a database that is made now is for nobody else on this machine
    try:
        settings = load_settings(**overrides)
        engine = make_engine(settings.database_url)
        upgrade(engine)
    except SettingsError as error:
        _stop(str(error))
    except DatabaseUnreachable as error:
        remedy = "Xem lại LMS_DATABASE_URL, và máy chủ của nó có đang chạy không."
        _stop(f"Cơ sở dữ liệu không trả lời: {reason_of_database(str(error))}\n{remedy}")
    except MigrationFailed as error:
        _stop(f"Cơ sở dữ liệu không nâng cấp được, và vẫn như cũ: {reason_of_database(str(error))}")
    yield engine, settings
    engine.dispose()


def refuse(sentence: str) -> NoReturn:
    """What was asked for cannot be; nothing has changed. Exit code 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


def _stop(sentence: str) -> NoReturn:
    """Nothing can be done before this machine is set right."""
    click.echo(sentence, err=True)
    sys.exit(2)

"""Writes to the store of a running site what a test needs there, where the pages for it are another test's subject."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lms.learning.store.database import make_engine, write_sessions
from tests.browser.site_process import Site


@contextmanager
def writing(site: Site) -> Iterator[Session]:
    """A transaction in the site's store."""
    with write_sessions(_engine(site.data_dir)).begin() as session:
        yield session


@cache  # the statements that it has compiled are used again
def _engine(data_dir: Path) -> Engine:
    return make_engine(f"sqlite:///{data_dir / 'lms.sqlite3'}")

"""Fixtures: the city on both databases, and laptops, each with a database, keys and a secret of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from lms.content.model import Library
from lms.learning.badges.openbadges import Issuer
from lms.learning.store.database import make_engine
from tests.databases import do_not_sync
from tests.learning.hand_in.laptops import City, Laptop


@pytest.fixture
def city(engine: Engine, issuer: Issuer, library: Library) -> City:
    return City(engine, issuer, library)


@pytest.fixture
def new_laptop(tmp_path: Path, migrated_file: Path, library: Library) -> Iterator[Callable[[str], Laptop]]:
    engines: list[Engine] = []

    def new_laptop(name: str) -> Laptop:
        file = tmp_path / f"{name}.sqlite3"
        shutil.copy(migrated_file, file)
        engines.append(make_engine(f"sqlite:///{file}"))
        event.listen(engines[-1], "connect", do_not_sync)
        return Laptop(engines[-1], tmp_path / name, library)

    yield new_laptop
    for engine in engines:
        engine.dispose()


@pytest.fixture
def laptop(new_laptop: Callable[[str], Laptop]) -> Laptop:
    return new_laptop("laptop")

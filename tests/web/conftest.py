"""Fixtures of the web tests: an application with a small course, and clients for two learners."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from datetime import date
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

import pytest
from flask import Flask
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from sqlalchemy import Dialect, Engine, Select
from werkzeug.routing import Map, Rule, RuleFactory

from lms.config import Settings
from lms.content.catalog import Catalog
from lms.learning.badges.keys import KEY_FILE, load_key_ring
from lms.learning.batch_handlers import BATCH_HANDLERS, lock_rows
from lms.learning.store.raw_query import RawQuery
from lms.learning.store.writer import Writer
from lms.web.app import create_app
from tests.web.checking_client import CheckingClient
from tests.web.sample_course import write_courses
from tests.web.signed_in_clients import signed_in_client

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    """Writes the courses of a module's tests into a folder and returns it. Modules with other courses override it."""
    return write_courses


@pytest.fixture(scope="module")
def shared_catalog(tmp_path_factory: pytest.TempPathFactory, course_writer: Callable[[Path], Path]) -> Catalog:
    """The courses of a module, read once. Tests that edit or reload them use ``courses``."""
    return Catalog(course_writer(tmp_path_factory.mktemp("shared") / "courses"), lambda: TODAY)


@pytest.fixture
def courses(tmp_path: Path, course_writer: Callable[[Path], Path]) -> Path:
    """A folder of courses that the test may edit."""
    return course_writer(tmp_path / "courses")


@pytest.fixture
def catalog(request: pytest.FixtureRequest) -> Catalog:
    """The test's own catalog if the test uses the folder ``courses``, else the shared one."""
    if "courses" in request.fixturenames:
        return Catalog(request.getfixturevalue("courses"), lambda: TODAY)
    return request.getfixturevalue("shared_catalog")


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The signing key of an installation."""
    data_dir = tmp_path_factory.mktemp("keys")
    load_key_ring(data_dir)
    return data_dir / KEY_FILE


@pytest.fixture
def settings(tmp_path: Path, key_file: Path) -> Settings:
    shutil.copy(key_file, tmp_path)  # generating one waits for the disk
    return Settings(
        data_dir=tmp_path,
        courses_dir=tmp_path / "courses",  # the catalog fixture decides
        database_url="sqlite://",  # the engine fixture decides
        secret_key="a secret that only this test knows",
        public_url="http://hoc.example",
    )


class SharedBytecodeCache(FileSystemBytecodeCache):
    """Compiled templates: those of all applications in memory, those of the other workers of a run in a folder.

    Compiling them in each application took a quarter of the time, and in each worker 1.5 seconds.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(str(folder))
        self._compiled: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get(_key(bucket))
        if bucket.code is None:
            super().load_bytecode(bucket)
            self._compiled[_key(bucket)] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[_key(bucket)] = bucket.code
        super().dump_bytecode(bucket)


def _key(bucket: Bucket) -> tuple[str, str]:
    return bucket.key, bucket.checksum


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(folder_of_run: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": SharedBytecodeCache(folder_of_run / "templates")})
        yield


class SharedUrlMap(Map):
    """URL rules that are compiled and sorted once for all applications that have the same: that took more than all else
    in a new application.

    Werkzeug has no public hook for this. Every use of a map begins with ``update``.
    """

    _compiled: ClassVar[dict[tuple[object, ...], Map]] = {}

    def __init__(self, *, host_matching: bool = False) -> None:
        super().__init__(host_matching=host_matching)
        self._added: list[Rule] = []

    def add(self, rulefactory: RuleFactory) -> None:
        self._added.extend(rulefactory.get_rules(self))
        self._remap = True

    def update(self) -> None:
        if not self._remap:
            return
        key = (self.host_matching, self.merge_slashes, *map(id, self._added))  # they last as long as _shared_rule
        if key not in self._compiled:
            compiled = Map(host_matching=self.host_matching, merge_slashes=self.merge_slashes)
            for rule in self._added:
                compiled.add(copy(rule))
            compiled.update()
            self._compiled[key] = compiled
        self._matcher, self._rules_by_endpoint = self._compiled[key]._matcher, self._compiled[key]._rules_by_endpoint
        self._remap = False


Pairs = tuple[tuple[str, Any], ...]


@cache
def _shared_rule(rule: str, methods: frozenset[str], defaults: Pairs, options: Pairs) -> Rule:
    return Rule(rule, methods=methods, defaults=dict(defaults), **dict(options))


def _make_rule(rule: str, *, methods: set[str], defaults: Mapping[str, Any] | None = None, **options: Any) -> Rule:
    """A rule that all applications share, and none changes: only copies of it are bound to a map."""
    return _shared_rule(rule, frozenset(methods), tuple((defaults or {}).items()), tuple(sorted(options.items())))


@pytest.fixture(scope="session", autouse=True)
def shared_url_maps() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "url_map_class", SharedUrlMap)
        patch.setattr(Flask, "url_rule_class", staticmethod(_make_rule))
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_raw_queries() -> Iterator[None]:
    """Compile the statement of a raw query once for each database: that was half the time of a new application."""
    compile_query = RawQuery.__init__
    compiled: dict[tuple[Dialect, Select[Any]], dict[str, Any]] = {}

    def compile_once(query: RawQuery, engine: Engine, statement: Select[Any]) -> None:
        key = engine.dialect, statement
        if key not in compiled:
            compile_query(query, engine, statement)
            compiled[key] = vars(query).copy()
        vars(query).update(compiled[key], _engine=engine)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RawQuery, "__init__", compile_once)
        yield


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    """The site's writer, on the test's own database."""
    writer = Writer(engine, batch_handlers=BATCH_HANDLERS, lock_rows=lock_rows)
    yield writer
    writer.close()


@pytest.fixture
def app(
    settings: Settings,
    engine: Engine,
    writer: Writer,
    catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
) -> Flask:
    monkeypatch.setattr("lms.web.clock.today", lambda: TODAY)
    app = create_app(settings, catalog=catalog, engine=engine, writer=writer)
    app.test_client_class = CheckingClient
    return app


@pytest.fixture
def lan(app: Flask) -> CheckingClient:
    """Lan's phone, with its own cookies."""
    return app.test_client()


@pytest.fixture
def hoa(app: Flask) -> CheckingClient:
    """Hoa's phone, which must show nothing of Lan."""
    return app.test_client()


@pytest.fixture
def organiser(app: Flask) -> CheckingClient:
    """Thu of Phường An Đông, signed in."""
    return signed_in_client(app, "Thu", {"organiser"})


@pytest.fixture
def author(app: Flask) -> CheckingClient:
    """Khoa, who writes the courses of Phường An Đông, signed in."""
    return signed_in_client(app, "Khoa", {"author"})

"""The web's own fixtures: a small course on the air, and phones that look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from lms.config import Settings
from lms.content.catalog import Shelf
from lms.web import create_app
from tests.web.careful import CarefulClient
from tests.web.schoolroom import write_courses

TODAY = date(2026, 11, 25)


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return write_courses(tmp_path / "courses")


@pytest.fixture
def settings(tmp_path: Path, courses: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        courses_dir=courses,
        database_url="sqlite://",  # the engine fixture decides
        secret_key="a secret that only this test knows",
        public_url="http://hoc.example",
    )


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Templates, compiled once a run: each test has an application of its own, and compiling took a quarter."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session", autouse=True)
def compiled_addresses() -> Iterator[None]:
    """The builders of addresses, compiled once a run, too: what is compiled says a rule's words and nothing else."""
    compile_anew, compiled = Rule._compile_builder, {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        words = repr((rule.rule, rule.subdomain, rule.host, rule.defaults, rule._trace, append_unknown))
        if words not in compiled:
            compiled[words] = compile_anew(rule, append_unknown)
        return compiled[words]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture
def app(
    settings: Settings, engine: Engine, courses: Path, compiled: BytecodeCache, monkeypatch: pytest.MonkeyPatch
) -> Flask:
    monkeypatch.setattr("lms.web.clock.today", lambda: TODAY)
    app = create_app(settings, shelf=Shelf(courses, lambda: TODAY), engine=engine)
    app.jinja_env.bytecode_cache = compiled
    app.test_client_class = CarefulClient
    return app


@pytest.fixture
def lan(app: Flask) -> CarefulClient:
    """Lan's phone."""
    return app.test_client()


@pytest.fixture
def hoa(app: Flask) -> CarefulClient:
    """Hoa's phone; it shows nothing of Lan."""
    return app.test_client()

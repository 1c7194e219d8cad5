"""Hooks of the tests: what a run leaves out, and how the rest is distributed over the workers."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests import unchanged_inputs
from tests.temporary_folders import folder_of_all_tests, tmp_path
from tests.time_limits import add_option, pytest_runtest_teardown, pytest_timeout_set_timer

__all__ = ["folder_of_all_tests", "pytest_runtest_teardown", "pytest_timeout_set_timer", "tmp_path"]  # hooks, fixtures

STORES = ("sqlite", "postgresql")
QUICK_FOLDERS = ("content", "learning", "web")  # of a quick run that names none

# Distributed over the workers test by test: they take long, and most share only what lasts for the whole run.
SLOW_FOLDERS = ("tests/browser/", "tests/live/")
# Files in them whose tests share something expensive, such as a site of their own: each worker would start it anew.
KEPT_TOGETHER = tuple(
    f"tests/{name}.py"
    for name in (
        "browser/offline/test_changed_meanwhile",
        "browser/test_credential", "browser/test_drawing", "browser/test_gestures", "browser/test_html",
        "browser/test_isolated_network", "browser/test_movement_pages", "browser/test_pictures",
        "browser/test_questions", "browser/test_review", "browser/test_survive", "browser/test_trainers_path",
        "browser/test_watched", "live/test_city", "live/test_classes", "live/test_metrics",
    )
)  # fmt: skip
# A single test takes up to a minute.
LONG_TESTS = tuple(
    f"tests/browser/test_{name}.py"
    for name in ("accessible", "class_boards", "class_html", "class_pages", "desk", "journey", "report", "wall_letters")
)


class FilesAndSlowTests(LoadFileScheduling):
    """Keep the tests of a file on one worker, for its fixtures; distribute slow tests one by one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if is_distributed_by_test(file) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # the number of tests says nothing about the time
    return FilesAndSlowTests(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    quick = "no PostgreSQL, no test that is marked slow, fewer generated examples; by default a few folders"
    parser.addoption("--quick", action="store_true", help=quick)
    add_option(parser)
    unchanged_inputs.add_option(parser)
    parser.addoption("--explain", action="store_true", help="fail if a query would read a whole big table")


def pytest_configure(config: pytest.Config) -> None:
    # The workers, and the thousand processes of the program that tests start, would each compile all modules anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    # A process that only distributes tests does without the program: importing it would hold up all workers.
    is_distributor = config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput")
    if not is_distributor or config.getoption("hypothesis_profile", None):
        config.pluginmanager.import_plugin("tests.shared_fixtures")
    config.pluginmanager.register(unchanged_inputs.UnchangedInputs(whole=config.getoption("whole")))
    if config.getoption("explain"):
        from tests.explained_queries import ExplainedQueries

        config.pluginmanager.register(ExplainedQueries())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if not config.getoption("quick") or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return None
    tests = Path(__file__).parent
    return True if collection_path.parent == tests and collection_path.name not in QUICK_FOLDERS else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses ``store``, directly or through a fixture, on every database of this run."""
    is_chosen = any("store" in marker.args[0] for marker in metafunc.definition.iter_markers("parametrize"))
    if "store" in metafunc.fixturenames and not is_chosen:
        stores = STORES if _needs_both_stores(metafunc) else STORES[:1]
        metafunc.parametrize("store", stores, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is slow in a quick run; order the files for the workers, else keep pytest's order."""
    if config.getoption("quick"):
        slow = {item for item in items if item.get_closest_marker("slow") or _needs_postgres(item)}
        config.hook.pytest_deselected(items=list(slow))
        items[:] = [item for item in items if item not in slow]
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _turn(item.nodeid.partition("::")[0]))


def is_distributed_by_test(file: str) -> bool:
    return file.startswith(SLOW_FOLDERS) and file not in KEPT_TOGETHER


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect thirteen thousand tests without the garbage collector, which would look through them again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def _needs_both_stores(metafunc: pytest.Metafunc) -> bool:
    """Pages call the services, whose tests run on both; only pages that race one another differ by database."""
    if metafunc.config.getoption("quick"):
        return False
    is_page = Path(metafunc.module.__file__).is_relative_to(Path(__file__).parent / "web")
    marked = metafunc.definition.get_closest_marker("both_stores")
    return metafunc.config.getoption("whole") or not is_page or marked is not None


def _needs_postgres(item: pytest.Item) -> bool:
    assert isinstance(item, pytest.Function)
    is_chosen = hasattr(item, "callspec") and item.callspec.params.get("store") == "postgresql"
    return is_chosen or "postgres" in item.fixturenames


def _turn(file: str) -> tuple[int, str]:
    """Long pieces come first and short ones last, so that all workers end at the same time."""
    if file in LONG_TESTS or file in KEPT_TOGETHER:
        return 0, file
    return 2 if is_distributed_by_test(file) else 1, file

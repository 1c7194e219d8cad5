"""Leave out tests that cannot say anything new, and those for which a sample stands; `make all-tests` runs all of them.

``@pytest.mark.inputs("courses", ...)`` names files and folders that a test judges, beside those of
every such test and the folder of its parameter ``practice``. A test that passed is left out as long
as the digest of its inputs stays. ``@pytest.mark.whole``: only ``--whole`` runs it.
"""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PASSED = ROOT / "build" / "passed-inputs.json"
OF_EVERY_TEST = (
    "lms/content",
    "lms/web",
    "static",
    "tests/browser",
    "tests/unchanged_inputs.py",
    "requirements-test.txt",
)


def add_option(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="tests whose inputs have passed before, and all of a sample")


class UnchangedInputs:
    """The plugin: digests of this run's tests, and those that passed in an earlier one."""

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole
        self._passed: dict[str, str] = json.loads(PASSED.read_text("utf-8")) if PASSED.exists() else {}
        self._failed: set[str] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        left_out = set[pytest.Item]()
        for item in items:
            if (digest := _digest(item)) is not None:
                item.user_properties.append(("inputs", digest))
            if not self._whole and (item.get_closest_marker("whole") or digest == self._passed.get(item.nodeid, "")):
                left_out.add(item)
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        digest = dict(report.user_properties).get("inputs")
        if report.failed:
            self._failed.add(report.nodeid)
        if digest and report.when == "teardown":
            self._passed[report.nodeid] = "" if report.nodeid in self._failed else str(digest)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not hasattr(session.config, "workerinput"):  # the distributor has the reports of all workers
            PASSED.parent.mkdir(exist_ok=True)
            PASSED.write_text(json.dumps(self._passed, indent=0, sort_keys=True), "utf-8")


def _digest(item: pytest.Item) -> str | None:
    marker = item.get_closest_marker("inputs")
    if marker is None:
        return None
    callspec = getattr(item, "callspec", None)
    practice = callspec.params.get("practice") if callspec else None
    own = (str(Path(practice.path).resolve().parent),) if practice else ()
    parts = (_digest_of_files(path) for path in (*OF_EVERY_TEST, *marker.args, *own))
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:20]


@functools.cache
def _digest_of_files(path: str) -> str:
    place = ROOT / path
    files = [place] if place.is_file() else sorted(place.rglob("*"))
    digest = hashlib.sha256()
    for file in files:
        if file.is_file() and file.suffix != ".pyc":
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()

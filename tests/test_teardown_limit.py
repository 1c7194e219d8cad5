"""A run of tests ends even if what a test leaves behind does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLUGIN = """
from tests.teardown_limit import add_option as pytest_addoption
from tests.teardown_limit import pytest_runtest_teardown
"""
HANGING = """
import threading
import pytest

@pytest.fixture(scope="session", autouse=True)
def other():
    yield
    print("the others were torn down")

@pytest.fixture(scope="session", autouse=True)
def server(other):
    yield
    threading.Event().wait()

@pytest.fixture(autouse=True)
def browser():
    yield
    threading.Event().wait()

def test_fails():
    assert False
"""


def test_a_teardown_that_hangs_after_a_failure_is_interrupted(tmp_path):
    (tmp_path / "limit_plugin.py").write_text(PLUGIN)
    (tmp_path / "test_hanging.py").write_text(HANGING)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT} {tmp_path}\nteardown_timeout = 0.2\n")
    command = [sys.executable, "-m", "pytest", "-s", "-p", "limit_plugin", "-p", "no:cacheprovider", "test_hanging.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert "1 failed, 1 error" in done.stdout, done.stdout + done.stderr
    assert done.stdout.count("Failed: teardown took more than 0.2 s") >= 2
    assert "the others were torn down" in done.stdout

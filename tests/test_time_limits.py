"""A run of tests ends even if what a test leaves behind does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLUGIN = """
from tests.time_limits import add_option as pytest_addoption
from tests.time_limits import pytest_runtest_teardown, pytest_timeout_set_timer
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


WAITING = """
import threading

server = threading.Event()

def test_waits():
    phone = threading.Thread(target=server.wait, daemon=True)
    phone.start()
    try:
        server.wait()
    finally:
        phone.join()

def test_goes_on():
    assert not server.is_set()
"""


def run(folder: Path, tests: str, *, teardown_seconds: float) -> str:
    (folder / "limit_plugin.py").write_text(PLUGIN)
    (folder / "test_hanging.py").write_text(tests)
    settings = f"pythonpath = {ROOT} {folder}\ntimeout = 1\nteardown_timeout = {teardown_seconds}\n"
    (folder / "pytest.ini").write_text(f"[pytest]\n{settings}")
    command = [sys.executable, "-m", "pytest", "-s", "-p", "limit_plugin", "-p", "no:cacheprovider", "test_hanging.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr


def test_a_teardown_that_hangs_after_a_failure_is_interrupted(tmp_path):
    said = run(tmp_path, HANGING, teardown_seconds=0.2)
    assert "1 failed, 1 error" in said, said
    assert said.count("Failed: teardown took more than 0.2 s") >= 2
    assert "the others were torn down" in said


def test_what_a_test_waits_for_after_it_ran_out_of_time_is_interrupted_too(tmp_path):
    said = run(tmp_path, WAITING, teardown_seconds=3)  # on a busy machine pytest needs some of it for its report
    assert "1 failed, 1 passed" in said, said

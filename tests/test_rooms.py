"""Which way imports go between the rooms."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_rooms_know_only_the_rooms_below_them():
    linter = Path(sys.executable).with_name("lint-imports")
    verdict = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_help_and_check_wait_for_nothing_heavy():
    """``lms --help`` and ``lms check`` start at once: no web framework, no database."""
    heavy = ("flask", "sqlalchemy", "alembic", "uvicorn", "PIL", "cryptography", "pyld")
    code = f"import sys, lms.cli, lms.cli.check; print([name for name in {heavy!r} if name in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"

"""Import contracts between the packages, and light imports of the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_import_contracts_hold():
    linter = Path(sys.executable).with_name("lint-imports")
    verdict = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_help_and_check_import_no_heavy_libraries():
    """``lms --help`` and ``lms check`` start fast: they import neither the web framework nor the database."""
    heavy = ("flask", "sqlalchemy", "alembic", "uvicorn", "PIL", "cryptography", "pyld")
    code = f"import sys, lms.cli, lms.cli.check; print([name for name in {heavy!r} if name in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


def test_a_site_starts_without_the_libraries_of_office_files():
    """Few sites ever read one, and one of these libraries took a sixth of each start."""
    office = ("mammoth", "openpyxl", "lxml")
    code = f"import sys, lms.server; print([name for name in {office!r} if name in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"

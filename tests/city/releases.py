"""Releases as ``make release`` makes them: of this working tree, and of an earlier commit from git's history."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.browser.site_process import ROOT

# The last commit with the tables of before that can be asked whether it is ready.
OLD_RELEASE = os.environ.get("OLD_RELEASE", "63e4f73b")


def build_release(folder: Path) -> None:
    _build(ROOT, folder)


def build_old_release(folder: Path, scratch: Path) -> None:
    """The program of OLD_RELEASE and what it depends on, with the ``deploy/`` of today: the page is today's."""
    subprocess.run(["git", "clone", "--quiet", "--shared", "--no-checkout", str(ROOT), str(scratch)], check=True)
    done = subprocess.run(
        ["git", "-C", str(scratch), "checkout", "--quiet", OLD_RELEASE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"the history does not reach to {OLD_RELEASE}: {done.stderr}"
    _build(scratch, folder)
    shutil.rmtree(folder / "deploy")
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines))


def _build(clone: Path, folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    done = subprocess.run(
        [sys.executable, str(clone / ".ci" / "release.py"), str(folder), "--changed"],
        cwd=clone, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr

"""The files that tests of the editor write, and how its script asks for answers."""

from __future__ import annotations

from pathlib import Path

LAM, HIEU = "02-kich-hoat/lam.md", "02-kich-hoat/hieu.md"
ADDRESS = f"/soan/vneid/{LAM}"
SCRIPT = {"Accept": "application/json"}


def read(courses: Path, path: str) -> str:
    return (courses / "vneid" / path).read_text("utf-8")

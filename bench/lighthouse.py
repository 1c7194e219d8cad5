"""Lighthouse's opinion, on a slow phone with a slow network, of every kind of page that citizens and halls see."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.classroom import open_room
from bench.figures import Figure, at_least
from bench.graduate import graduate
from bench.sites import ROOT, Site, our_site

BARS = {"performance": 98, "accessibility": 100, "best-practices": 98}
_PROGRAM = ROOT / "node_modules" / ".bin" / "lighthouse"
_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, our_site(Path(folder)) as site:
        learner = graduate(site)
        for name, path in learner.pages.items():
            yield from _judge(site, name, path, learner.cookie, Path(folder))
        for name, (path, cookie) in open_room(site).pages.items():
            yield from _judge(site, name, path, cookie, Path(folder))


def _judge(site: Site, name: str, path: str, cookie: str, folder: Path) -> Iterator[Figure]:
    scores, failed = _run(site.url + path, cookie, folder)
    for category, bar in BARS.items():
        yield at_least(f"Lighthouse, {name}: {category}", scores[category], bar, "of 100", ", ".join(failed[category]))


def _run(url: str, cookie: str, folder: Path) -> tuple[dict[str, float], dict[str, list[str]]]:
    report = folder / "lighthouse.json"
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookie}))
    command = [_PROGRAM, url, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={_FLAGS}"]
    command += [f"--only-categories={','.join(BARS)}", f"--extra-headers={headers}"]
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or ""
    environment = os.environ | {"CHROME_PATH": chromium}
    for last_try in (
        False,
        True,
    ):  # on a busy machine Chromium's trace is sometimes lost, which says nothing of the page
        report.unlink(missing_ok=True)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
        said = json.loads(report.read_text()) if report.exists() else {}
        if said and not said.get("runtimeError"):
            break
        if last_try:
            raise RuntimeError(f"lighthouse failed on {url}:\n{done.stderr}")
    categories = said["categories"]
    scores = {name: round((categories[name]["score"] or 0) * 100) for name in BARS}
    failed = {name: _failed(categories[name], said["audits"]) for name in BARS}
    return scores, failed


def _failed(category: dict, audits: dict) -> list[str]:
    """The ids of the weighted audits that are not full."""
    weighed = [part["id"] for part in category["auditRefs"] if part["weight"]]
    return [name for name in weighed if audits[name]["score"] not in (None, 1) and audits[name]["score"] < 0.9]

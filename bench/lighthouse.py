"""Lighthouse scores of pages of learners, class phones, projectors and the movement, on a slow phone and network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.figures import Figure, at_least
from bench.sample_class import open_sample_class
from bench.sample_learner import create_sample_learner
from bench.sites import ROOT, Site, our_site

BARS = {"performance": 98, "accessibility": 100, "best-practices": 98}
_OF_MOVEMENT = {"calendar": "/lich", "ward": "/phuong/an-dong", "movement": "/phong-trao"}
_PROGRAM = ROOT / "node_modules" / ".bin" / "lighthouse"
_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, our_site(Path(folder)) as site:
        learner = create_sample_learner(site)
        for name, path in learner.pages.items():
            yield from judge(site, name, path, learner.cookie, Path(folder))
        for name, path in _OF_MOVEMENT.items():
            yield from judge(site, name, path, "", Path(folder))
        for name, (path, cookie) in open_sample_class(site).pages.items():
            yield from judge(site, name, path, cookie, Path(folder))


def judge(
    site: Site, name: str, path: str, cookie: str, folder: Path, bars: Mapping[str, int] = BARS
) -> Iterator[Figure]:
    """The scores of one page. ``folder`` takes the report."""
    scores, failed = _run(site.url + path, cookie, folder)
    for category, bar in bars.items():
        yield at_least(f"Lighthouse, {name}: {category}", scores[category], bar, "of 100", ", ".join(failed[category]))


def _run(url: str, cookie: str, folder: Path) -> tuple[dict[str, int], dict[str, list[str]]]:
    report_file = folder / "lighthouse.json"
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookie}))
    command = [_PROGRAM, url, "--quiet", "--output=json", f"--output-path={report_file}", f"--chrome-flags={_FLAGS}"]
    command += [f"--only-categories={','.join(BARS)}", f"--extra-headers={headers}"]
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or ""
    environment = os.environ | {"CHROME_PATH": chromium}
    # Two tries: on a busy machine Chromium sometimes loses its trace, which says nothing about the page.
    for last_try in (False, True):
        report_file.unlink(missing_ok=True)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
        report = json.loads(report_file.read_text()) if report_file.exists() else {}
        if report and not report.get("runtimeError"):
            break
        if last_try:
            raise RuntimeError(f"lighthouse failed on {url}:\n{done.stderr}")
    categories = report["categories"]
    scores = {name: round((categories[name]["score"] or 0) * 100) for name in BARS}
    failed = {name: _failed(categories[name], report["audits"]) for name in BARS}
    return scores, failed


def _failed(category: dict, audits: dict) -> list[str]:
    """Return the ids of the weighted audits that score below 0.9."""
    weighted = [part["id"] for part in category["auditRefs"] if part["weight"]]
    return [name for name in weighted if audits[name]["score"] not in (None, 1) and audits[name]["score"] < 0.9]

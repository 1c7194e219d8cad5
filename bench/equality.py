"""The two engines on ten thousand walks through every practice in every mode, a test's own page among them.

What must be equal is said in ``tests/content/practice/both_engines.py``; the tests walk a part of this. Two processes
share the practices, each with a Node of its own, and say on standard error how far they are: it takes minutes.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Figure, at_least, at_most
from bench.sites import ROOT
from lms.content.model import Practice
from lms.content.practice import paths
from lms.content.practice.compiling import draw
from lms.content.practice.storyboard import read_practice
from tests.content.practice.both_engines import SHOWN, WAYS, JavaScript, models_of, quick_answer

WALKS = 10_000  # in each mode
_AT_ONCE = 2_500  # logs that one Node gets


def measure() -> Iterator[Figure]:
    files = sorted([*ROOT.glob("courses/*/*/lam*.md"), *ROOT.glob("tests/content/practice/cases/*.md")])
    found = []
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        for number, (file, one) in enumerate(zip(files, pool.map(compare, files), strict=True), start=1):
            print(f"  {number} of {len(files)}: {file.relative_to(ROOT)}", file=sys.stderr, flush=True)
            if one is not None:
                found.append(one)
    events = sum(events for _, events, _ in found)
    differing = [line for _, _, lines in found for line in lines]
    note = f"{len(found)} practices, {len(WAYS)} ways each, {events:,} events"
    yield at_least(
        "walks through each practice in each mode", min(walks for walks, _, _ in found), WALKS, "walks", note
    )
    first = f"first: {differing[0][:200]}" if differing else ""
    yield at_most("walks on which the two engines differ", len(differing), 0, "walks", first)


def compare(file: Path) -> tuple[int, int, list[str]] | None:
    """(walks in each mode, events, the logs on which the engines differ) of a practice; None of what is none."""
    practice = _read(file)
    if practice is None:
        return None
    models = models_of({file.name: practice})
    events, differing = 0, []
    with tempfile.TemporaryDirectory() as folder:
        javascript = JavaScript(models, Path(folder))
        for start in range(0, WALKS, _AT_ONCE):
            logs = list(_logs(file.name, practice, start))
            lines = [json.dumps(log) for log in logs]
            for log, line, found in zip(logs, lines, javascript.ask(lines), strict=True):
                events += len(log["events"])
                if json.loads(json.dumps(quick_answer(models, log))) != found:
                    differing.append(line)
    return WALKS, events, differing


def _logs(name: str, practice: Practice, start: int) -> Iterator[dict]:
    """Walks from number ``start`` on, in every mode; those of kiểm tra go through both models."""
    for mode in dict.fromkeys(mode for mode, _ in WAYS):
        data = draw(practice, f"{mode} {start}")
        walks = paths.random_walks(practice, data, _AT_ONCE, f"{mode} {start}", mode)
        for suffix in ("", SHOWN) if mode == "kiem-tra" else ("",):
            for steps in walks:
                events = paths.events_of(steps)
                yield {"practice": name + suffix, "mode": mode, "data": data, "events": events, "brief": True}


def _read(file: Path) -> Practice | None:
    text = file.read_text("utf-8")
    return read_practice(text, file.name, folder=file.parent, today=datetime.now(UTC).date())[0]

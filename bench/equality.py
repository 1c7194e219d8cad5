"""The Python and the JavaScript engine compared on ten thousand walks through every practice in every mode.

``tests/content/practice/engines.py`` says what must be equal; the tests compare fewer walks. One process for each core
compares practices with a Node process of its own, and progress goes to standard error: this takes minutes.
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
from lms.content.model import Mode, Practice
from lms.content.practice import action_paths
from lms.content.practice.compiling import generate_random_data
from lms.content.practice.storyboard import read_practice
from tests.content.practice.engines import TEST_PAGE, VARIANTS, JavaScript, fast_answer, models_of

WALKS = 10_000  # in each mode
_BATCH = 2_500  # logs for one Node process


def measure() -> Iterator[Figure]:
    files = sorted([*ROOT.glob("courses/*/*/lam*.md"), *ROOT.glob("tests/content/practice/cases/*.md")])
    results = []
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        for number, (file, result) in enumerate(zip(files, pool.map(compare, files), strict=True), start=1):
            print(f"  {number} of {len(files)}: {file.relative_to(ROOT)}", file=sys.stderr, flush=True)
            if result is not None:
                results.append(result)
    events = sum(events for _, events, _ in results)
    differing = [line for _, _, lines in results for line in lines]
    note = f"{len(results)} practices, {len(VARIANTS)} variants each, {events:,} events"
    yield at_least(
        "walks through each practice in each mode", min(walks for walks, _, _ in results), WALKS, "walks", note
    )
    first = f"first: {differing[0][:200]}" if differing else ""
    yield at_most("walks on which the two engines differ", len(differing), 0, "walks", first)


def compare(file: Path) -> tuple[int, int, list[str]] | None:
    """Return (walks in each mode, events, logs on which the engines differ), or None if the file has no practice."""
    practice = _read(file)
    if practice is None:
        return None
    models = models_of({file.name: practice})
    events, differing = 0, []
    with tempfile.TemporaryDirectory() as folder:
        javascript = JavaScript(models, Path(folder))
        for start in range(0, WALKS, _BATCH):
            logs = list(_logs(file.name, practice, start))
            lines = [json.dumps(log) for log in logs]
            for log, line, expected in zip(logs, lines, javascript.run(lines), strict=True):
                events += len(log["events"])
                if json.loads(json.dumps(fast_answer(models, log))) != expected:
                    differing.append(line)
    return WALKS, events, differing


def _logs(name: str, practice: Practice, start: int) -> Iterator[dict]:
    """Yield the walks from number ``start`` on, in every mode; those of a test for both of its models."""
    for mode in dict.fromkeys(mode for mode, _ in VARIANTS):
        data = generate_random_data(practice, f"{mode} {start}")
        walks = action_paths.random_walks(practice, data, _BATCH, f"{mode} {start}", mode)
        for suffix in ("", TEST_PAGE) if mode == Mode.TEST else ("",):
            for steps in walks:
                events = action_paths.to_events(steps)
                yield {"practice": name + suffix, "mode": mode, "data": data, "events": events, "brief": True}


def _read(file: Path) -> Practice | None:
    text = file.read_text("utf-8")
    return read_practice(text, file.name, folder=file.parent, today=datetime.now(UTC).date())[0]

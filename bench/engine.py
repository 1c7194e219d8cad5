"""Events a second through ``engine.replay`` on one core, on the longest practice there is.

The logs are random walks with wrong turns, wrong values and help, each replayed from the beginning with a model that
is compiled once, as the server does. Time is processor time of this process, the best of several rounds: the figure is
what a core can do, whatever else the machine is doing. ``python -m bench.engine`` prints the figure as JSON.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from bench.figures import Figure, at_least
from bench.sites import ROOT
from lms.content.model import Practice
from lms.content.practice import engine, paths
from lms.content.practice.compiling import compile_model, draw
from lms.content.practice.storyboard import read_practice

BAR = 300_000  # events a second
LOGS = 200
ROUNDS = 5


def measure() -> Iterator[Figure]:
    practice = _longest_practice()
    model, data = compile_model(practice), draw(practice, "bench")
    logs = [paths.events_of(steps) for steps in paths.random_walks(practice, data, LOGS, "bench", "tu-lam")]
    events = sum(map(len, logs))
    best = max(_rate(model, data, logs, events) for _ in range(ROUNDS))
    note = f"{events} events in {LOGS} logs over {len(practice.screens)} screens"
    yield at_least("practice engine, Python, a core", round(best), BAR, "events/s", note)


def _longest_practice() -> Practice:
    found = []
    for path in sorted([*ROOT.glob("courses/*/*/lam*.md"), *ROOT.glob("tests/content/practice/cases/*.md")]):
        today = datetime.now(UTC).date()
        practice, _ = read_practice(path.read_text("utf-8"), path.name, folder=path.parent, today=today)
        if practice is not None:
            found.append(practice)
    return max(found, key=lambda practice: len(practice.screens))


def _rate(model: dict, data: dict[str, str], logs: list[list], events: int) -> float:
    began = time.process_time()
    for log in logs:
        if engine.replay(model, data, log, "tu-lam").kept != len(log):
            raise RuntimeError("a walk was not kept whole")
    return events / (time.process_time() - began)


if __name__ == "__main__":
    for figure in measure():
        print(json.dumps({**asdict(figure), "holds": figure.holds}))

"""Practice events a second through ``engine.replay`` on one core, on the longest practice of the courses.

The logs are random walks with wrong turns, wrong values and help. Each log is replayed from its beginning with a model
that is compiled once, as the server does. The yardstick is a plain loop that reads the same logs from JSON: the ratio
says what the engine costs, however fast the machine is. Both are timed in processor time of this process, the best of
several rounds. ``python -m bench.engine`` prints the figure as JSON.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bench.figures import Figure, at_most
from bench.sites import ROOT
from lms.content.model import Mode, Practice
from lms.content.practice import action_paths, engine
from lms.content.practice.compiling import compile_model, generate_random_data
from lms.content.practice.storyboard import read_practice

# Times the yardstick. A machine that replays 1.3 million events a second may fall to 300,000, which is 4.3 times.
BAR = 8.0
LOGS = 200
ROUNDS = 7


def measure() -> Iterator[Figure]:
    practice = _longest_practice()
    model, data = compile_model(practice), generate_random_data(practice, "bench")
    logs = [
        action_paths.to_events(steps) for steps in action_paths.random_walks(practice, data, LOGS, "bench", Mode.ALONE)
    ]
    texts = [json.dumps(log) for log in logs]
    events = sum(map(len, logs))
    replay = _best_seconds(lambda: _replay(model, data, logs))
    loop = _best_seconds(lambda: _loop_over(texts))
    note = f"{events / replay:,.0f} events a second; the loop {events / loop:,.0f}; {LOGS} logs, {events} events"
    yield at_most("practice engine, Python, against a loop over the JSON", replay / loop, BAR, "×", note)


def _replay(model: dict[str, Any], data: dict[str, str], logs: list[list[Any]]) -> None:
    for log in logs:
        if engine.replay(model, data, log, Mode.ALONE).accepted != len(log):
            raise RuntimeError("the engine did not accept a whole walk")


def _loop_over(texts: list[str]) -> None:
    """Do the least that any replay does: read the logs, check the numbers, keep the last action on each widget."""
    for text in texts:
        last_actions = {}
        for number, event in enumerate(json.loads(text), 1):
            if event[0] != number:
                raise RuntimeError("events are numbered from 1")
            last_actions[event[2], event[3]] = event[4:]


def _best_seconds(work: Callable[[], None]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started_at = time.process_time()
        work()
        best = min(best, time.process_time() - started_at)
    return best


def _longest_practice() -> Practice:
    practices = []
    for path in sorted([*ROOT.glob("courses/*/*/lam*.md"), *ROOT.glob("tests/content/practice/cases/*.md")]):
        today = datetime.now(UTC).date()
        practice, _ = read_practice(path.read_text("utf-8"), path.name, folder=path.parent, today=today)
        if practice is not None:
            practices.append(practice)
    return max(practices, key=lambda practice: len(practice.screens))


if __name__ == "__main__":
    for figure in measure():
        print(json.dumps({**asdict(figure), "holds": figure.holds}))

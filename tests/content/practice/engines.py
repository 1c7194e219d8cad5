"""Run the same logs through both engines, in Python and in Node, and define what must be equal.

In *kiểm tra* the page has a model without kinds of arrows (``hide_arrows``), the server the full one. Their states are
compared as ``TEST_PAGE``: on every log both accept the same events, are on the same screen with the same fields, said
and counts, and end together. But in the page's states nothing is ever trapped or fatal, and it has no score report.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lms.content.model import Mode, Practice
from lms.content.practice import engine
from lms.content.practice.compiling import compile_model, without_arrow_kinds

ROOT = Path(__file__).parents[3]
RUNNER = Path(__file__).with_name("engine_runner.mjs")
TEST_PAGE = " (as its page in kiểm tra has it)"
# Every variant in which a log can be replayed: (mode, suffix of the model's name).
VARIANTS = [*((mode, "") for mode in Mode), ("kiem-tra", TEST_PAGE)]


def models_of(practices: Mapping[str, Practice]) -> dict[str, dict]:
    """Both models of each practice: the full one under its name, the page's under its name and TEST_PAGE."""
    full = {name: compile_model(practice) for name, practice in practices.items()}
    return full | {name + TEST_PAGE: without_arrow_kinds(model) for name, model in full.items()}


class JavaScript:
    """The browser's engine, run by Node."""

    def __init__(self, models: Mapping[str, dict], folder: Path) -> None:
        self._file = folder / "models.json"
        self._file.write_text(json.dumps(models), "utf-8")

    def run(self, lines: Iterable[str]) -> list:
        node = shutil.which("node")
        assert node, "comparing the engines needs Node"
        command = [node, str(RUNNER), str(ROOT / "static/js/practice/engine.js"), str(self._file)]
        done = subprocess.run(command, input="\n".join(lines).encode("ascii"), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()]


def answer(models: Mapping[str, dict], log: dict[str, Any]) -> dict[str, Any]:
    """Replay a log in Python, with the same result as the runner's for JavaScript.

    ``log``: "practice" (a model's name), "mode", "data", "events"; "whole": fingerprint whole states instead of
    summaries; "brief": return a fingerprint of the last state.
    """
    name, is_test_page = log["practice"].removesuffix(TEST_PAGE), log["practice"].endswith(TEST_PAGE)
    model, seen = models[name], hashlib.sha256()
    state = engine.initial_state(model)
    for event in log["events"]:
        try:
            state = engine.step(model, log["data"], state, event, log["mode"])
        except engine.ImpossibleEvent:
            break
        seen.update(_to_bytes(_summary(state, log.get("whole"), is_test_page)))
    return _result(seen, state, model, log, is_test_page)


def fast_answer(models: Mapping[str, dict], log: dict[str, Any]) -> dict[str, Any]:
    """Like ``answer``, but much faster, for a log whose events are all accepted."""
    name, is_test_page = log["practice"].removesuffix(TEST_PAGE), log["practice"].endswith(TEST_PAGE)
    model, seen = models[name], hashlib.sha256()
    state = engine.initial_state(model)
    for _, after in engine.replay_states(model, log["data"], log["events"], log["mode"]):
        state = after
        seen.update(_to_bytes(_summary(state, log.get("whole"), is_test_page)))
    return _result(seen, state, model, log, is_test_page)


def _result(seen: Any, state: engine.State, model: dict, log: dict[str, Any], is_test_page: bool) -> dict[str, Any]:
    whole = _as_test_page(state.as_json()) if is_test_page else state.as_json()
    result = {"state": whole, "report": None if is_test_page else engine.score_report(model, state, log["mode"])}
    if log.get("brief"):
        # A whole score may be 92.0 in one engine and 92 in the other: parsed JSON is compared.
        return {
            "seen": seen.hexdigest(),
            "last": hashlib.sha256(_to_bytes(whole)).hexdigest(),
            "report": result["report"],
        }
    return json.loads(json.dumps({"seen": seen.hexdigest(), **result}))


def _summary(state: engine.State, whole: object, is_test_page: bool) -> object:
    if whole:
        return _as_test_page(state.as_json()) if is_test_page else state.as_json()
    return [state.q, state.screen, state.ended, not is_test_page and state.fatal, state.said]


def _as_test_page(state: dict[str, Any]) -> dict[str, Any]:
    """A state of the server as the page may have it: nothing trapped or fatal, screens sorted by id."""
    screens = {name: {**state["screens"][name], "trapped": False} for name in sorted(state["screens"])}
    fields = {name: state["fields"][name] for name in sorted(state["fields"])}
    return {**state, "fatal": False, "screens": screens, "fields": fields}


def _to_bytes(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()

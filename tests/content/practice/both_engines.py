"""The two engines side by side: the same logs through Python and through Node, and what must be equal.

Of an attempt in *kiểm tra* the page holds a model without kinds of arrows (``hide_arrows``), and the server the full
one. They are not one function of one model; what holds instead, and is compared here under ``SHOWN``, is this: on every
log both keep the same events, stand on the same screen with the same fields, said and counts, and end together. Only
what the page must not know differs: in its states nothing is ever trapped or fatal. It has no verdict to compare.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lms.content.model import Practice
from lms.content.practice import engine
from lms.content.practice.compiling import compile_model, hide_arrows

ROOT = Path(__file__).parents[3]
RUNNER = Path(__file__).with_name("engine_runner.mjs")
SHOWN = " (as its page in kiểm tra has it)"
# Every way in which a log can be gone through: (mode, suffix of the model's name).
WAYS = [*((mode, "") for mode in engine.MODES), ("kiem-tra", SHOWN)]


def models_of(practices: Mapping[str, Practice]) -> dict[str, dict]:
    """Both models of each practice: the full one under its name, the page's under its name and SHOWN."""
    full = {name: compile_model(practice) for name, practice in practices.items()}
    return full | {name + SHOWN: hide_arrows(model) for name, model in full.items()}


class JavaScript:
    """The engine of the browser, run by Node."""

    def __init__(self, models: Mapping[str, dict], folder: Path) -> None:
        self._file = folder / "models.json"
        self._file.write_text(json.dumps(models), "utf-8")

    def ask(self, lines: Iterable[str]) -> list:
        node = shutil.which("node")
        assert node, "the equality of the two engines is proved with Node"
        command = [node, str(RUNNER), str(ROOT / "static/js/practice/engine.js"), str(self._file)]
        done = subprocess.run(command, input="\n".join(lines).encode("ascii"), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()]


def answer(models: Mapping[str, dict], log: dict[str, Any]) -> dict[str, Any]:
    """What Python says to a log, as the runner says it for JavaScript.

    ``log``: "practice" (a model's name), "mode", "data", "events"; "whole": fingerprint whole states, else what one
    glance shows of them; "brief": the last state and the verdict as a fingerprint, too.
    """
    name, is_shown = log["practice"].removesuffix(SHOWN), log["practice"].endswith(SHOWN)
    model, seen = models[name], hashlib.sha256()
    state = engine.begin(model)
    for event in log["events"]:
        try:
            state = engine.step(model, log["data"], state, event, log["mode"])
        except engine.ImpossibleEvent:
            break
        seen.update(_printed(_glance(state, log.get("whole"), is_shown)))
    return _said(seen, state, model, log, is_shown)


def quick_answer(models: Mapping[str, dict], log: dict[str, Any]) -> dict[str, Any]:
    """The same for a log of which every event is kept, in a fraction of the time."""
    name, is_shown = log["practice"].removesuffix(SHOWN), log["practice"].endswith(SHOWN)
    model, seen = models[name], hashlib.sha256()
    state = engine.begin(model)
    for _, after in engine.follow(model, log["data"], log["events"], log["mode"]):
        state = after
        seen.update(_printed(_glance(state, log.get("whole"), is_shown)))
    return _said(seen, state, model, log, is_shown)


def _said(seen: Any, state: engine.State, model: dict, log: dict[str, Any], is_shown: bool) -> dict[str, Any]:
    whole = _shown(state.as_json()) if is_shown else state.as_json()
    told = {"state": whole, "report": None if is_shown else engine.report(model, state, log["mode"])}
    if log.get("brief"):
        # In JSON a whole score may come as 92.0 from one and 92 from the other: they are read before they are compared.
        return {"seen": seen.hexdigest(), "last": hashlib.sha256(_printed(whole)).hexdigest(), "report": told["report"]}
    return json.loads(json.dumps({"seen": seen.hexdigest(), **told}))


def _glance(state: engine.State, whole: object, is_shown: bool) -> object:
    if whole:
        return _shown(state.as_json()) if is_shown else state.as_json()
    return [state.q, state.screen, state.ended, not is_shown and state.fatal, state.said]


def _shown(state: dict[str, Any]) -> dict[str, Any]:
    """A state of the server as the page may have it: nothing trapped, nothing fatal, screens in the order of ids."""
    screens = {name: {**state["screens"][name], "trapped": False} for name in sorted(state["screens"])}
    fields = {name: state["fields"][name] for name in sorted(state["fields"])}
    return {**state, "fatal": False, "screens": screens, "fields": fields}


def _printed(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()

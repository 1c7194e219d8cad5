"""What is served as written can be read by the oldest phones that .browserslistrc names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
JUDGES = ROOT / "node_modules" / ".bin"
FILE_BUTTONS = ("file-selector", "-webkit-file-upload")


def judge(name: str, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(JUDGES / name), *arguments]
    return subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, timeout=120, check=False)


def test_scripts_run_on_the_oldest_phones():
    verdict = judge("eslint", "--max-warnings=0", "static/js", "tests", "bench", "--no-error-on-unmatched-pattern")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_no_template_puts_html_into_a_drawing():
    """Chrome 80 gives it no height, Safari paints it elsewhere."""
    templates = list((ROOT / "lms" / "web" / "templates").rglob("*.html"))
    assert [path.name for path in templates if "foreignObject" in path.read_text("utf-8")] == []
    assert templates


def test_a_button_for_a_file_is_drawn_on_old_phones_too():
    """They know it by its old name only, and drop a rule that names both."""
    rules = re.compile(r"^\S*::(file-selector|-webkit-file-upload)-button (\{.*?\})", re.MULTILINE)
    found = [rules.findall(path.read_text("utf-8")) for path in sorted((ROOT / "static" / "css").rglob("*.css"))]
    drawn = {name: [body for each in found for which, body in each if which == name] for name in FILE_BUTTONS}
    assert drawn["file-selector"] == drawn["-webkit-file-upload"] != []


def test_stylesheets_are_understood_by_the_oldest_phones():
    verdict = judge("stylelint", "--max-warnings=0", "static/css/**/*.css")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


@pytest.mark.parametrize(
    "script",
    [
        "export const last = (list) => list.at(-1)",
        "export class Seat { #number = 1; read() { return this.#number } }",
        "export const copy = (state) => structuredClone(state)",
        "export const id = () => crypto.randomUUID()",
        "export const clear = (board) => board.replaceChildren()",
        "export const leave = (url) => navigator.sendBeacon(url, new Blob(['{}'], { type: 'application/json' }))",
        "export const after = /(?<=OTP )\\d+/",
    ],
)
def test_the_judge_of_scripts_refuses_what_old_phones_cannot_run(script):
    verdict = judge("eslint", "--stdin", "--stdin-filename", "static/js/probe.js", text=script + "\n")
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr


@pytest.mark.parametrize(
    "rule",
    [
        ".row { display: flex; gap: 8px; }",
        ".picture { aspect-ratio: 1 / 2; }",
        ".button:focus-visible { outline-width: 3px; }",
        ".card { color: red; & .card__name { color: blue; } }",
        ".wall { height: 100dvh; }",
        ".said code { font-family: monospace; }",
    ],
)
def test_the_judge_of_stylesheets_refuses_what_old_phones_cannot_read(rule):
    verdict = judge("stylelint", "--stdin", "--stdin-filename", "static/css/probe.css", text=rule + "\n")
    assert verdict.returncode == 2, verdict.stdout + verdict.stderr

"""Scripts and stylesheets run on the oldest browsers of .browserslistrc and follow the rules of the house."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from lms.assets import load_assets

ROOT = Path(__file__).parents[1]
LINTERS = ROOT / "node_modules" / ".bin"
FILE_BUTTONS = ("file-selector", "-webkit-file-upload")


def run_linter(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(LINTERS / name), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_scripts_run_on_the_oldest_browsers():
    done = run_linter("eslint", "--max-warnings=0", "static/js", "tests", "bench", "--no-error-on-unmatched-pattern")
    assert done.returncode == 0, done.stdout + done.stderr


def test_stylesheets_work_in_the_oldest_browsers_and_keep_to_their_component():
    done = run_linter("stylelint", "--max-warnings=0", "static/css/**/*.css")
    assert done.returncode == 0, done.stdout + done.stderr


def test_comments_and_indentation_are_not_sent_and_all_code_is_on_its_line():
    files = [
        {"path": path, "written": (ROOT / "static" / path).read_text("utf-8"), "sent": asset.content.decode()}
        for path, asset in load_assets().files.items()
        if path.endswith((".js", ".css")) and not path.startswith("vendor/")
    ]
    command = ["node", str(ROOT / "tests" / "outside" / "compare_code.mjs")]
    done = subprocess.run(command, input=json.dumps(files), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
    unsent = re.compile(r"^[ \t].*|^//.*|/\*.*", re.MULTILINE)
    assert files
    assert {file["path"]: found for file in files if (found := unsent.findall(file["sent"]))} == {}


def test_no_template_puts_html_into_an_svg():
    """Chrome 80 gives a foreignObject no height, and Safari paints it in another place."""
    templates = list((ROOT / "lms" / "web" / "templates").rglob("*.html"))
    assert [path.name for path in templates if "foreignObject" in path.read_text("utf-8")] == []
    assert templates


def test_file_buttons_are_styled_in_old_browsers_too():
    """They know the old pseudo-element only, and drop a rule that names both."""
    rules = re.compile(r"^\S*::(file-selector|-webkit-file-upload)-button (\{.*?\})", re.MULTILINE | re.DOTALL)
    found = [rules.findall(path.read_text("utf-8")) for path in sorted((ROOT / "static" / "css").rglob("*.css"))]
    bodies = {name: [body for each in found for which, body in each if which == name] for name in FILE_BUTTONS}
    assert bodies["file-selector"] == bodies["-webkit-file-upload"] != []


def test_the_bundle_of_the_editor_is_of_the_versions_in_the_lock_and_light():
    """``make vendor`` builds it."""
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    bundled = re.findall(
        r"^(\S+) (\d\S+)\n", (ROOT / "static/vendor/codemirror-licences.txt").read_text("utf-8"), re.MULTILINE
    )
    assert len(bundled) > 8
    assert {name: version for name, version in bundled if lock[f"node_modules/{name}"]["version"] != version} == {}
    asset = load_assets().files["vendor/codemirror.js"]
    assert asset.content == (ROOT / "static/vendor/codemirror.js").read_bytes()
    assert asset.gzip is not None
    assert len(asset.gzip) < 150_000


NOT_IN_OLD_BROWSERS = (
    "export const last = (list) => list.at(-1)",
    "export class Seat { #number = 1; read() { return this.#number } }",
    "export const copy = (state) => structuredClone(state)",
    "export const id = () => crypto.randomUUID()",
    "export const clear = (board) => board.replaceChildren()",
    "export const leave = (url) => navigator.sendBeacon(url, new Blob(['{}'], { type: 'application/json' }))",
    "export const after = /(?<=OTP )\\d+/",
)
REFUSED_RULES = (
    ".card {\n  display: flex;\n  gap: 8px;\n}",
    ".card { aspect-ratio: 1 / 2; }",
    ".card:focus-visible { outline-width: 3px; }",
    ".card { & .card__name { color: blue; } }",
    ".card { height: 100dvh; }",
    ".card code { font-family: monospace; }",
    ".card { color: red; margin: 0; }",
    ".button { color: red; }",
    ".button, .card { color: red; }",
)
ACCEPTED_SCRIPT = "export const last = (list) => list[list.length - 1]"
ACCEPTED_RULE = ".card__name,\n.card--open > .button,\n.has-script .card-footer {\n  color: red;\n}"


@cache
def lint_examples() -> dict[str, Sequence[str]]:
    """The errors of the linters in each script and rule, as if it were a file in static."""
    scripts, rules = (ACCEPTED_SCRIPT, *NOT_IN_OLD_BROWSERS), (ACCEPTED_RULE, *REFUSED_RULES)
    examples = [
        *({"linter": "eslint", "path": "static/js/probe.js", "text": f"{text}\n"} for text in scripts),
        *({"linter": "stylelint", "path": "static/css/components/card.css", "text": f"{text}\n"} for text in rules),
    ]
    command = ["node", str(ROOT / "tests" / "outside" / "lint_examples.mjs")]
    done = subprocess.run(
        command, cwd=ROOT, input=json.dumps(examples), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(zip((*scripts, *rules), json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("script", NOT_IN_OLD_BROWSERS)
def test_eslint_refuses_what_old_browsers_cannot_run(script):
    assert lint_examples()[script] != []


@pytest.mark.parametrize("rule", REFUSED_RULES)
def test_stylelint_refuses_what_old_browsers_cannot_read_and_what_breaks_our_rules(rule):
    assert lint_examples()[rule] != []


def test_eslint_accepts_what_old_browsers_run():
    assert lint_examples()[ACCEPTED_SCRIPT] == []


def test_stylelint_accepts_classes_of_the_component():
    assert lint_examples()[ACCEPTED_RULE] == []

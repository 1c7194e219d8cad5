"""Checks of HTML as served: html-validate, the Nu checker, and inline code that the CSP would block."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

from tests.browser.site_process import ROOT

# A section of buttons or notes does not need a heading.
IGNORED_MESSAGE = "Section lacks heading."
VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def html_validate(pages: Iterable[Path]) -> str:
    """Return the report of html-validate, "" without errors."""
    files = [str(file) for file in pages]
    command = [str(ROOT / "node_modules" / ".bin" / "html-validate"), "--config", str(ROOT / ".htmlvalidate.json")]
    verdict = subprocess.run([*command, *files], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    return verdict.stdout[-6000:] + verdict.stderr if verdict.returncode else ""


def nu_checker(pages: Iterable[Path]) -> list[str]:
    """Return the messages of the Nu checker."""
    files = [str(file) for file in pages]
    # The optimising compiler takes twice the time that its code saves in so short a run.
    command = ["java", "-Xss2m", "-XX:TieredStopAtLevel=1", "-jar", str(VNU), "--format", "json", "--stdout", *files]
    verdict = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    messages = [
        each for each in json.loads(verdict.stdout)["messages"] if not each["message"].startswith(IGNORED_MESSAGE)
    ]
    return [f"{Path(each['url']).name}:{each.get('lastLine')}: {each['message']}" for each in messages]


class InlineCode(HTMLParser):
    """Collects inline scripts, handlers and styles, which a strict Content-Security-Policy blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def in_page(cls, text: str) -> list[str]:
        reader = cls()
        reader.feed(text)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        data = given.get("type") in ("application/json", "application/ld+json")
        if tag == "style" or (tag == "script" and "src" not in given and not data):
            self.found.append(f"<{tag}>")
        self.found += [f"{name} on <{tag}>" for name in given if name == "style" or name.startswith("on")]
        self.found += [f"{name} on <{tag}>" for name, value in attrs if (value or "").lower().startswith("javascript:")]

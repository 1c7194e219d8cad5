"""What a page says to whoever hears it: Chromium's own accessibility tree, and what is said when something changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import PATIENCE

EARS = Path(__file__).with_name("ears.js").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing of the tree as it is told: ``state`` has what is true of it, such as "invalid" or "checked"."""

    role: str
    name: str
    description: str
    state: frozenset[str]


class Ears:
    """Listens to a page from before its first script."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(EARS)

    def hears(self, words: str) -> None:
        """Waits until ``words`` were said; what was said before them is forgotten with them."""
        self.page.wait_for_function(
            "(words) => window.heard.some((one) => one.includes(words))", arg=words, timeout=PATIENCE
        )

    def heard(self) -> list[str]:
        """All that was said since this was last asked."""
        return self.page.evaluate("() => window.heard.splice(0)")

    def tree(self) -> list[Said]:
        """Everything that has a role of its own, in the order in which it is read."""
        session = self.page.context.new_cdp_session(self.page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        session.detach()
        return [said(node) for node in nodes if not node["ignored"]]


def said(node: dict) -> Said:
    def text(part: str) -> str:
        return str(node.get(part, {}).get("value") or "").strip()

    state = {one["name"] for one in node.get("properties", ()) if one["value"].get("value") in (True, "true")}
    return Said(text("role"), text("name"), text("description"), frozenset(state))

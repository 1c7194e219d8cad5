"""What a screen reader would say: Chromium's accessibility tree, and announcements of live regions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import TIMEOUT_MS

RECORD_SPEECH = Path(__file__).with_name("screen_reader.js").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class AccessibilityNode:
    """A node of the accessibility tree. ``state``: the names of its true properties, such as "invalid" or "checked"."""

    role: str
    name: str
    description: str
    state: frozenset[str]


class ScreenReader:
    """Records what is announced on a page, from before its first script."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(RECORD_SPEECH)

    def wait_for_words(self, words: str) -> None:
        """Wait until ``words`` have been announced."""
        self.page.wait_for_function(
            "(words) => window.spoken.some((text) => text.includes(words))", arg=words, timeout=TIMEOUT_MS
        )

    def spoken(self) -> list[str]:
        """Return all announcements since the last call."""
        return self.page.evaluate("() => window.spoken.splice(0)")

    def accessibility_tree(self) -> list[AccessibilityNode]:
        """Return all nodes with a role, in reading order."""
        session = self.page.context.new_cdp_session(self.page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        session.detach()
        return [accessibility_node(node) for node in nodes if not node["ignored"]]


def accessibility_node(node: dict) -> AccessibilityNode:
    def text(part: str) -> str:
        return str(node.get(part, {}).get("value") or "").strip()

    state = {
        property_["name"]
        for property_ in node.get("properties", ())
        if property_["value"].get("value") in (True, "true")
    }
    return AccessibilityNode(text("role"), text("name"), text("description"), frozenset(state))

"""Looks at a page as it stands: for axe, for a finger, for old eyes, for a narrow phone with doubled text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.served import ROOT

# Nobody reads the markup that axe would copy for each element it tries, a sixth of its time.
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8") + "; axe.configure({ noHtml: true })"
FINDINGS = (Path(__file__).with_name("findings.js")).read_text("utf-8")
SMALLEST = {"tap": 48, "text": 20}  # px
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1920, "height": 1080}
NARROW_TEXT = 28  # px of doubled text: headings and the band may give way a little, or words would be cut

# Every rule of axe, its best practices too; frames there are none.
RUN_AXE = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations.flatMap(
  (broken) => broken.nodes.map((node) => `${broken.id}: ${node.target} (${broken.help})`))"""

DOUBLE_TEXT = """() => {
  const root = document.documentElement
  root.style.fontSize = `${parseFloat(getComputedStyle(root).fontSize) * 2}px`
}"""
USUAL_TEXT = '() => document.documentElement.style.removeProperty("font-size")'

# Runs before the page: remembers everything that moved without being touched. A touch is answered for half a second, as
# Chromium has it, and by what is drawn next, however slow the phone is; where the server is asked, for half a second
# from its answer: nobody knows how fast that is. And whoever looks may change the window and the letters meanwhile.
WATCH_SHIFTS = """
{
  window.shifts = []
  const ANSWERED = 500
  const moved = [] // stretches of time in which whatever moves was moved by somebody
  const begin = () => {
    const one = { from: performance.now(), until: Infinity }
    moved.push(one)
    return one
  }
  const end = (one, later) => requestAnimationFrame(() => requestAnimationFrame(() => {
    one.until = performance.now() + later
  }))
  let touched = -Infinity
  for (const touch of ["pointerdown", "pointerup", "click", "keydown"]) {
    addEventListener(touch, () => {
      touched = performance.now()
      end(begin(), 0)
    }, { capture: true, passive: true })
  }
  const ask = window.fetch
  window.fetch = (...asked) => {
    const answer = ask(...asked)
    if (performance.now() - touched < ANSWERED) {
      const one = begin()
      const over = () => end(one, ANSWERED)
      answer.then(over, over)
    }
    return answer
  }
  let looking = null
  window.looks = () => { looking = begin() }
  window.hasLooked = () => end(looking, 0)
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue
      if (moved.some(({ from, until }) => entry.startTime >= from && entry.startTime <= until)) continue
      const what = (entry.sources || []).map(({ node }) => node && (node.className || node.nodeName)).join(", ")
      window.shifts.push(`${entry.value.toFixed(4)} ${what}`)
    }
  }).observe({ type: "layout-shift", buffered: true })
}
"""


def faults(page: Page) -> list[str]:
    """Everything wrong with the page as it is shown now, at its own size."""
    return [*axe(page), *faults_without_axe(page)]


def faults_without_axe(page: Page) -> list[str]:
    found = findings(page)
    return [*found["smallTargets"], *found["smallText"], *found["sideways"]]


def findings(page: Page, **smallest: int) -> dict[str, list[str]]:
    page.wait_for_load_state("load")  # what is asked for is on the page before its styles are
    return page.evaluate(FINDINGS, {**SMALLEST, **smallest, "width": page.viewport_size["width"]})


def axe(page: Page) -> list[str]:
    page.wait_for_load_state("load")
    bring_axe(page)
    return page.evaluate(RUN_AXE)


def bring_axe(page: Page) -> None:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)


def faults_when_narrow_and_doubled(page: Page) -> list[str]:
    """What does not fit 320 px with text at 200 %; the page is as before afterwards."""
    with resized(page, NARROW):
        page.evaluate(DOUBLE_TEXT)
        found = findings(page, text=NARROW_TEXT)
        page.evaluate(USUAL_TEXT)
    return [f"320 px, 200 %: {fault}" for fault in [*found["sideways"], *found["smallTargets"], *found["smallText"]]]


@contextmanager
def resized(page: Page, size: dict[str, int]) -> Iterator[None]:
    """The page in a window of another size. What moves by that is not the page's doing."""
    usual = page.viewport_size
    page.evaluate("() => window.looks && window.looks()")
    resize(page, size)
    yield
    resize(page, usual)
    page.evaluate("() => window.hasLooked && window.hasLooked()")


def resize(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)
    page.wait_for_function("(width) => screen.width === width", arg=size["width"])  # the page has heard of it


def main_buttons(page: Page) -> list[str]:
    return findings(page)["mainButtons"]


def shifts(page: Page) -> list[str]:
    """What moved by itself since the page began; needs ``WATCH_SHIFTS`` before it."""
    return page.evaluate("() => window.shifts")


class Inspector:
    """Walks along with somebody and writes down what is wrong where; ``found`` is empty when all is well."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: dict[str, list[str]] = {}
        page.add_init_script(WATCH_SHIFTS)

    def looks_on_phones(self, where: str) -> None:
        """At the page as it is: on a phone, and on a narrow one with doubled text."""
        self.notes(where, faults(self.page))
        self.notes(where, faults_when_narrow_and_doubled(self.page))

    def looks(self, where: str) -> None:
        """The same, and on a projector."""
        self.looks_on_phones(where)
        self.looks_at_projector(where)

    def looks_at_projector(self, where: str) -> None:
        with resized(self.page, WIDE):
            self.notes(f"{where}, wide", faults_without_axe(self.page))

    def looks_at_page(self, where: str) -> None:
        """At a page of the site: it also stood still while it came, and has one main button."""
        buttons = main_buttons(self.page)
        if len(buttons) != 1:
            self.notes(where, [f"{len(buttons)} main buttons: {buttons}"])
        self.notes(where, faults(self.page))  # takes a while: what comes late has come then
        self.notes(where, [f"moved: {shift}" for shift in shifts(self.page)])
        self.notes(where, faults_when_narrow_and_doubled(self.page))
        self.looks_at_projector(where)

    def notes(self, where: str, faults: list[str]) -> None:
        if faults:
            self.found.setdefault(where, []).extend(faults)

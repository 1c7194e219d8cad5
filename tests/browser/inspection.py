"""Accessibility and layout checks of a page: axe, target and text sizes, narrow screens with doubled text, shifts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.site_process import ROOT

# Without noHtml, axe copies the markup of each element, which takes a sixth of its time.
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8") + "; axe.configure({ noHtml: true })"
FINDINGS = (Path(__file__).with_name("findings.js")).read_text("utf-8")
MIN_SIZES = {"tap": 48, "text": 20}  # px
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1920, "height": 1080}
NARROW_TEXT = 28  # px of doubled text: less than double, since headings and the header may shrink to fit

# All rules of axe, including best practices.
RUN_AXE = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations.flatMap(
  (broken) => broken.nodes.map((node) => `${broken.id}: ${node.target} (${broken.help})`))"""

# 7:1 for text, 4.5:1 for large text.
RUN_CONTRAST = """async () => (await axe.run(document, { runOnly: ["color-contrast-enhanced"] })).violations.flatMap(
  (broken) => broken.nodes.map((node) => `${node.target}: ${node.any[0].message}`))"""

ELEMENTS = (Path(__file__).with_name("elements.js")).read_text("utf-8")
# Resolves when what loads after the page itself has arrived and is drawn.
LATE_CONTENT = """async () => {
  const late = [...document.images].filter((image) => !image.complete && image.loading !== "lazy")
  const ended = (image) => new Promise((done) => {
    for (const end of ["load", "error"]) image.addEventListener(end, done, { once: true })
  })
  await Promise.all(late.map(ended))
  await document.fonts.ready
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
}"""

# Opens all folded parts, without recording the layout shifts that this causes.
UNFOLD = """() => {
  window.beginInspection()
  for (const part of document.querySelectorAll("details")) part.open = true
  window.endInspection()
}"""

DOUBLE_TEXT = """() => {
  const root = document.documentElement
  root.style.fontSize = `${parseFloat(getComputedStyle(root).fontSize) * 2}px`
}"""
USUAL_TEXT = '() => document.documentElement.style.removeProperty("font-size")'

# Runs before the page: records layout shifts that the user did not cause. A shift counts as caused within half a second
# of an input (as in Chromium), until the second next frame, and, if the input led to a request, until half a second
# after its response. Shifts while the inspector resizes the window or the text do not count either.
WATCH_SHIFTS = """
{
  window.shifts = []
  const ANSWERED = 500
  const moved = [] // intervals in which a shift has a cause
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
  window.beginInspection = () => { looking = begin() }
  window.endInspection = () => end(looking, 0)
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
    """Return all faults of the page at its present size."""
    return [*axe(page), *faults_without_axe(page)]


def faults_without_axe(page: Page) -> list[str]:
    return _faults_in(findings(page))


def _faults_in(found: dict[str, list[str]]) -> list[str]:
    return [*found["smallTargets"], *found["smallText"], *found["sideways"]]


def findings(page: Page, **smallest: int) -> dict[str, list[str]]:
    page.wait_for_load_state("load")  # elements are in the page before its styles are loaded
    return page.evaluate(FINDINGS, {**MIN_SIZES, **smallest, "width": page.viewport_size["width"]})


def axe(page: Page) -> list[str]:
    page.wait_for_load_state("load")
    load_axe(page)
    return page.evaluate(RUN_AXE)


def low_contrasts(page: Page) -> list[str]:
    """Return what has too little contrast in the theme of the page."""
    page.wait_for_load_state("load")
    load_axe(page)
    return page.evaluate(RUN_CONTRAST)


def load_axe(page: Page) -> None:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)


def faults_when_narrow_and_doubled(page: Page) -> list[str]:
    """Return what does not fit 320 px with text at 200 %, and restore the page."""
    with resized(page, NARROW):
        return faults_of_doubled_text(page)


def double_font_size(page: Page) -> None:
    """Double the text size that the browser itself is set to, before a page is opened."""
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})


def faults_of_doubled_text(page: Page) -> list[str]:
    """Return what does not fit with text at 200 % on a page that is ``NARROW``, and restore the text."""
    page.evaluate(DOUBLE_TEXT)
    found = findings(page, text=NARROW_TEXT)
    page.evaluate(USUAL_TEXT)
    return [f"320 px, 200 %: {fault}" for fault in [*found["sideways"], *found["smallTargets"], *found["smallText"]]]


@contextmanager
def resized(page: Page, size: dict[str, int]) -> Iterator[None]:
    """Resize the window within the block, without recording the layout shifts that this causes."""
    usual = page.viewport_size
    page.evaluate("() => window.beginInspection && window.beginInspection()")
    resize(page, size)
    yield
    resize(page, usual)
    page.evaluate("() => window.endInspection && window.endInspection()")


def resize(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)
    page.wait_for_function("(width) => screen.width === width", arg=size["width"])  # the page knows its new size


def shifts(page: Page) -> list[str]:
    """Return the layout shifts without a cause since the page was opened; needs ``WATCH_SHIFTS`` as init script."""
    return page.evaluate("() => window.shifts")


class CheckedElements:
    """Hashes of the elements on pages that axe has checked in this run; a file for each worker in ``folder``.

    axe is slow: it checks a page if there is an element on it, in its place, that no page had before.
    """

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._known: set[str] = set()
        self._read: dict[Path, int] = {}  # how many bytes of each file

    def all(self) -> set[str]:
        assert self.folder, "set by a fixture of conftest.py"
        for path in self.folder.iterdir():
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                lines, end, _ = file.read().rpartition(b"\n")  # another worker may be writing the line after
            self._read[path] = self._read.get(path, 0) + len(lines + end)
            self._known.update(lines.decode("ascii").split())
        return self._known

    def add(self, elements: Iterable[str]) -> bool:
        """Whether any of them is new."""
        new = set(elements) - self.all()
        assert self.folder, "set by a fixture of conftest.py"
        with (self.folder / str(os.getpid())).open("a", encoding="ascii") as file:
            file.writelines(f"{element}\n" for element in sorted(new))
        return bool(new)


checked_elements = CheckedElements()


class Inspector:
    """Collects the faults of the pages of a journey in ``found``, by the name of the place."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: dict[str, list[str]] = {}
        page.add_init_script(WATCH_SHIFTS)

    def inspect_on_phones(self, where: str) -> None:
        """Check the page at phone size, and at 320 px with doubled text."""
        self._inspect_usual_size(where)
        self.add_faults(where, faults_when_narrow_and_doubled(self.page))

    def inspect_all_sizes(self, where: str) -> None:
        """Check the page at phone size, at 320 px with doubled text, and on a projector."""
        self._inspect_usual_size(where)
        self._inspect_narrow_and_wide(where)

    def _inspect_narrow_and_wide(self, where: str) -> None:
        """Check 320 px with doubled text, then a projector, without a usual size between them to be drawn."""
        with resized(self.page, NARROW):
            self.add_faults(where, faults_of_doubled_text(self.page))
            resize(self.page, WIDE)
            self.add_faults(f"{where}, wide", faults_without_axe(self.page))

    def inspect_page(self, where: str) -> None:
        """Check a whole page at all sizes: also that it has one main button and no layout shift while loading."""
        found = self._inspect_usual_size(where)
        if len(buttons := found["mainButtons"]) != 1:
            self.add_faults(where, [f"{len(buttons)} main buttons: {buttons}"])
        self.page.evaluate(LATE_CONTENT)
        self.add_faults(where, [f"moved: {shift}" for shift in shifts(self.page)])
        self._inspect_narrow_and_wide(where)

    def inspect_in_both_themes(self, where: str) -> None:
        """Check a whole page at all sizes with its folded parts open, and its contrasts in the light and dark theme."""
        self.page.wait_for_load_state("load")
        self.page.evaluate(UNFOLD)
        self.inspect_page(where)
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme=theme)
            self.add_faults(f"{where}, {theme}", low_contrasts(self.page))
        self.page.emulate_media(color_scheme="light")

    def _inspect_usual_size(self, where: str) -> dict[str, list[str]]:
        """Add what ``findings`` finds, and return it."""
        self.page.wait_for_load_state("load")
        is_new = checked_elements.add(self.page.evaluate(ELEMENTS))
        found = findings(self.page)
        self.add_faults(where, [*(axe(self.page) if is_new else []), *_faults_in(found)])
        return found

    def add_faults(self, where: str, faults: list[str]) -> None:
        if faults:
            self.found.setdefault(where, []).extend(faults)

"""From a first visit to the first success, along the main buttons: taps, words and seconds, in Chromium.

The walk begins at ``/``, does what each page's main button or the pointing hand says, and ends at "Bác làm được rồi".
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.figures import Figure, at_most, without_bar
from bench.sites import our_site

# A slow reader. Vietnamese writes each syllable as a word, and young adults read 370 syllables a minute aloud (the mean
# of the International Reading Speed Texts in 17 languages): 200 a minute is little more than half of that. The captions
# of the example (static/js/practice/demo-walk.js) stand longer, because the eye also follows the finger.
SECONDS_A_WORD = 0.3
SECONDS_A_TAP = 2.0  # to find the place, and to touch it
MAX_STEPS = 80  # then the walk goes round in circles
SUCCESS = "làm được rồi"

# What a reader sees before the main button, or of a practice its sentences and its phone; not the tools.
READ = """() => {
  const main = document.querySelector("main")
  const isPractice = Boolean(main.querySelector("form.phone"))
  const end = isPractice ? null : main.querySelector(".button--main")
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT)
  const words = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { width, height } = node.parentElement.getBoundingClientRect()
    const isAfter = end && !end.contains(node) && end.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING
    const isSkipped = node.parentElement.closest(
      ".page-tools, .visually-hidden, script, style, template, .practice-help-facts, svg")
    const isHidden = width < 2 || height < 2 || getComputedStyle(node.parentElement).visibility === "hidden"
    if (isAfter || isSkipped || isHidden) continue
    words.push(...node.data.split(/\\s+/).filter((word) => /[\\p{L}\\p{N}]/u.test(word)))
  }
  return words.join(" ")
}"""


@dataclass(slots=True)
class Walk:
    taps: int = 0
    words: int = 0
    pages: int = 0

    @property
    def seconds(self) -> float:
        return self.words * SECONDS_A_WORD + self.taps * SECONDS_A_TAP

    def read(self, text: str) -> None:
        self.words += len(text.split())
        self.pages += 1


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, our_site(Path(folder)) as site, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(is_mobile=True, has_touch=True, viewport={"width": 360, "height": 740})
        page = context.new_page()
        page.goto(site.url + "/", wait_until="load")
        walk = _walk(page)
        browser.close()
    note = f"{walk.pages} pages and screens, {walk.words} words at {SECONDS_A_WORD} s, {SECONDS_A_TAP} s a tap"
    yield at_most("first visit to first success, taps", walk.taps, 8, "taps")
    yield without_bar("first visit to first success, words to read", walk.words, "words")
    yield at_most("first visit to first success, time", walk.seconds, 60, "s", note)


def _walk(page: Page) -> Walk:
    walk = Walk()
    for _ in range(MAX_STEPS):
        seen = page.evaluate(READ)
        before, success, _ = seen.casefold().partition(SUCCESS)
        walk.read(before + success)
        if success:
            return walk
        walk.taps += _go_on(page)
        _wait_for_change(page, seen)
    raise RuntimeError(f"no success after {MAX_STEPS} steps: {page.url}")


def _go_on(page: Page) -> int:
    """Do what the page says next, and return the taps that it takes; each letter is one."""
    pointed = page.locator(".phone .pointed").first
    main = page.locator("main .button--main:visible").first
    if pointed.count():
        return _do_pointed(page)
    if not main.count():
        raise RuntimeError(f"neither a main button nor a pointing hand: {page.url}")
    main.tap()
    return 1


def _do_pointed(page: Page) -> int:
    pointed = page.locator(".phone .pointed").first
    field = pointed.locator("input, select")
    if pointed.locator("[data-seconds]").count() or pointed.get_attribute("data-seconds"):
        return 0  # it goes on by itself
    if not field.count():
        pointed.tap()
        return 1
    said = page.locator("[data-feedback^=point]:visible strong").first
    if field.get_attribute("type") == "checkbox" or not said.count():
        raise RuntimeError(f"a first practice with such a field: {page.url}")
    value = said.inner_text().strip()
    field.tap()
    field.press_sequentially(value)
    return 1 + len(value)


def _wait_for_change(page: Page, seen: str) -> None:
    page.wait_for_load_state("load")
    page.wait_for_function(f"(seen) => ({READ})() !== seen", arg=seen, timeout=15000)
    page.wait_for_load_state("load")

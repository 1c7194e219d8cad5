"""Inspect every screen of a practice on a page that is loaded once: in the player, the example and the no-script form.

The page's own code, or the server's markup, draws the screens; navigating to each by taps would take minutes. Drawing
and inspecting run inside the page, because a round trip for each screen took half the time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from lms.content.model import TAP_ACTIONS, Lesson, Practice
from lms.content.practice import action_paths
from tests.browser import inspection
from tests.browser.inspection import MIN_SIZES, NARROW, NARROW_TEXT, WIDE, checked_elements
from tests.browser.lessons import lesson_path
from tests.browser.waiting import MAX_RETRIES

# Each of these defines ``window.screens``: a generator that draws a screen before it yields its id.

# The player: each screen as just opened, with all others visited; with ``talking``, all feedback shown.
OPEN_STAGE = """async () => {
  const player = document.querySelector("script[src*='/practice/practice-player']")
  const folder = player.src.replace(/practice-player\\.js.*/, "")
  const { PhoneView } = await import(`${folder}phone-view.js`)
  const { viewOf } = await import(`${folder}attempt.js`)
  const root = document.querySelector("main")
  const facts = JSON.parse(root.querySelector("[data-practice]").textContent)
  const view = new PhoneView(root)
  window.screens = function* (talking) {
    for (const screen of Object.keys(view.templates)) {
      const state = JSON.parse(JSON.stringify(facts.state))
      Object.assign(state, { screen, said: null })
      Object.values(state.screens).forEach((one) => { one.visited = true })
      view.draw(facts, state, viewOf(facts, state))
      const notes = document.querySelectorAll("[data-instruction] [data-feedback]")
      if (talking) notes.forEach((note) => { note.hidden = false })
      yield document.querySelector(".phone").dataset.screen
    }
  }
}"""
# The example (xem mẫu): go to each next screen by its button, then back to the first.
OPEN_EXAMPLE = """() => {
  const screen = () => document.querySelector(".phone").dataset.screen
  window.screens = function* () {
    const next = document.querySelector("[data-next]")
    for (let before = null; screen() !== before; ) {
      before = screen()
      yield before
      while (!next.hidden && screen() === before) next.click()
    }
    document.querySelector("[data-pause]").click() // "Xem lại từ đầu"
  }
}"""
# The pages as the server rendered them.
OPEN_PAGES = """(pages) => {
  window.screens = function* () {
    for (const text of pages) {
      const page = new DOMParser().parseFromString(text, "text/html")
      document.querySelector("main").replaceWith(page.querySelector("main"))
      yield document.querySelector(".phone").dataset.screen
    }
  }
}"""
# Each drawn screen: the numbers of its elements, if asked for, and its faults; and the hash of each number. Both are
# texts: Playwright takes half a second to pass thousands of values.
INSPECT = f"""({{ smallest, talking, asksElements }}) => {{
  const find = {inspection.FINDINGS}
  const elementsOf = {inspection.ELEMENTS}
  const numbers = new Map() // by hash
  const numberOf = (hash) => {{
    if (!numbers.has(hash)) numbers.set(hash, numbers.size)
    return numbers.get(hash)
  }}
  const looks = []
  for (const screen of window.screens(talking)) {{
    const {{ smallTargets, smallText, sideways }} = find(smallest)
    const elements = asksElements ? elementsOf().map(numberOf).join(" ") : ""
    looks.push([screen, elements, [...smallTargets, ...smallText, ...sideways]])
  }}
  return {{ looks, hashes: Array.from(numbers.keys()).join(" ") }}
}}"""
JUDGE = f"""async (chosen) => {{
  const judge = {inspection.RUN_AXE}
  const judged = []
  for (const screen of window.screens()) if (chosen.includes(screen)) judged.push([screen, await judge()])
  return judged
}}"""
# Resolves when a resized page has been redrawn.
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True, slots=True)
class ScreenFindings:
    """``seen``: the screens in drawing order; ``found``: faults by screen."""

    seen: list[str] = field(default_factory=list)
    found: dict[str, list[str]] = field(default_factory=dict)


def inspect_screens(page: Page, *, talking: bool = False, wide: bool = True) -> ScreenFindings:
    """Inspect all screens at phone size with axe, at 320 px with doubled text, and if ``wide`` on a projector.

    With ``talking``, also at 320 px with all feedback shown. Call one of the ``open_…`` functions before.
    """
    looks = ScreenFindings()

    def look(how: str, *, talking: bool = False, with_axe: bool = False, **smallest: int) -> list[str]:
        asked = {
            "smallest": {**MIN_SIZES, "width": page.viewport_size["width"], **smallest},
            "talking": talking,
            "asksElements": with_axe,
        }
        told = page.evaluate(INSPECT, asked)
        hashes, seen = told["hashes"].split(), told["looks"]
        if with_axe:
            judge([(screen, {hashes[int(number)] for number in numbers.split()}) for screen, numbers, _ in seen])
        add_faults(how, [(screen, faults) for screen, _, faults in seen])
        return [screen for screen, _, _ in seen]

    def judge(elements: list[tuple[str, set[str]]]) -> None:
        """Let axe check the elements of screens that it has not checked."""
        checked = checked_elements.all()
        new: set[str] = set()
        chosen = []
        for screen, of_screen in elements:
            if added := of_screen - checked - new:
                new |= added
                chosen.append(screen)
        if chosen:
            inspection.load_axe(page)
            add_faults("", page.evaluate(JUDGE, chosen))
            checked_elements.add(new)

    def add_faults(how: str, faults_of_screens: list[tuple[str, list[str]]]) -> None:
        for screen, faults in faults_of_screens:
            if faults:
                looks.found.setdefault(f"{screen}{how}", []).extend(faults)

    usual = page.viewport_size
    looks.seen.extend(look("", with_axe=True))
    page.set_viewport_size(NARROW)
    page.evaluate(SETTLED)
    page.evaluate(inspection.DOUBLE_TEXT)
    look(", 320 px, 200 %", text=NARROW_TEXT)
    if talking:
        look(", 320 px, 200 %, talking", talking=True, text=NARROW_TEXT)
    page.evaluate(inspection.USUAL_TEXT)
    if wide:
        page.set_viewport_size(WIDE)
        page.evaluate(SETTLED)
        look(", wide")
    page.set_viewport_size(usual)
    return looks


def each_drawn_screen(page: Page) -> Iterator[str]:
    """Draw the screens one by one, yielding each id."""
    page.evaluate("() => { window.drawing = window.screens() }")
    while screen := page.evaluate("() => window.drawing.next().value || null"):
        yield screen


def introduction_path(lesson: Lesson, practice: Practice) -> str:
    return f"{lesson_path(lesson)}/lam" + (f"/{practice.name}" if practice.name else "")


def start_attempt(page: Page, lesson: Lesson, practice: Practice, mode: str) -> None:
    """Start a new attempt and open its first screen."""
    begun = page.request.post(
        introduction_path(lesson, practice), form={"mode": mode}, max_redirects=0, max_retries=MAX_RETRIES
    )
    page.goto(begun.headers["location"], wait_until="load")


def open_player_screens(page: Page) -> None:
    """Prepare the screens of the player; call ``start_attempt`` before."""
    page.evaluate(OPEN_STAGE)


def open_example_screens(page: Page, lesson: Lesson, practice: Practice) -> None:
    """Prepare the screens of the example. The page must prefer reduced motion, which stops automatic steps."""
    page.goto(f"{introduction_path(lesson, practice)}?che-do=xem-mau", wait_until="load")
    expect(page.locator("[data-narration]")).to_be_visible()
    page.evaluate(OPEN_EXAMPLE)


def open_nojs_screens(page: Page, practice: Practice) -> None:
    """Prepare the no-script forms of the expected path; call ``start_attempt`` before, on a page without scripts."""
    address = page.url
    data = json.loads(page.locator("[data-practice]").text_content())["data"]
    screen = page.locator(".phone").get_attribute("data-screen")
    pages = {screen: page.content()}
    form: dict[str, str] = {}
    for step in action_paths.expected_path(practice, data):
        if step.value is not None:
            form[f"f{step.widget}"] = step.value
            continue
        q = re.search(r'name="q" value="(\d+)"', pages[step.screen])[1]
        button = "tap" if step.action in TAP_ACTIONS else step.action  # what a gesture does, a tap does too
        posted = page.request.post(
            address,
            form={"q": q, "screen": step.screen, **form, button: str(step.widget)},
            max_retries=MAX_RETRIES,
        )
        form = {}
        screen = re.search(r'<(?:form|div)[^>]* data-screen="([^"]+)"', posted.text())[1]
        pages[screen] = posted.text()
    page.evaluate(OPEN_PAGES, list(pages.values()))

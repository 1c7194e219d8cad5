"""Every screen of a practice, one after the other, on a page that is loaded once, in each way of going through it.

The page's own code and the server's own markup draw them; they are only not walked to by a finger each time, which
would take minutes. They are drawn and looked at inside the page: asking the page anew for each look took half the time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from lms.content.model import Lesson, Practice
from lms.content.practice import paths
from tests.browser import inspection
from tests.browser.inspection import NARROW, NARROW_TEXT, SMALLEST, WIDE
from tests.browser.lessons import address_of
from tests.browser.waiting import RECONNECTS

# Each way leaves ``window.screens`` behind: a generator that draws a screen before it gives its id.

# The stage of the player, with the practice's facts. Each screen as if it had just come, every other one visited; with
# ``talking`` all that it can ever say stands there.
OPEN_STAGE = """async () => {
  const folder = document.querySelector("script[src*='/practice/player']").src.replace(/player\\.js.*/, "")
  const { Stage } = await import(`${folder}stage.js`)
  const { look } = await import(`${folder}look.js`)
  const root = document.querySelector("main")
  const facts = JSON.parse(root.querySelector("[data-practice]").textContent)
  const stage = new Stage(root)
  window.screens = function* (talking) {
    for (const screen of Object.keys(stage.templates)) {
      const state = JSON.parse(JSON.stringify(facts.state))
      Object.assign(state, { screen, said: null })
      Object.values(state.screens).forEach((one) => { one.visited = true })
      stage.draw(facts, state, look(facts, state))
      if (talking) document.querySelectorAll("[data-lead] [data-said]").forEach((note) => { note.hidden = false })
      yield document.querySelector(".phone").dataset.screen
    }
  }
}"""
# xem mẫu goes on to each next screen by its own button, and then back to its first.
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
# The pages as the server sent them.
OPEN_PAGES = """(pages) => {
  window.screens = function* () {
    for (const text of pages) {
      const page = new DOMParser().parseFromString(text, "text/html")
      document.querySelector("main").replaceWith(page.querySelector("main"))
      yield document.querySelector(".phone").dataset.screen
    }
  }
}"""
# What axe looks at on a page: its elements, how they are named, styled, said and worked, and where there are words.
# Which words is all the same to it, and where a link leads, and what only our own scripts read.
SHAPE = """() => {
  const ours = /^(data-.*|href|src|value|action|content|placeholder)$/
  const nodes = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
  const shape = []
  for (let node = nodes.currentNode; node; node = nodes.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim()) shape.push("words")
      continue
    }
    let depth = 0
    for (let above = node.parentNode; above; above = above.parentNode) depth += 1
    const said = [...node.attributes].map(({ name, value }) => `${name}=${ours.test(name) ? !value : value}`)
    shape.push(`${depth} ${node.localName} ${said.join(" ")} ${node.checked} ${!node.value}`)
  }
  return shape.join("\\n")
}"""
# axe takes its time, so of screens that differ in their words alone it is asked about the first.
INSPECT = f"""async ({{ smallest, talking, judged }}) => {{
  const find = {inspection.FINDINGS}
  const judge = {inspection.RUN_AXE}
  const shapeOf = {SHAPE}
  const known = new Set()
  const looks = []
  for (const screen of window.screens(talking)) {{
    const {{ smallTargets, smallText, sideways }} = find(smallest)
    const shape = shapeOf()
    const isNew = judged && !known.has(shape)
    known.add(shape)
    looks.push([screen, [...(isNew ? await judge() : []), ...smallTargets, ...smallText, ...sideways]])
  }}
  return looks
}}"""
# A page that was made narrow or wide has drawn itself anew.
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True, slots=True)
class Looks:
    """``seen`` are the screens in the order in which they were drawn; ``found`` what is wrong where."""

    seen: list[str] = field(default_factory=list)
    found: dict[str, list[str]] = field(default_factory=dict)


def inspect(page: Page, *, talking: bool = False, wide: bool = True) -> Looks:
    """At the phone's own size with axe, at 320 px with doubled text (with ``talking`` also with all that is said
    shown), and where it is ``wide`` on a projector. A way of going through the practice was opened before."""
    looks = Looks()

    def look(how: str, *, talking: bool = False, judged: bool = False, **smallest: int) -> list[str]:
        asked = {**SMALLEST, "width": page.viewport_size["width"], **smallest}
        seen = page.evaluate(INSPECT, {"smallest": asked, "talking": talking, "judged": judged})
        looks.found.update({f"{screen}{how}": faults for screen, faults in seen if faults})
        return [screen for screen, _ in seen]

    usual = page.viewport_size
    inspection.bring_axe(page)
    looks.seen.extend(look("", judged=True))
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


def drawn(page: Page) -> Iterator[str]:
    """The screens one after the other, each as long as the caller wants it."""
    page.evaluate("() => { window.drawing = window.screens() }")
    while screen := page.evaluate("() => window.drawing.next().value || null"):
        yield screen


def introduction(lesson: Lesson, practice: Practice) -> str:
    return f"{address_of(lesson)}/lam" + (f"/{practice.name}" if practice.name else "")


def begins(page: Page, lesson: Lesson, practice: Practice, mode: str) -> None:
    """A fresh attempt; the page is on its first screen."""
    begun = page.request.post(
        introduction(lesson, practice), form={"mode": mode}, max_redirects=0, max_retries=RECONNECTS
    )
    page.goto(begun.headers["location"], wait_until="load")


def open_stage(page: Page) -> None:
    """The player's screens. ``begins`` came first."""
    page.evaluate(OPEN_STAGE)


def open_example(page: Page, lesson: Lesson, practice: Practice) -> None:
    """The screens of xem mẫu; the page asks for less motion, so nothing goes on by itself."""
    page.goto(f"{introduction(lesson, practice)}?che-do=xem-mau", wait_until="load")
    expect(page.locator("[data-told]")).to_be_visible()
    page.evaluate(OPEN_EXAMPLE)


def open_plain(page: Page, practice: Practice) -> None:
    """The plain forms of the right way, as the server draws them. ``begins`` came first, with no script running."""
    address = page.url
    data = json.loads(page.locator("[data-practice]").text_content())["data"]
    screen = page.locator(".phone").get_attribute("data-screen")
    pages = {screen: page.content()}
    form: dict[str, str] = {}
    for step in paths.expected_path(practice, data):
        if step.value is not None:
            form[f"f{step.widget}"] = step.value
            continue
        q = re.search(r'name="q" value="(\d+)"', pages[step.screen])[1]
        posted = page.request.post(
            address, form={"q": q, "screen": step.screen, **form, step.action: str(step.widget)}, max_retries=RECONNECTS
        )
        form = {}
        screen = re.search(r'<(?:form|div)[^>]* data-screen="([^"]+)"', posted.text())[1]
        pages[screen] = posted.text()
    page.evaluate(OPEN_PAGES, list(pages.values()))

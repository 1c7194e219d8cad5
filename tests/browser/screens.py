"""Every screen of a practice, one after the other, on a page that is loaded once, in each way of going through it.

The page's own code and the server's own markup draw them; they are only not walked to by a finger each time, which
would take minutes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from playwright.sync_api import Page, expect

from lms.content.model import Lesson, Practice
from lms.content.practice import paths
from tests.browser import inspection
from tests.browser.inspection import NARROW, NARROW_TEXT, WIDE
from tests.browser.lessons import address_of

Drawing = Callable[[], Iterator[str]]

# The stage of the player, with the practice's facts; the ids of its screens.
OPEN_STAGE = """async () => {
  const folder = document.querySelector("script[src*='/practice/player']").src.replace(/player\\.js.*/, "")
  const { Stage } = await import(`${folder}stage.js`)
  const { look } = await import(`${folder}look.js`)
  const root = document.querySelector("main")
  const facts = JSON.parse(root.querySelector("[data-practice]").textContent)
  window.shown = { stage: new Stage(root), facts, look }
  return Object.keys(window.shown.stage.templates)
}"""
# One screen as if it had just come, every other one visited; with ``talking`` all that it can ever say stands there.
DRAW = """([screen, talking]) => {
  const { stage, facts, look } = window.shown
  const state = JSON.parse(JSON.stringify(facts.state))
  Object.assign(state, { screen, said: null })
  Object.values(state.screens).forEach((one) => { one.visited = true })
  stage.draw(facts, state, look(facts, state))
  if (talking) document.querySelectorAll("[data-lead] [data-said]").forEach((note) => { note.hidden = false })
}"""
# xem mẫu on to its next screen: that screen's id, null at the end.
GO_ON = """() => {
  const before = document.querySelector(".phone").dataset.screen
  const next = document.querySelector("[data-next]")
  while (!next.hidden && document.querySelector(".phone").dataset.screen === before) next.click()
  const now = document.querySelector(".phone").dataset.screen
  return now === before ? null : now
}"""
# A page that was made narrow has drawn itself anew.
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
PUT = """(text) => {
  const page = new DOMParser().parseFromString(text, "text/html")
  document.querySelector("main").replaceWith(page.querySelector("main"))
}"""


def inspect(page: Page, draw: Drawing, talk: Drawing | None = None, *, wide: bool = True) -> dict[str, list[str]]:
    """What is wrong where: at the phone's own size, at 320 px with doubled text (also with all that is said shown), and
    where it is ``wide`` on a projector."""
    found: dict[str, list[str]] = {}

    def notes(where: str, faults: list[str]) -> None:
        if faults:
            found.setdefault(where, []).extend(faults)

    usual = page.viewport_size
    for screen in draw():
        notes(screen, inspection.faults(page))
    page.set_viewport_size(NARROW)
    page.evaluate(SETTLED)
    page.evaluate(inspection.DOUBLE_TEXT)
    for drawing, how in ((draw, "320 px, 200 %"), (talk, "320 px, 200 %, talking")):
        for screen in drawing() if drawing else ():
            seen = inspection.findings(page, text=NARROW_TEXT)
            notes(f"{screen}, {how}", [*seen["sideways"], *seen["smallTargets"], *seen["smallText"]])
    page.evaluate(inspection.USUAL_TEXT)
    if wide:
        page.set_viewport_size(WIDE)
        for screen in draw():
            notes(f"{screen}, wide", inspection.faults_without_axe(page))
    page.set_viewport_size(usual)
    return found


def introduction(lesson: Lesson, practice: Practice) -> str:
    return f"{address_of(lesson)}/lam" + (f"/{practice.name}" if practice.name else "")


def begins(page: Page, lesson: Lesson, practice: Practice, mode: str) -> None:
    """A fresh attempt; the page is on its first screen."""
    page.goto(introduction(lesson, practice))
    page.locator(f"button[name=mode][value={mode}]").first.evaluate("(button) => button.click()")
    page.wait_for_url(re.compile(r"/toi/luot/"))
    page.wait_for_load_state("load")


def staged(page: Page, *, talking: bool = False) -> Drawing:
    """The player's screens. ``begins`` came first."""
    screens = page.evaluate(OPEN_STAGE)

    def draw() -> Iterator[str]:
        for screen in screens:
            page.evaluate(DRAW, [screen, talking])
            yield screen

    return draw


def watched(page: Page, lesson: Lesson, practice: Practice) -> Drawing:
    """The screens of xem mẫu, by its own button; the page asks for less motion, so nothing goes on by itself."""
    page.goto(f"{introduction(lesson, practice)}?che-do=xem-mau", wait_until="load")

    def draw() -> Iterator[str]:
        screen = shown_screen(page)
        while screen:
            yield screen
            screen = page.evaluate(GO_ON)
        page.locator("[data-pause]").evaluate("(button) => button.click()")  # "Xem lại từ đầu"

    expect(page.locator("[data-told]")).to_be_visible()
    return draw


def shown_screen(page: Page) -> str:
    return page.locator(".phone").get_attribute("data-screen")


def plain(page: Page, practice: Practice) -> Drawing:
    """The plain forms of the right way, as the server draws them. ``begins`` came first, with no script running."""
    address = page.url
    data = json.loads(page.locator("[data-practice]").text_content())["data"]
    pages = {shown_screen(page): page.content()}
    form: dict[str, str] = {}
    for step in paths.expected_path(practice, data):
        if step.value is not None:
            form[f"f{step.widget}"] = step.value
            continue
        q = re.search(r'name="q" value="(\d+)"', pages[step.screen])[1]
        posted = page.request.post(address, form={"q": q, "screen": step.screen, **form, step.action: str(step.widget)})
        form = {}
        screen = re.search(r'<(?:form|div)[^>]* data-screen="([^"]+)"', posted.text())[1]
        pages[screen] = posted.text()

    def draw() -> Iterator[str]:
        for screen, text in pages.items():
            page.evaluate(PUT, text)
            yield screen

    return draw

"""What the follow mode points at is in sight: every screen of the expected way of each lesson's practice, in Chromium.

The page's own modules draw the screens at guidance level 2, on a phone 360 px wide. A control is in sight if all of it
stands between what covers the page above and the lower edge, without the learner scrolling. A first screen opens at its
task: all of that is in sight, and so is most of the control, or else the lamp that leads to it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.figures import Figure, at_least
from bench.sites import COURSES, Site, our_site
from lms.content.library import read_library
from lms.content.model import Lesson
from lms.content.practice import action_paths

WIDTH = 360  # px
PLAYER = "**/practice-player*.js"  # it would go on by itself; the stage below draws instead


@dataclass(frozen=True, slots=True)
class Phone:
    """``height``: px that the browser leaves of the page. ``bar``: per cent in sight on arrival at later
    screens, of their tasks, and as it moves on."""

    height: int
    is_larger: bool  # "Chữ to hơn"
    bar: int

    @property
    def name(self) -> str:
        return f"{self.height} px{', larger text' if self.is_larger else ''}"


PHONES = (Phone(740, False, 100), Phone(660, False, 98), Phone(740, True, 98), Phone(660, True, 95))

OPEN_STAGE = """async () => {
  const player = document.querySelector("script[src*='/practice/practice-player']")
  const folder = player.src.replace(/practice-player\\.js.*/, "")
  const [{ PhoneView }, { viewOf }, { step }] = await Promise.all(
    ["phone-view", "attempt", "engine"].map((name) => import(`${folder}${name}.js`)))
  const root = document.querySelector("main")
  const facts = JSON.parse(root.querySelector("[data-practice]").textContent)
  const view = new PhoneView(root)
  const isInSight = () => {
    const pointed = root.querySelector(".phone .pointed")
    if (!pointed) return null
    const frame = pointed.closest(".scroll") || pointed // a list that scrolls says at its edge where the row is
    const { left, right, top, bottom } = frame.getBoundingClientRect()
    const isInside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight
    const at = (y) => frame.contains(document.elementFromPoint((left + right) / 2, y))
    return isInside && at(top + 2) && at((top + bottom) / 2) && at(bottom - 2)
  }
  const isWhole = (element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return top >= document.querySelector(".simulation-banner").getBoundingClientRect().bottom && bottom <= innerHeight
  }
  // Most of what is pointed at, or the lamp, which comes a few frames later.
  const isLed = () => {
    const { top, height } = root.querySelector(".phone .pointed").getBoundingClientRect()
    const lamp = document.querySelector("[data-below]")
    return isInSight() || (innerHeight - top) / height > 0.8 || (!lamp.hidden && isWhole(lamp))
  }
  const waitUntilLed = async () => {
    for (let waited = 0; waited < 1000 && !isLed(); waited += 20) await new Promise((done) => setTimeout(done, 20))
  }
  const isTaskInSight = () => isWhole(root.querySelector(".coach__sentence"))
    || Array.from(root.querySelectorAll("[data-repeats]:not([hidden])")).some(isWhole)
  // [screen, when: "first", "arrived", "read" (the task) or "moved", whether it is in sight], each time it is drawn.
  window.walk = async (steps) => {
    const seen = []
    let { state } = facts
    const look = () => {
      const isNew = view.draw(facts, state, viewOf(facts, state))
      if (isNew) view.focusInstruction()
      const inSight = isInSight()
      if (inSight === null) return
      seen.push([state.screen, isNew ? "arrived" : "moved", inSight])
      if (isNew) seen.push([state.screen, "read", isTaskInSight()])
    }
    view.screen = null
    document.querySelector(".simulation-banner").classList.remove("simulation-banner--short") // as on a new page
    look()
    if (seen.length) {
      await waitUntilLed()
      seen.splice(0, 2, [state.screen, "first", isLed() && isWhole(root.querySelector(".coach__sentence"))])
    }
    for (const [screen, place, action, value] of steps) {
      const event = [state.q + 1, state.t, screen, place, action]
      if (value !== null) event.push(value)
      state = step(facts.model, facts.data, state, event, facts.mode)
      look()
    }
    return seen
  }
  return facts.data
}"""
# A phone with a Vietnamese voice shows a button for reading aloud beside the screen's number.
VIETNAMESE_VOICE = """Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{ lang: "vi-VN" }], speak() {}, cancel() {}, addEventListener() {},
} })"""
SET_LARGER = "(isOn) => document.documentElement.classList.toggle('larger', isOn)"


@dataclass(slots=True)
class Sight:
    """What was looked at, and where it was out of sight."""

    looks: int = 0
    missed: list[str] = field(default_factory=list)

    def add(self, name: str, is_in_sight: bool) -> None:
        self.looks += 1
        if not is_in_sight:
            self.missed.append(name)

    @property
    def percent(self) -> float:
        return 100 * (self.looks - len(self.missed)) / max(self.looks, 1)

    @property
    def note(self) -> str:
        names = ", ".join(self.missed[:8]) + (", …" if len(self.missed) > 8 else "")
        return f"{self.looks} looks" + (f"; not {names}" if names else "")


def measure() -> Iterator[Figure]:
    sights = {when: {phone: Sight() for phone in PHONES} for when in ("first", "arrived", "read", "moved")}
    with tempfile.TemporaryDirectory() as folder, our_site(Path(folder)) as site, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(is_mobile=True, has_touch=True, viewport={"width": WIDTH, "height": 740}).new_page()
        page.add_init_script(VIETNAMESE_VOICE)
        page.route(PLAYER, lambda route: route.abort())
        for lesson in _lessons():
            steps = _open_stage(page, site, lesson)
            for phone in PHONES:
                for screen, when, is_in_sight in _walk(page, phone, steps):
                    sights[when][phone].add(f"{lesson.course}/{lesson.slug} {screen}", is_in_sight)
        browser.close()
    for phone, sight in sights["first"].items():
        name = f"first screens: the task in sight, and the control or the lamp, {phone.name}"
        yield at_least(name, sight.percent, 100, "%", sight.note)
    for phone, sight in sights["arrived"].items():
        yield at_least(f"pointed at and in sight on arrival, {phone.name}", sight.percent, phone.bar, "%", sight.note)
    for phone, sight in sights["read"].items():
        yield at_least(f"… with its task, {phone.name}", sight.percent, phone.bar, "%", sight.note)
    for phone, sight in sights["moved"].items():
        yield at_least(f"… when it moves on a screen, {phone.name}", sight.percent, phone.bar, "%", sight.note)


def _lessons() -> list[Lesson]:
    library = read_library(COURSES, today=datetime.now(UTC).date()).library
    return [lesson for course in library.courses for lesson in course.lessons if lesson.practice]


def _open_stage(page: Page, site: Site, lesson: Lesson) -> list[list[Any]]:
    """Open a new attempt, and return the steps of its expected way."""
    begun = page.request.post(
        f"{site.url}/{lesson.course}/{lesson.slug}/lam",
        form={"mode": "lam-theo"},
        headers={"Origin": site.url},
        max_redirects=0,
    )
    page.goto(site.url + begun.headers["location"].removeprefix(site.url), wait_until="load")
    data = page.evaluate(OPEN_STAGE)
    assert lesson.practice
    path = action_paths.expected_path(lesson.practice, data)
    return [[step.screen, step.widget, step.action, step.value] for step in path]


def _walk(page: Page, phone: Phone, steps: list[list[Any]]) -> list[tuple[str, str, bool]]:
    page.set_viewport_size({"width": WIDTH, "height": phone.height})
    page.evaluate(SET_LARGER, phone.is_larger)
    return page.evaluate("(steps) => walk(steps)", steps)

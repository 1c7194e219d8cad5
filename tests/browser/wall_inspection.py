"""Checks a wall as seen from the last row: letters of at least 1/25 of its height, and nothing cut off."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.inspection import axe

WALLS = ({"width": 1920, "height": 1080}, {"width": 1024, "height": 768})

# What scrolls inside the drawn phone of a demonstration is left out of the search for cut letters: phones do. The phone
# of a slide does not scroll, since the hall chooses between what it shows.
FIND = """() => {
  const smallest = innerHeight / 25 - 0.6, found = []
  const board = document.querySelector(".wall__board").getBoundingClientRect()
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const text = texts.currentNode, element = text.parentElement
    const ignored = ".visually-hidden, .wall-controls, [hidden], script, noscript, template"
    if (!text.data.trim() || element.closest(ignored)) continue
    const range = document.createRange()
    range.selectNodeContents(text)
    const box = range.getBoundingClientRect()
    if (!box.width || getComputedStyle(element).visibility === "hidden") continue
    const said = text.data.trim().slice(0, 40)
    const size = parseFloat(getComputedStyle(element).fontSize)
    if (size < smallest) found.push(`${size} px: ${said}`)
    if (element.closest("[data-scroll]")) continue
    const isOutside = box.bottom > innerHeight + 1 || box.right > innerWidth + 1 || box.top < -1 || box.left < -1
    const isCut = element.closest(".wall__board") && (box.bottom > board.bottom + 1 || box.top < board.top - 1)
    if (isOutside || isCut) found.push(`cut off: ${said}`)
  }
  const options = document.querySelector(".wall-question__options")
  const state = document.querySelector(".wall-question__state")
  if (options && options.lastElementChild.getBoundingClientRect().bottom > state.getBoundingClientRect().top + 1) {
    found.push("the options reach into the line under them")
  }
  return found
}"""


# The window has its new size, and every picture and letter its place.
SETTLED = """async ([width, height]) => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  return innerWidth === width && innerHeight === height
    && document.fonts.status === "loaded" && [...document.images].every((image) => image.complete)
}"""


class WallInspector:
    """Collects faults of boards. axe runs once per kind of board, because it is slow."""

    def __init__(self, wall: Page) -> None:
        self.wall, self.found, self._known = wall, {}, set[frozenset[str]]()

    def is_new_kind(self) -> bool:
        """Whether no board of the current kind was inspected yet."""
        return self._kind() not in self._known

    def inspect(self, where: str) -> None:
        """Check the current board on 16:9 and on 4:3. The wall keeps the last size, at which the next board begins."""
        kind = self._kind()
        for size in sorted(WALLS, key=lambda size: size != self.wall.viewport_size):
            self.wall.set_viewport_size(size)
            self.wall.wait_for_function(SETTLED, arg=[size["width"], size["height"]])
            faults = self.wall.evaluate(FIND)
            if kind not in self._known:
                faults += axe(self.wall)
            if faults:
                self.found[f"{where}, {size['width']}x{size['height']}"] = faults
        self._known.add(kind)

    def _kind(self) -> frozenset[str]:
        """The board's classes, but for the one with which no word is broken."""
        classes = self.wall.locator(".wall__board").get_attribute("class") or ""
        return frozenset(classes.split()) - {"wall__board--unbroken"}

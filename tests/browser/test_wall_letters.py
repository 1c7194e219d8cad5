"""Letters of the wall: everything fits, in letters that the last row can read, whatever the computer's fonts are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lms.content.model import Lesson
from lms.learning.classroom.session.steps import lesson_steps, question_step_key
from tests.browser.class_pages import LESSON_WITH_QUESTIONS as LESSON
from tests.browser.class_pages import open_class_session, pair_projector
from tests.browser.lessons import all_lessons, lesson
from tests.browser.wall_inspection import FIND, WALLS
from tests.live.raw_http import HttpResponse, post_form, send_request

# The widest that a laptop is likely to have, and the only one on many with Linux. A sheet of the page's own would not
# get past its policy.
USE_WIDE_LETTERS = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('* { font-family: "DejaVu Sans" !important }')
  document.adoptedStyleSheets = [sheet]
}"""
PARTS = 4  # of all lessons, for several workers
SIZES = (*WALLS, {"width": 1366, "height": 768})
PHONE_SLIDE_SIZES = (*WALLS, {"width": 1280, "height": 720}, {"width": 1280, "height": 800})
# Keep the boards of these pages of the wall, read once for all sizes, and load the stylesheets of their phones.
READ_ALL = """async (pages) => {
  const read = pages.map((page) => new DOMParser().parseFromString(page, "text/html"))
  window.boards = read.map((page) => page.querySelector("[data-snapshot]"))
  const hrefsOf = (page) => [...page.querySelectorAll("link[rel=stylesheet]")].map((link) => link.getAttribute("href"))
  const known = new Set(hrefsOf(document))
  const missing = new Set(read.flatMap(hrefsOf).filter((href) => !known.has(href)))
  const own = document.querySelector("link[rel=stylesheet][href*='wall.css']")
  const load = (href) => new Promise((onload, onerror) => {
    own.before(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload, onerror }))
  })
  await Promise.all([...missing].map(load))
}"""
# Show each of them, with or without its script: its faults, and which texts of a result it shows.
SHOW_ALL = f"""(script) => {{
  const find = {FIND}
  const wall = document.querySelector("class-wall")
  return window.boards.map((board) => {{
    if (script) wall.replaceContent(board)
    else wall.querySelector("[data-snapshot]").replaceWith(document.importNode(board, true))
    return {{ faults: find(), texts: wall.querySelector(".wall__board").dataset.texts }}
  }})
}}"""
# Change the board's texts, each given with its selector. The letters of the first selector are in rem.
SHOW_TEXTS = f"""(texts) => {{
  const find = {FIND}
  const wall = document.querySelector("class-wall")
  const [first] = Object.keys(texts)
  Object.entries(texts).forEach(([selector, all]) => {{
    wall.querySelectorAll(selector).forEach((element, index) => {{ element.innerHTML = all[index % all.length] }})
  }})
  wall.fit()
  const size = (element) => parseFloat(getComputedStyle(element).fontSize)
  const broken = [...wall.querySelectorAll(`${{first}} b`)].some((word) => word.getClientRects().length > 1)
  return {{
    broken,
    faults: find(),
    letters: size(wall.querySelector(first)) / size(document.documentElement),
    texts: wall.querySelector(".wall__board").dataset.texts,
  }}
}}"""
SENTENCES = "Mã OTP có sáu số. Không đọc cho ai. Bác gọi tổng đài rồi hỏi. "


@pytest.fixture
def class_wall(desk: Page, wall: Page) -> Page:
    """A wall that shows a class but follows no stream."""
    open_class_session(desk)
    pair_projector(desk, wall)
    wall.evaluate("document.querySelector('class-wall').stream.close()")
    return wall


def board_pages(desk: Page, lesson: Lesson, *, only: str = "") -> Iterator[tuple[str, str]]:
    """The name and the HTML of each page that the wall shows in a class of this lesson.

    ``only``: a kind of step whose pages are meant alone.

    By requests with the cookies of the desk: there are thousands, which a browser would make twice as slow.
    """
    site = desk.evaluate("location.origin")
    cookies = {cookie["name"]: cookie["value"] for cookie in desk.context.cookies()}
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', desk.content())[1]

    def headers(path: str) -> dict[str, str]:
        return {"Cookie": "; ".join(map("=".join, cookies.items())), "Referer": site + path}

    def post(path: str, **fields: str) -> HttpResponse:
        answer = post_form(site, path, [("csrf_token", token), *fields.items()], headers(path))
        assert answer.status in (200, 303), answer.text
        return answer

    def page() -> str:
        return send_request(site, "/chieu", headers=headers("/chieu")).text

    base = post("/dung-lop", bai=f"{lesson.course}/{lesson.slug}").headers["location"].removeprefix(site)
    name, _, value = post(f"{base}/chieu").cookie.partition("=")  # this browser is a projector, too
    cookies[name] = value
    for step in lesson_steps(lesson):
        if only not in ("", step.kind):
            continue
        question = lesson.understand.question(step.ref)
        if not question:
            if step.kind != "join":
                post(f"{base}/lenh", to=step.key)
            yield step.key, page()
            continue
        boards = [("1", "open"), ("1", "locked"), ("1", "shown")]
        if question.kind in ("choice", "poll"):
            boards.append(("2", "shown"))
        for number, phase in boards:
            post(f"{base}/lenh", to=step.key, step=step.key, round=number, phase=phase)
            yield f"{step.key} {number} {phase}", page()


@pytest.mark.whole
@pytest.mark.inputs("courses")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_board_of_every_lesson_fits_the_wall(desk, class_wall, part):
    assert_boards_fit(class_wall, all_board_pages(desk, all_lessons()[part::PARTS]))


@pytest.mark.inputs("courses")
def test_the_longest_and_the_shortest_board_of_each_kind_fit_the_wall(desk, class_wall):
    """A kind: boards with the same parts. Only `make all-tests` looks at all of them."""
    pages = all_board_pages(desk, all_lessons())
    kinds: dict[frozenset[str], list[str]] = {}
    for name in sorted(pages, key=lambda name: len(pages[name])):
        kinds.setdefault(frozenset(re.findall(r'class="(wall-[a-z_-]+)', pages[name])), []).append(name)
    chosen = [name for names in kinds.values() for name in (names[0], *names[-2:])]
    assert_boards_fit(class_wall, {name: pages[name] for name in chosen})


def all_board_pages(desk: Page, lessons: list[Lesson]) -> dict[str, str]:
    return {f"{each.course}/{each.slug} {name}": page for each in lessons for name, page in board_pages(desk, each)}


def assert_boards_fit(class_wall: Page, pages: dict[str, str]) -> None:
    faults, silent = {}, set()
    passes = [("usual", size, False) for size in WALLS] + [
        (font, size, True) for font in ("usual", "wide") for size in SIZES
    ]
    class_wall.evaluate(READ_ALL, list(pages.values()))
    for font, size, script in passes:
        if font == "wide":
            class_wall.evaluate(USE_WIDE_LETTERS)
        class_wall.set_viewport_size(size)
        results = class_wall.evaluate(SHOW_ALL, script)
        for name, shown in zip(pages, results, strict=True):
            if shown["faults"]:
                faults[f"{name}, {size['width']}x{size['height']}, {font}, {script=}"] = shown["faults"]
            if shown["texts"] not in ("all", "right", None):
                silent.add(name)
    assert faults == {}
    assert silent == set()  # feedback to the correct answer


def test_the_whole_phone_of_a_slide_is_seen(desk, class_wall):
    """The hall chooses between what stands at its lower end."""
    with_phones = [each for each in all_lessons() if each.understand.inline_screens]
    pages = {
        f"{each.slug} {name}": page
        for each in with_phones
        for name, page in board_pages(desk, each, only="slide")
        if "wall-demo__frame" in page
    }
    assert len(pages) >= len(with_phones)
    class_wall.evaluate(READ_ALL, list(pages.values()))
    cut = {}
    for size in PHONE_SLIDE_SIZES:
        class_wall.set_viewport_size(size)
        for script in (True, False):
            for name, shown in zip(pages, class_wall.evaluate(SHOW_ALL, script), strict=True):
                if shown["faults"]:
                    cut[f"{name}, {size['width']}x{size['height']}, {script=}"] = shown["faults"]
    assert cut == {}


@pytest.fixture
def show_texts(desk: Page, class_wall: Page) -> Callable[[str, dict[str, list[str]]], dict[str, Any]]:
    """Show a board with other texts."""
    pages = dict(board_pages(desk, lesson(LESSON)))

    def show(name: str, texts: dict[str, list[str]]) -> dict[str, Any]:
        class_wall.evaluate(READ_ALL, [pages[name]])
        class_wall.evaluate(SHOW_ALL, True)
        return class_wall.evaluate(SHOW_TEXTS, texts)

    return show


def test_more_text_gets_smaller_letters(show_texts, class_wall):
    for size in SIZES:
        class_wall.set_viewport_size(size)
        shown = [
            show_texts("muc-ba-ma-ba-canh-cua", {".wall-slide__text": [SENTENCES * count]})
            for count in (1, 2, 4, 6, 8, 10)
        ]
        letters = [each["letters"] for each in shown]
        assert letters == sorted(letters, reverse=True)
        assert letters[0] > 1.5
        assert letters[-1] < 1.3
        assert [each["faults"] for each in shown] == [[]] * len(shown)


def test_feedback_to_the_correct_answer_is_shown_however_long_the_rest_is(show_texts, class_wall):
    """Options and feedback much longer than the authoring guide recommends: 60 and 100 characters."""
    for size in SIZES:
        class_wall.set_viewport_size(size)
        shown = [
            show_texts(
                f"{question_with_four_options()} 2 shown",
                {
                    ".wall-option__text": [(SENTENCES * 2)[:length]],
                    ".wall-option__feedback": [(SENTENCES * 3)[: length * 5 // 3]],
                },
            )
            for length in (10, 40, 60)
        ]
        expect(class_wall.locator(".wall-option--correct .wall-option__feedback").first).to_be_visible()
        assert shown[0]["texts"] == "all"
        assert "none" not in [each["texts"] for each in shown]
        assert [each["faults"] for each in shown] == [[]] * len(shown)


def test_a_word_is_broken_only_if_no_letters_avoid_it(show_texts, class_wall):
    options = ["0100000777", "Nguyenvantap1956", "Ghe7@TimMua", "P@ss1"]
    for size in SIZES:
        class_wall.set_viewport_size(size)
        short, usual, endless = (
            show_texts(
                f"{question_with_four_options()} 1 open",
                {".wall-question__option span:last-child": [f"<b>{word}</b>" for word in words]},
            )
            for words in ([option[:5] for option in options], options, [options[0] * 6])
        )
        assert short["letters"] > usual["letters"]
        assert [each["broken"] for each in (short, usual, endless)] == [False, False, True]
        assert [each["faults"] for each in (short, usual, endless)] == [[], [], []]


def question_with_four_options() -> str:
    """The key of its step."""
    questions = lesson(LESSON).understand.questions
    return question_step_key(next(one.id for one in questions if one.kind == "choice" and len(one.options) == 4))

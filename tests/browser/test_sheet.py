"""The step sheet: every practice on one A4 page, black on white, at least 12 pt."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.inspection import Inspector
from tests.browser.lessons import all_lessons, lesson_path
from tests.browser.printed_paper import sheets_of
from tests.browser.shared_chromium import SharedChromium
from tests.browser.site_process import serve_site
from tests.web.every_screen import HIEU, write_every_screen

POINT = 4 / 3  # px
PAPER = {"width": 703, "height": 1032}  # px: an A4 less its margins
SHEETS = [
    f"{lesson_path(each)}/lam{'/' if practice.name else ''}{practice.name}?che-do=to-buoc"
    for each in all_lessons()
    for practice in each.practices
]

# The smallest letters (px), the height of the whole sheet (px), and colours other than black and white.
LOOK_AT_SHEET = """() => {
  const sheet = document.querySelector(".practice-sheet")
  const walker = document.createTreeWalker(sheet, NodeFilter.SHOW_TEXT)
  let smallest = 1000
  const colours = new Set()
  while (walker.nextNode()) {
    if (walker.currentNode.data.trim() === "") continue
    const style = getComputedStyle(walker.currentNode.parentElement)
    smallest = Math.min(smallest, parseFloat(style.fontSize))
    colours.add(style.color)
  }
  return { smallest, height: sheet.getBoundingClientRect().height, colours: Array.from(colours) }
}"""


@pytest.fixture
def paper(chromium: SharedChromium):
    """Opens a page as a printer sees it, of whichever site."""
    contexts = []

    def opens(url: str) -> Page:
        context = chromium.new_context(base_url=url, viewport=PAPER)
        contexts.append(context)
        page = context.new_page()
        page.emulate_media(media="print")
        return page

    yield opens
    for context in contexts:
        context.close()


def faults(page: Page) -> list[str]:
    page.wait_for_load_state("load")
    seen = page.evaluate(LOOK_AT_SHEET)
    found = [f"{sheets} sheets"] if (sheets := sheets_of(page)) != 1 else []
    found += [f"{seen['height']} px high"] if seen["height"] > PAPER["height"] else []
    found += [f"{seen['smallest'] / POINT} pt"] if seen["smallest"] / POINT < 12 - 0.01 else []
    return found + [colour for colour in seen["colours"] if colour != "rgb(0, 0, 0)"]


def test_every_practice_fits_one_readable_sheet(site, paper):
    page = paper(site.url)
    found = {}
    for address in SHEETS:
        page.goto(address)
        if wrong := faults(page):
            found[address] = wrong
    assert found == {}


def test_a_long_practice_is_set_in_two_readable_columns(paper, tmp_path):
    courses = write_every_screen(tmp_path / "courses")
    write_long_practice(courses / "thu/02-that-dai", 20)
    with serve_site(tmp_path, courses=courses) as site:
        page = paper(site.url)
        page.goto("/thu/that-dai/lam?che-do=to-buoc")
        assert faults(page) == []
        assert page.locator(".practice-sheet__steps").evaluate("(steps) => getComputedStyle(steps).columnCount") == "2"
        page.goto("/thu/moi-thu/lam?che-do=to-buoc")
        assert faults(page) == []
        assert page.evaluate(LOOK_AT_SHEET)["smallest"] / POINT == pytest.approx(14, abs=0.01)


def test_the_sheet_is_readable_on_a_phone(phone):
    inspector = Inspector(phone)
    phone.goto("/vneid/kich-hoat/lam?che-do=to-buoc")
    inspector.inspect_page("a step sheet")
    assert inspector.found == {}
    phone.evaluate("() => { window.print = () => { window.printed = true } }")
    phone.locator("[data-print]").tap()
    phone.wait_for_function("() => window.printed")


def write_long_practice(folder: Path, screens: int) -> None:
    folder.mkdir()
    (folder / "hieu.md").write_text(HIEU.replace("Mọi thứ", "Thật dài"), "utf-8")
    text = "---\ntên: Một thủ tục thật dài\nbắt đầu: Màn 1\nđích: Xong\n---\n"
    for number in range(1, screens + 1):
        following = f"Màn {number + 1}" if number < screens else "Xong"
        text += (
            f"\n## Màn {number}\n> Việc: Gõ họ tên rồi đi tiếp.\n\n- [ô chữ] Họ tên người thứ {number} = Nguyễn Văn Tập"
        )
        text += f"\n  - sai: Chưa đúng. Bác gõ lại nhé.\n- [nút] Đi tiếp sang màn sau => {following}\n"
    (folder / "lam.md").write_text(f"{text}\n## Xong {{loại=kết}}\n", "utf-8")

"""Dark theme, auto-dark of a browser, forced colours, and paper: everything stays readable in each."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.class_pages import open_class_session, pair_projector
from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.inspection import low_contrasts
from tests.browser.learner import Learner
from tests.browser.lessons import first_single_choice, lesson

ACTIVATION = "/vneid/kich-hoat"
# One of each shape: home, course, lesson, questions, ways to practise, attempt, demo, sheet, tasks, verdict.
SHAPES = [
    *("/", "/vneid", ACTIVATION, f"{ACTIVATION}/hieu", f"{ACTIVATION}/lam", f"{ACTIVATION}/dung"),
    *(f"{ACTIVATION}/lam?che-do=xem-mau", f"{ACTIVATION}/lam?che-do=lam-that", "/toi", "/kiem-chung", "/khong-co"),
]
PAPER, NIGHT, LAMP, WHITE, INK = (255, 250, 240), (16, 27, 23), (245, 184, 46), (255, 255, 255), (27, 27, 24)
Colour = tuple[int, int, int]


def drawn(place: Locator | Page) -> Image.Image:
    return Image.open(io.BytesIO(place.screenshot())).convert("RGB")


def share_of(colour: Colour, place: Locator) -> float:
    """The share of the pixels that have this colour, 0.0 to 1.0."""
    picture = drawn(place)
    count = {found: times for times, found in picture.getcolors(picture.width * picture.height)}
    return count.get(colour, 0) / (picture.width * picture.height)


def auto_dark(page: Page) -> None:
    """What Chrome on Android does under "Giao diện tối cho trang web"."""
    page.emulate_media(color_scheme="dark", forced_colors="none")
    page.context.new_cdp_session(page).send("Emulation.setAutoDarkModeOverride", {"enabled": True})


# Auto-dark comes last: it stays switched on.
THEMES: dict[str, Callable[[Page], None]] = {
    "light": lambda page: page.emulate_media(color_scheme="light"),
    "dark": lambda page: page.emulate_media(color_scheme="dark"),
    "forced": lambda page: page.emulate_media(forced_colors="active", color_scheme="light"),
    "forced and dark": lambda page: page.emulate_media(forced_colors="active", color_scheme="dark"),
    "auto-dark": auto_dark,
}


def in_every_theme(page: Page) -> Iterator[str]:
    for name, change in THEMES.items():
        change(page)
        yield name


def start_guided_practice(lan: Learner) -> None:
    lan.open(f"{ACTIVATION}/lam")
    lan.start_practice(lesson(ACTIVATION), "lam-theo")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_seven_to_one_on_every_shape_of_page(new_page, monitor, theme):
    monitor.expected = {404}
    page = new_page(PHONE, color_scheme=theme)
    found = {}
    lan, activation = Learner(page), lesson(ACTIVATION)
    for address in SHAPES:
        lan.open(address)
        found[address] = low_contrasts(page)
    lan.open(f"{ACTIVATION}/hieu")
    lan.answer_wrongly(first_single_choice(activation.understand.graded_questions))
    found["a wrong answer"] = low_contrasts(page)
    start_guided_practice(lan)
    found["a practice"] = low_contrasts(page)
    assert {where: faults for where, faults in found.items() if faults} == {}


def test_chrome_s_auto_dark_leaves_the_page_to_our_dark_theme(new_page):
    page = new_page(PHONE)
    auto_dark(page)
    lan = Learner(page)
    start_guided_practice(lan)
    assert share_of(NIGHT, page.locator("body")) > 0.2
    assert share_of(LAMP, page.locator(".simulation-banner")) > 0.3
    assert share_of(WHITE, page.locator(".simulation-banner")) == 0


def test_a_chosen_answer_is_seen_in_every_theme(new_page):
    page = new_page(PHONE)
    Learner(page).open(f"{ACTIVATION}/hieu")
    options = page.locator(".question__option")
    options.first.locator("input").tap()
    expect(options.first.locator("input")).to_be_checked()
    page.evaluate("document.activeElement.blur()")
    dots = options.locator("input")
    for theme in in_every_theme(page):
        chosen, other = drawn(dots.first).convert("L"), drawn(dots.nth(1)).convert("L")
        assert different_pixels(chosen, other) > 200, theme


def test_qr_codes_are_dark_on_white_in_every_theme(new_page):
    page = new_page(PHONE)
    lan = Learner(page)
    lan.open(f"{ACTIVATION}/hieu")
    lan.answer_wrongly(first_single_choice(lesson(ACTIVATION).understand.graded_questions))
    lan.open("/toi")
    for theme in in_every_theme(page):
        square = page.locator(".qr").first
        assert share_of(WHITE, square) > 0.4, theme
        assert share_of(INK, square) > 0.15, theme


def test_the_band_of_a_practice_is_read_in_every_theme(new_page):
    page = new_page(PHONE)
    start_guided_practice(Learner(page))
    for theme in in_every_theme(page):
        levels = [level for _, level in drawn(page.locator(".simulation-banner")).convert("L").getcolors()]
        assert max(levels) - min(levels) > 150, theme


def different_pixels(one: Image.Image, other: Image.Image) -> int:
    width, height = min(one.width, other.width), min(one.height, other.height)
    pairs = ((one.getpixel((x, y)), other.getpixel((x, y))) for x in range(width) for y in range(height))
    return sum(abs(first - second) > 60 for first, second in pairs)


def test_paper_and_the_wall_stay_light(new_page, desk, wall):
    dark = new_page(PROJECTOR, color_scheme="dark")
    for address in (f"{ACTIVATION}/hieu", f"{ACTIVATION}/lam?che-do=to-buoc"):
        dark.emulate_media(media="print", color_scheme="dark")
        dark.goto(address)
        assert background(dark, "body") == "rgb(255, 255, 255)", address
        assert ink(dark, ".page p") == "rgb(0, 0, 0)", address
    open_class_session(desk)
    pair_projector(desk, wall)
    before = drawn(wall)
    wall.emulate_media(color_scheme="dark")
    assert drawn(wall).tobytes() == before.tobytes()


def background(page: Page, selector: str) -> str:
    return page.locator(selector).first.evaluate("(element) => getComputedStyle(element).backgroundColor")


def ink(page: Page, selector: str) -> str:
    return page.locator(selector).first.evaluate("(element) => getComputedStyle(element).color")


def test_a_learner_chooses_the_dark_theme_and_it_lasts(new_page):
    page = new_page(PHONE)
    page.goto("/vneid")
    button = page.get_by_role("button", name="Nền tối")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.goto(ACTIVATION)
    assert background(page, "body") == f"rgb{NIGHT}"
    page.get_by_role("button", name="Nền tối").tap()
    expect(page.locator("body")).to_have_css("background-color", f"rgb{PAPER}")
    assert page.evaluate("localStorage.getItem('theme')") is None, "what the phone says is no choice of its own"


def test_light_is_a_choice_on_a_dark_phone(new_page):
    page = new_page(PHONE, color_scheme="dark")
    page.goto("/vneid")
    page.get_by_role("button", name="Nền tối").tap()
    page.reload()
    assert background(page, "body") == f"rgb{PAPER}"
    expect(page.get_by_role("button", name="Nền tối")).to_have_attribute("aria-pressed", "false")

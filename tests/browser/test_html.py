"""The pages as served are correct HTML without inline code, and all their pictures exist."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page

from tests.browser import journeys
from tests.browser.conftest import PHONE
from tests.browser.html_checks import InlineCode, html_validate, nu_checker
from tests.browser.learner import Learner
from tests.browser.lessons import all_lessons, first_single_choice, lesson, lesson_path, library
from tests.browser.shared_chromium import SharedChromium
from tests.browser.site_process import Site
from tests.browser.waiting import MAX_RETRIES, wait_until

ACTIVATION = "/vneid/kich-hoat"


@pytest.fixture(scope="module")
def pages(chromium: SharedChromium, site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, str]:
    """Every page, and those of a journey without a script, as their bytes came: the file, and its text."""
    folder = tmp_path_factory.mktemp("pages")
    saved: dict[Path, str] = {}
    context = chromium.new_context(base_url=site.url, java_script_enabled=False, **PHONE)

    def saves(address: str) -> None:
        name = re.sub(r"[^a-z0-9]+", "-", address.removeprefix(site.url).lower())[:60]
        file = folder / f"{len(saved):03}{name}.html"
        file.write_bytes(context.request.get(address, max_retries=MAX_RETRIES).body())
        saved[file] = file.read_text("utf-8")

    for address in addresses_for_everybody():
        saves(address)
    page = context.new_page()
    seen: list[str] = []
    again: list[str] = []

    def once_more(page: Page) -> None:
        """What a browser shows is no longer what came."""
        seen.append(page.url)
        saves(page.url)
        again.append(page.url)

    page.on("load", once_more)
    visit_learner_pages(Learner(page, script=False))
    wait_until(page, lambda: len(again) == len(seen))
    context.close()
    return saved


def addresses_for_everybody() -> list[str]:
    courses = [f"/{course.slug}" for course in library()]
    stages = [lesson_path(each) + part for each in all_lessons() for part in ("", "/hieu", "/lam", "/dung")]
    calendar = ["/lich", "/lich?phuong=an-dong", "/phuong/thanh-an"]
    return ["/", *courses, *stages, *calendar, "/toi", "/kiem-chung", f"/toi/nhan-huy-hieu{ACTIVATION}", "/khong-co"]


def visit_learner_pages(lan: Learner) -> None:
    activation = lesson(ACTIVATION)
    lan.open(f"{ACTIVATION}/hieu")
    lan.answer_wrongly(first_single_choice(activation.understand.graded_questions))
    badge = journeys.complete_lesson(lan, activation, name="Lan <b> & 'Hoa'")
    lan.open(f"{badge.replace('/huy-hieu/', '/kiem-chung?id=')}")
    for address in ("/", "/vneid", ACTIVATION, "/toi", f"/toi/vao/{lan.learning_code()}", "/toi/vao/AAAAAAAAAAAA"):
        lan.open(address)


def test_html_validate_finds_nothing(pages):
    assert html_validate(pages) == ""


def test_the_nu_checker_finds_nothing(pages):
    assert nu_checker(pages) == []


def test_nothing_is_inline(pages):
    inline = {file.name: found for file, text in pages.items() if (found := InlineCode.in_page(text))}
    assert inline == {}


def test_every_icon_is_in_its_sprite(pages, chromium, site):
    wanted = {icon for text in pages.values() for icon in re.findall(r'<use[^>]* href="(/[^"]+)"', text)}
    assert wanted
    sprites: dict[str, set[str]] = {}
    for address in {icon.partition("#")[0] for icon in wanted}:
        context = chromium.new_context(base_url=site.url)
        svg = context.request.get(address, max_retries=MAX_RETRIES).text()
        sprites[address] = {element.get("id") for element in ElementTree.fromstring(svg).iter() if element.get("id")}
        context.close()
    assert [icon for icon in wanted if icon.partition("#")[2] not in sprites[icon.partition("#")[0]]] == []


def test_every_icon_that_a_page_defines_itself_exists(pages):
    for file, text in pages.items():
        wanted = set(re.findall(r'<use[^>]* href="#([^"]+)"', text))
        there = set(re.findall(r'<symbol[^>]* id="([^"]+)"', text))
        assert wanted <= there, file.name


def test_no_facilitators_note_is_sent_to_a_learner(pages):
    notes = [
        sentence
        for each in all_lessons()
        for section in each.understand.sections
        for part in section.parts
        if part.kind == "facilitator"
        for sentence in re.findall(r"<p>([^<]{20,})", part.html)
    ]
    assert notes
    assert [note for note in notes for text in pages.values() if note in text] == []

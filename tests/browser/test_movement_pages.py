"""The pages of the movement with long names and much in them: accessible at all sizes, and reports on one A4."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import staff
from tests.browser.inspection import Inspector
from tests.browser.movement_site import EMPTY_WARD, WARD, FilledMovement, serve_movement
from tests.browser.printed_paper import sheets_of
from tests.browser.site_process import Site


@pytest.fixture(scope="module")
def movement(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, FilledMovement]]:
    with serve_movement(tmp_path_factory.mktemp("movement")) as served:
        yield served


@pytest.fixture(scope="module")
def site(movement: tuple[Site, FilledMovement]) -> Site:
    return movement[0]


@pytest.fixture(scope="module")
def filled(movement: tuple[Site, FilledMovement]) -> FilledMovement:
    return movement[1]


def sign_in(page: Page, site: Site, login: str) -> None:
    staff.sign_in(page, site, staff.find_account(site, login))


def inspect(inspector: Inspector, *addresses: str) -> None:
    for address in addresses:
        inspector.page.goto(address, wait_until="load")
        inspector.inspect_in_both_themes(address)


# What of a report lies outside the sheet's width or is cut off, and its smallest letters (px).
LOOK_AT_REPORT = """() => {
  const report = document.querySelector(".period-report")
  const right = report.getBoundingClientRect().right + 1
  const parts = Array.from(report.querySelectorAll("*")).filter((part) => part.getClientRects().length > 0)
  const isCut = (part) => part.getBoundingClientRect().right > right
    || (getComputedStyle(part).overflowX !== "visible" && part.scrollWidth > part.clientWidth + 1)
  const hasText = (part) => Array.from(part.childNodes).some((node) => node.nodeType === 3 && node.data.trim() !== "")
  return {
    cut: parts.filter(isCut).map((part) => part.textContent),
    smallest: Math.min(...parts.filter(hasText).map((part) => parseFloat(getComputedStyle(part).fontSize))),
  }
}"""
PAPER = {"width": 703, "height": 1032}  # px: an A4 less its margins


def test_a_report_of_any_unit_and_period_is_one_a4_with_the_longest_texts(new_page, site, filled):
    paper = new_page({"viewport": PAPER, "locale": "vi-VN"})
    sign_in(paper, site, filled.administrator)
    paper.emulate_media(media="print")
    found = {}
    for unit, period in itertools.product(
        ("tp", WARD.code, *filled.units.values()), (*filled.periods, filled.closed_period)
    ):
        paper.goto(f"/quan-ly/bao-cao/{unit}/{period.key}", wait_until="load")
        assert paper.locator(".period-report__text").count() > 0
        seen = paper.evaluate(LOOK_AT_REPORT)
        if sheets_of(paper) != 1 or seen["cut"] or seen["smallest"] < 8 * 4 / 3 - 0.01:
            found[paper.locator("h1").text_content(), unit] = (sheets_of(paper), seen)
    assert found == {}


def test_each_poster_of_two_weeks_is_a_sheet_of_its_own_whatever_it_says(new_page, site, filled):
    paper = new_page({"viewport": PAPER, "locale": "vi-VN"})
    sign_in(paper, site, filled.organiser)
    paper.goto("/quan-ly/lich/to-moi", wait_until="load")
    posters = paper.locator(".planned-class").count()
    assert posters == len(filled.planned.keys() - {"cancelled"})
    assert sheets_of(paper) == posters


def test_citizens_read_every_page_of_the_movement(phone, monitor, filled):
    monitor.expected = {404}
    inspector = Inspector(phone)
    ward = f"/phuong/{WARD.slug}"
    calendar = (
        "/lich",
        f"/lich?phuong={WARD.slug}",
        f"/lich?phuong={EMPTY_WARD.slug}",
        "/lich?phuong=An Phu",
        "/lich#chu-15",
    )
    classes = [f"/lich/{planned}" for planned in filled.planned.values()]
    inspect(inspector, *calendar, "/lich?phuong=zzz", *classes, ward, f"/phuong/{EMPTY_WARD.slug}", "/phong-trao")
    assert inspector.found == {}


def test_organisers_read_every_page_of_the_movement(phone, site, filled):
    inspector = Inspector(phone)
    sign_in(phone, site, filled.organiser)
    plans = [f"/quan-ly/lich/{planned}" for planned in filled.planned.values()]
    reports = [f"/quan-ly/bao-cao/{WARD.code}/{period.key}" for period in (filled.periods[-1], filled.closed_period)]
    inspect(
        inspector,
        *("/quan-ly", "/quan-ly/lich", "/quan-ly/lich/moi", "/quan-ly/lich/to-moi", *plans, "/quan-ly/so-lieu"),
        *("/quan-ly/don-vi", "/quan-ly/don-vi/them", *(f"/quan-ly/don-vi/{unit}" for unit in filled.units.values())),
        *("/quan-ly/bao-cao", *reports, *(f"{report}/ghi" for report in reports)),
        f"/quan-ly/bao-cao/{WARD.code}/{filled.periods[0].key}/ghi",
        "/quan-ly/toi",
    )
    assert inspector.found == {}


def test_what_organisers_mistype_is_told_accessibly(phone, site, filled, monitor):
    monitor.expected = {422}
    inspector = Inspector(phone)
    sign_in(phone, site, filled.organiser)
    for address, typed in (
        ("/quan-ly/lich/moi", ""),
        (f"/quan-ly/bao-cao/{WARD.code}/{filled.periods[0].key}/ghi", "0"),
    ):
        phone.goto(address)
        for field in phone.locator("main input[type=text]:visible").all():
            field.fill(typed)
        staff.tap_main_button(phone)
        expect(phone.locator("[role=alert]").first).to_be_visible()
        inspector.inspect_in_both_themes(f"{address}, filled in with '{typed}'")
    phone.goto("/quan-ly/don-vi/them")
    for what, lines in (("wrong", "0912345678\nTrường Tập Thử\nKhu phố 12"), ("similar", "Hoi phu nu")):
        phone.locator("#danh-sach").fill(lines)
        staff.tap_main_button(phone)
        expect(phone.locator("[role=alert]").first).to_be_visible()
        inspector.inspect_in_both_themes(f"{what} lines of a list of units")
    assert inspector.found == {}


def test_an_administrator_of_the_city_reads_its_pages(phone, site, filled):
    inspector = Inspector(phone)
    sign_in(phone, site, filled.administrator)
    city = f"/quan-ly/bao-cao/tp/{filled.periods[-1].key}"
    inspect(inspector, "/quan-ly/lich", "/quan-ly/lich/moi", "/quan-ly/so-lieu", "/quan-ly/bao-cao", city)
    assert inspector.found == {}

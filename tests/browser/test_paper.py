"""Printed sign-in slips: six to a sheet, complete whatever the length of the names."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.lessons import all_lessons
from tests.browser.printed_paper import LONGEST_NAME, MILLIMETRE, sheets_of
from tests.browser.shared_chromium import SharedChromium
from tests.browser.site_process import Site
from tests.browser.staff import add_account, sign_in_as

SLIPS = {"width": round(194 * MILLIMETRE), "height": 1000}  # an A4 less its margins
DUTIES = ("organiser", "facilitator", "helper", "author")

# What of a slip is not whole on it or lies over something else, how large its square is, and its smallest letters (px).
LOOK_AT_SLIPS = """() => [...document.querySelectorAll(".sign-in-slip")].map((slip) => {
  const box = slip.getBoundingClientRect(), parts = [...slip.children]
  const place = (part) => part.getBoundingClientRect()
  const isWhole = (part) => place(part).bottom <= box.bottom && place(part).right <= box.right
    && place(part).left >= box.left && part.scrollWidth <= part.clientWidth
  const isOver = (one, two) => place(one).top < place(two).bottom - 1 && place(two).top < place(one).bottom - 1
    && place(one).left < place(two).right - 1 && place(two).left < place(one).right - 1
  const faulty = parts.filter((part) => !isWhole(part) || parts.some((other) => other !== part && isOver(part, other)))
  const letters = [...slip.querySelectorAll("p, span, strong")].map((one) => parseFloat(getComputedStyle(one).fontSize))
  return {
    faulty: faulty.map((part) => part.textContent),
    square: slip.querySelector(".qr__square").getBoundingClientRect().width,
    smallest: Math.min(...letters),
  }
})"""


# Nothing but the lesson: neither buttons nor the account are on the paper.
LOOK_AT_PLAN = """() => ({
  beside: [...document.querySelectorAll("a, button")]
    .filter((one) => one.getClientRects().length > 0 && !one.closest(".lesson-plan__part"))
    .map((one) => one.textContent),
  smallest: Math.min(...[...document.querySelectorAll(".lesson-plan p, .lesson-plan span, .lesson-plan li")]
    .filter((one) => one.getClientRects().length > 0)
    .map((one) => parseFloat(getComputedStyle(one).fontSize))),
})"""


# As a site with the longest LMS_CONTACT shows it.
ADD_CONTACT = """(contact) => {
  const section = document.createElement("section")
  section.className = "prose"
  section.append(document.createElement("h2"), document.createElement("p"))
  section.firstChild.textContent = "Hỏi ai"
  section.lastChild.textContent = contact
  document.querySelector("main").append(section)
}"""


def test_six_slips_with_the_longest_names_and_all_roles_fit_a_page(site: Site, chromium: SharedChromium):
    context = chromium.new_context(base_url=site.url, viewport=SLIPS, locale="vi-VN", has_touch=True)
    thu = context.new_page()
    sign_in_as(thu, site, LONGEST_NAME, *DUTIES, ward="Tân Sơn Nhất")
    for name in ("Lê Văn Ba", *(f"{LONGEST_NAME[:58]} {number}" for number in range(5))):
        add_account(site, name, *DUTIES, ward="Tân Sơn Nhất")
    thu.goto("/quan-ly/phieu", wait_until="load")
    for box in thu.locator("main input[type=checkbox]").all():
        box.set_checked(True)
    thu.locator("main .button--main").tap()
    expect(thu.locator("h1")).to_have_text("7 phiếu để in")
    thu.wait_for_load_state("load")
    thu.emulate_media(media="print")
    slips = thu.evaluate(LOOK_AT_SLIPS)
    assert [slip["faulty"] for slip in slips] == [[]] * 7
    assert min(slip["square"] for slip in slips) >= 25 * MILLIMETRE
    assert min(slip["smallest"] for slip in slips) >= 12 * 4 / 3 - 0.01
    assert sheets_of(thu) == 2
    context.close()


def test_the_shortest_and_the_longest_lesson_are_read_before_class_on_two_sheets(site: Site, chromium: SharedChromium):
    by_length = sorted(
        all_lessons(), key=lambda lesson: sum(len(repr(section)) for section in lesson.understand.sections)
    )
    context = chromium.new_context(base_url=site.url, locale="vi-VN")
    minh = context.new_page()
    sign_in_as(minh, site, "Minh", "facilitator")
    minh.emulate_media(media="print")
    for lesson in (by_length[0], by_length[-1]):
        minh.goto(f"/dung-lop/bai/{lesson.course}/{lesson.slug}", wait_until="load")
        seen = minh.evaluate(LOOK_AT_PLAN)
        assert seen["beside"] == [], lesson.slug
        assert seen["smallest"] >= 10 * 4 / 3 - 0.01
        assert sheets_of(minh) == 2, lesson.slug
    context.close()


def test_the_privacy_notice_is_one_sheet_in_letters_of_12_points(site: Site, chromium: SharedChromium):
    context = chromium.new_context(base_url=site.url, locale="vi-VN")
    page = context.new_page()
    page.goto("/quyen-rieng-tu", wait_until="load")
    page.evaluate(ADD_CONTACT, "Ủy ban nhân dân phường " * 7)
    page.emulate_media(media="print")
    smallest = page.evaluate("""() => Math.min(...[...document.querySelectorAll("main p, main li, main a")]
      .filter((one) => one.getClientRects().length > 0).map((one) => parseFloat(getComputedStyle(one).fontSize)))""")
    assert smallest >= 12 * 4 / 3 - 0.01
    assert sheets_of(page) == 1
    context.close()

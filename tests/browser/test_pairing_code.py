"""The four digits of a projector, typed on the desk: what is said to wrong ones, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.class_pages import class_code, join_class_session, open_class_session, pair_wall_by_taps
from tests.browser.conftest import PHONE, PROJECTOR

INCOMPLETE = "Gõ đủ bốn chữ số đang hiện trên màn chiếu."
UNKNOWN = "Không có máy chiếu nào đang hiện bốn số ấy. Xem lại số trên màn chiếu rồi gõ lại."


def type_digits(desk: Page, digits: str) -> None:
    desk.locator("#bon-so").fill(digits)
    with desk.expect_navigation():
        desk.get_by_role("button", name="Ghép").click()


def digits_of(wall: Page) -> str:
    return "".join(wall.locator(".wall-pairing__digit").all_inner_texts())


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize("path", ["", "/viec?mo=man-chieu"], ids=["desk", "settings"])
def test_wrong_digits_are_told_at_their_field_and_the_right_ones_are_taken_after_them(
    new_page, facilitator, wall, monitor, path, script
):
    monitor.expected |= {404, 422}
    desk = new_page(PHONE, script=script)
    facilitator(desk, "Minh")
    base = open_class_session(desk)
    if path:
        desk.goto(f"{base}{path}")
    shown = digits_of(wall)
    wrong = f"{(int(shown) + 1) % 10_000:04}"
    for typed, said in (("12", INCOMPLETE), ("lớp", INCOMPLETE), (wrong, UNKNOWN)):
        type_digits(desk, typed)
        field = desk.locator("#bon-so")
        expect(desk.get_by_role("alert")).to_have_text(said)
        expect(desk.get_by_role("alert")).to_be_in_viewport(ratio=1)
        expect(field).to_have_accessible_description(said)
        expect(field).to_be_in_viewport(ratio=1)
        expect(field).to_be_focused()
    assert digits_of(wall) == shown
    pair_wall_by_taps(desk, wall)
    expect(desk.get_by_role("alert")).to_have_count(0)


def test_the_sentence_stays_while_phones_come_in(new_page, desk, monitor):
    monitor.expected.add(422)
    open_class_session(desk)
    type_digits(desk, "12")
    expect(desk.get_by_role("alert")).to_have_text(INCOMPLETE)
    join_class_session(new_page(PHONE), class_code(desk))
    expect(desk.locator("[data-number=machines]").first).to_have_text("1")
    expect(desk.get_by_role("alert")).to_have_text(INCOMPLETE)


def test_digits_that_were_used_on_another_projector_are_told(new_page, desk, wall, monitor):
    """Two projectors wait; the digits of the first one are used up once it shows the class."""
    monitor.expected.add(404)
    base = open_class_session(desk)
    used = digits_of(wall)
    other = new_page(PROJECTOR)
    other.goto("/chieu")
    expect(other.locator(".wall-pairing__digit")).to_have_count(4)
    pair_wall_by_taps(desk, wall)
    desk.goto(f"{base}/viec?mo=man-chieu")
    type_digits(desk, used)
    expect(desk.get_by_role("alert")).to_have_text(UNKNOWN)
    pair_wall_by_taps(desk, other)


def test_a_projector_without_a_script_shows_digits_at_a_tap_and_the_class_after_they_were_typed(new_page, desk):
    wall = new_page(PROJECTOR, script=False)
    wall.goto("/chieu")
    wall.get_by_role("button", name="Hiện bốn số để ghép").click()
    expect(wall.locator(".wall-pairing__digit")).to_have_count(4)
    open_class_session(desk)
    pair_wall_by_taps(desk, wall)

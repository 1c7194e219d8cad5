"""The desk in a real browser: on a phone, on a laptop, without a script, by two at once, and on a bad line."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.classes import (
    PRACTISED,
    code_of,
    goes_on,
    goes_on_to,
    joins,
    opens_class,
    waits_for_another_word,
)
from tests.browser.conftest import PHONE
from tests.browser.duty import comes_in, leads_on, slip_of, user
from tests.browser.inspection import Inspector
from tests.browser.markup import Inline, html_validate, nu_checker
from tests.browser.served import Site
from tests.browser.waiting import PATIENT, RECONNECTS, until

LAPTOP = {"viewport": {"width": 1366, "height": 768}, "has_touch": True, "locale": "vi-VN"}
LESSON = "vneid/ba-loai-ma"


@pytest.fixture
def facilitator(site: Site) -> Callable[[Page, str], None]:
    def come(page: Page, name: str) -> None:
        comes_in(page, slip_of(user(site, "add", "--name", name, "--role", "facilitator", "--ward", "An Đông")))

    return come


def test_every_page_of_the_desk_is_fit_for_a_volunteer_of_seventy(take, facilitator, watcher):
    watcher.expected = {404, 409}  # a seat that there is not; the list of a class that was closed
    phone = take(PHONE)
    inspector = Inspector(phone)
    facilitator(phone, "Minh")
    phone.goto("/dung-lop", wait_until="load")
    inspector.looks_at_page("lessons")
    base = opens_class(phone)
    inspector.looks_at_page("at the door")
    learner = take(PHONE)
    joins(learner, code_of(phone))
    for path in ("/viec", "/giup", "/cho/1", "/dong", "/qr-giup", "/cho/99"):
        phone.goto(base + path, wait_until="load")
        inspector.looks_at_page(path)
    phone.goto(f"{base}/qr-giup")
    leads_on(phone.get_by_role("button", name="Hiện mã"))
    expect(phone.locator(".qr-card")).to_be_visible()
    inspector.looks_at_page("a code for helpers")
    invitation = phone.locator(".long").inner_text()
    helper = take(PHONE)
    looking = Inspector(helper)
    helper.goto(re.search(r"/giup/\S+", invitation)[0])
    looking.looks_at_page("a helper's door")
    helper.get_by_role("button", name="Vào phụ lớp").tap()
    helper.wait_for_url("**/giup")
    looking.looks_at_page("a helper's list")
    phone.goto(base, wait_until="load")
    for words in ("Mở câu hỏi", "Khóa", "Xem đáp án", "Bước tiếp", "Dùng liền", "Đóng lớp"):
        goes_on_to(phone, words)
        inspector.looks(words)
    phone.goto(f"{base}/man/nhap-ma-otp", wait_until="load")
    inspector.looks_at_page("a screen of the row")
    phone.goto(f"{base}/dong")
    phone.get_by_role("button", name="Đóng lớp").tap()
    expect(phone.locator("h1")).to_have_text("Lớp đã đóng")
    inspector.looks_at_page("closed")
    assert inspector.found | looking.found == {}


def test_the_desks_pages_are_correct_html_with_nothing_inline(take, facilitator, tmp_path):
    phone = take(PHONE, script=False)
    facilitator(phone, "Minh")
    base = opens_class(phone)
    learner = take(PHONE)
    joins(learner, code_of(phone))
    saved: dict[Path, str] = {}

    def saves(address: str) -> None:
        file = tmp_path / f"{len(saved):02}.html"
        file.write_bytes(phone.request.get(address, max_retries=RECONNECTS).body())
        saved[file] = file.read_text("utf-8")

    for path in ("/viec?mo=cach-tap", "/giup", "/cho/1", "/man/nhap-ma-otp", "/dong", "/qr-giup"):
        saves(base + path)
    saves("/dung-lop")
    for words in ("Mở câu hỏi", "Khóa", "Xem đáp án", "Bước tiếp", "Dùng liền", "Đóng lớp"):
        goes_on_to(phone, words)
        saves(base)
        if words == "Khóa":
            saves(f"{base}/dem-tay")
    assert html_validate(saved) == ""
    assert nu_checker(saved) == []
    assert {file.name: found for file, text in saved.items() if (found := Inline.in_page(text))} == {}


def test_keys_and_a_clicker_steer_from_the_laptop(take, facilitator):
    laptop = take(LAPTOP)
    facilitator(laptop, "Minh")
    opens_class(laptop, LESSON)
    label = laptop.locator(".desk__label")
    for key in ("Space", "ArrowRight", "PageDown"):
        waits_for_another_word(laptop, partial(laptop.keyboard.press, key))
    asked = label.inner_text()
    laptop.keyboard.press("PageUp")
    expect(label).not_to_have_text(asked)
    laptop.keyboard.press("b")
    expect(laptop.locator(".seen")).to_contain_text("Các máy đang dừng")
    laptop.keyboard.press("b")
    expect(laptop.locator(".seen")).not_to_contain_text("Các máy đang dừng")


def test_the_big_button_keeps_the_focus_whatever_comes_to_stand_beside_it(take, facilitator):
    laptop = take(LAPTOP)
    facilitator(laptop, "Minh")
    opens_class(laptop)
    goes_on(laptop)  # "Lùi" comes to the bar with this step
    expect(laptop.locator("[data-on]")).to_be_focused()
    goes_on_to(laptop, "Bước tiếp")
    expect(laptop.locator("h1")).to_have_text("Phòng đang thấy: bước 1 trong 24")
    expect(laptop.locator("[data-on]")).to_contain_text("bước 2 trong 24")
    laptop.get_by_role("button", name="Thôi làm mẫu").click()  # and is gone itself
    expect(laptop.locator("[data-on]")).to_contain_text("Dùng liền")
    expect(laptop.locator("[data-on]")).to_be_focused()
    laptop.keyboard.press("b")
    expect(laptop.locator("[data-on]")).to_contain_text("Mở lại các máy")
    laptop.keyboard.press("b")
    expect(laptop.locator("[data-on]")).to_contain_text("Dùng liền")


def test_the_button_that_opens_a_class_invites_once_a_lesson_is_chosen(take, facilitator):
    phone = take(PHONE)
    facilitator(phone, "Minh")
    phone.goto("/dung-lop", wait_until="load")
    button = phone.get_by_role("button", name="Mở lớp")
    before = button.evaluate("one => getComputedStyle(one).backgroundColor")
    phone.locator(f"label:has(input[value='{LESSON}'])").click()
    expect(button).not_to_have_css("background-color", before)
    expect(button).not_to_contain_text("Chọn bài trước")


def test_no_key_steers_while_somebody_types(take, facilitator):
    laptop = take(LAPTOP)
    facilitator(laptop, "Minh")
    opens_class(laptop)
    before = laptop.locator("[data-on]").inner_text()
    laptop.locator("#bon-so").click()
    for key in ("1", "Space", "ArrowLeft", "PageDown", "2", "."):
        laptop.keyboard.press(key)
    expect(laptop.locator("[aria-busy=true]")).to_have_count(0)  # as long as a command is on its way
    expect(laptop.locator("[data-on]")).to_have_text(before)
    assert laptop.locator("#bon-so").input_value()


def test_the_wall_opens_paired_and_its_keys_reach_the_desk(take, facilitator):
    laptop = take(LAPTOP)
    facilitator(laptop, "Minh")
    opens_class(laptop)
    with laptop.expect_popup() as opened:
        laptop.get_by_role("button", name="Chiếu bằng máy này").click()
    wall = opened.value
    code = code_of(laptop)
    expect(wall.locator("body")).to_contain_text(f"{code[:3]} {code[3:]}")
    wall.wait_for_load_state("load")  # its script is there
    before = laptop.locator("[data-on]").inner_text()
    wall.bring_to_front()
    wall.keyboard.press("PageDown")
    expect(laptop.locator("[data-on]")).not_to_have_text(before)


def test_on_a_laptop_the_lamps_colour_is_on_the_wall_first_and_then_on_going_on(take, facilitator):
    laptop = take(LAPTOP)
    facilitator(laptop, "Minh")
    opens_class(laptop)
    wall, on = laptop.get_by_role("button", name="Chiếu bằng máy này"), laptop.locator("[data-on]")
    lamp, card = "rgb(245, 184, 46)", "rgb(255, 255, 255)"
    expect(wall).to_have_css("background-color", lamp)
    expect(on).to_have_css("background-color", card)
    with laptop.expect_popup():
        wall.click()
    expect(on).to_have_css("background-color", lamp)
    expect(wall).to_have_count(0)


def test_the_wall_of_a_second_class_takes_the_place_of_the_first_ones_whole(take, facilitator):
    laptop = take(LAPTOP)
    facilitator(laptop, "Minh")

    def shows_itself(lesson: str) -> tuple[str, Page]:
        base = opens_class(laptop, lesson)
        with laptop.expect_popup() as opened:
            laptop.get_by_role("button", name="Chiếu bằng máy này").click()
        expect(opened.value.locator("[data-wall]")).to_have_attribute("data-wall", base[-32:])
        return base, opened.value

    (first, old_wall), (second, _) = shows_itself(PRACTISED), shows_itself(LESSON)
    code = code_of(laptop)
    laptop.goto(first)
    goes_on(laptop)  # the class that is on no wall any more
    expect(old_wall.locator("[data-wall]")).to_have_attribute("data-wall", second[-32:])
    expect(old_wall.locator(".join__code")).to_have_text(f"{code[:3]} {code[3:]}")


def test_two_volunteers_who_tap_at_once_move_one_step(take, facilitator):
    minh, hoa = take(PHONE), take(PHONE)
    facilitator(minh, "Minh")
    base = opens_class(minh, LESSON)
    facilitator(hoa, "Hoa")
    hoa.goto(base)
    leads_on(hoa.get_by_role("button", name="Đứng cùng lớp này"))
    hoa.route("**/lop/dong**", lambda route: route.abort())  # she has not heard of his step yet
    hoa.reload()
    expect(hoa.locator("[data-on]")).to_be_visible()
    after = goes_on(minh)
    hoa.locator("[data-on]").tap()
    expect(hoa.locator("[data-on]")).to_have_text(after)
    minh.reload()
    expect(minh.locator("[data-on]")).to_have_text(after)


def test_a_step_by_a_colleague_is_seen_and_a_tap_meant_for_the_old_word_is_let_go(take, facilitator):
    minh, hoa = take(PHONE), take(PHONE)
    facilitator(minh, "Minh")
    base = opens_class(minh, LESSON)
    facilitator(hoa, "Hoa")
    hoa.goto(base)
    leads_on(hoa.get_by_role("button", name="Đứng cùng lớp này"))
    before = hoa.locator("[data-on]").inner_text()
    after = goes_on(minh)
    expect(hoa.locator("[data-on]")).not_to_have_text(before)
    expect(hoa.locator("[data-on]")).to_have_text(after)


def test_a_page_asked_for_before_a_command_is_not_drawn_after_it(take, facilitator):
    minh, hoa = take(PHONE), take(PHONE)
    hoa.add_init_script(PATIENT)
    facilitator(minh, "Minh")
    base = opens_class(minh, LESSON)
    goes_on(minh)
    facilitator(hoa, "Hoa")
    hoa.goto(base)
    leads_on(hoa.get_by_role("button", name="Đứng cùng lớp này"))
    expect(hoa.locator("[data-line-words]")).to_have_text("Mạng tốt")
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.method != "GET" or route.request.resource_type != "fetch":
            route.continue_()
        else:
            held.append((route, route.fetch()))

    hoa.route(base, hold)
    with hoa.expect_request(lambda request: request.url == base and request.resource_type == "fetch"):
        minh.get_by_role("button", name="Mời nhìn lên").tap()
    until(hoa, lambda: held)  # the page of before is there, and only then goes the class on
    after = goes_on(hoa)
    route, old = held[0]
    route.fulfill(response=old)
    until(hoa, lambda: len(held) > 1)  # the old page was read, and another one is asked for, which is held, too
    expect(hoa.locator("[data-on]")).to_have_text(after)
    expect(hoa.locator(".seen")).not_to_contain_text("Các máy đang dừng")


def test_a_command_given_on_a_dead_line_arrives_once_it_is_back(take, facilitator, watcher):
    phone = take(PHONE)
    facilitator(phone, "Minh")
    opens_class(phone, LESSON)
    before = phone.locator("[data-on]").inner_text()
    phone.context.set_offline(True)
    phone.locator("[data-on]").tap()
    expect(phone.locator("[data-line-words]")).to_have_text("Mạng yếu, vẫn giữ bài")
    expect(phone.locator(".dock")).to_contain_text("Đang chờ mạng")  # beside the button, which stays in sight
    expect(phone.locator("[data-on]")).to_have_text(before)
    phone.context.set_offline(False)
    expect(phone.locator("[data-on]")).not_to_have_text(before)
    expect(phone.locator(".dock")).not_to_contain_text("Đang chờ mạng")
    expect(phone.locator("[data-line-words]")).to_have_text("Mạng tốt")


def test_what_was_done_is_said_once_and_on_no_later_page(take, facilitator):
    phone = take(PHONE)
    facilitator(phone, "Minh")
    base = opens_class(phone, LESSON)
    phone.goto(f"{base}?da=tay", wait_until="load")
    expect(phone.locator(".seen")).to_be_visible()
    expect(phone.get_by_text("Đã ghi số tay.")).to_be_visible()
    goes_on(phone)
    expect(phone.get_by_text("Đã ghi số tay.")).to_have_count(0)
    phone.reload()
    expect(phone.locator("[data-on]")).to_be_visible()
    expect(phone.get_by_text("Đã ghi số tay.")).to_have_count(0)


def test_without_a_script_everything_goes_by_forms(take, facilitator):
    phone = take(PHONE, script=False)
    facilitator(phone, "Minh")
    base = opens_class(phone, LESSON)
    before = phone.locator("[data-on]").inner_text()
    phone.locator("[data-on]").tap()
    expect(phone.locator("[data-on]")).not_to_have_text(before)
    assert phone.url == base
    phone.get_by_role("button", name="Lùi").tap()
    expect(phone.locator("[data-on]")).to_have_text(before)


def test_the_list_of_who_needs_help_moves_nothing_under_a_finger(take, facilitator):
    phone, first, second = take(PHONE), take(PHONE), take(PHONE)
    facilitator(phone, "Minh")
    base = opens_class(phone)
    code = code_of(phone)
    joins(first, code)
    joins(second, code)
    phone.goto(f"{base}/giup")
    expect(phone.locator("h1")).to_have_text("Chưa ai cần giúp")
    raises_hand(second)
    expect(phone.locator("[data-seat='2']")).to_be_visible()
    place = phone.locator("[data-seat='2'] .person__come").bounding_box()
    phone.locator("h1").tap()
    raises_hand(first)
    expect(phone.locator("[data-seat='1']")).to_be_visible()
    expect(phone.locator("h1")).to_have_text("2 người cần giúp")
    assert phone.locator("[data-seat='2'] .person__come").bounding_box() == place
    phone.locator("[data-sort]").tap()
    phone.locator("[data-seat='2'] .person__come").tap()
    expect(phone.locator("[data-seat='2']")).to_contain_text("Minh đang giúp")
    expect(phone.locator("[data-sort]")).to_have_text("Xếp lại danh sách")  # nobody is new
    phone.locator("[data-seat='2']").get_by_role("button", name="Xong rồi").tap()
    expect(phone.locator("[data-seat='2']")).to_contain_text("Đã ổn")
    expect(phone.locator("h1")).to_have_text("1 người cần giúp")


def test_the_word_of_the_line_pushes_nothing_down_when_it_comes(take, facilitator):
    phone, held = take(PHONE), []
    facilitator(phone, "Minh")
    base = opens_class(phone)
    phone.route("**/lop/dong**", lambda route: route.continue_() if held else held.append(route))
    phone.goto(f"{base}/giup", wait_until="load")
    place = phone.locator("main.desk").bounding_box()
    until(phone, lambda: held)
    held[0].continue_()
    expect(phone.locator("[data-line-words]")).to_be_visible()
    expect(phone.locator("[data-line-words]")).to_have_text("Mạng tốt")
    assert phone.locator("main.desk").bounding_box() == place


def test_a_list_asked_for_before_somebody_went_is_not_drawn_after_it(take, facilitator):
    phone, learner = take(PHONE), take(PHONE)
    phone.add_init_script(PATIENT)
    facilitator(phone, "Minh")
    base = opens_class(phone)
    joins(learner, code_of(phone))
    raises_hand(learner)
    phone.goto(f"{base}/giup")
    going = phone.locator("[data-seat='1'] .person__come")
    expect(going).to_be_visible()
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.method == "GET":
            held.append((route, route.fetch()))
        else:
            route.continue_()

    phone.route(f"{base}/giup", hold)
    phone.locator("[data-sort]").tap()
    until(phone, lambda: held)
    going.tap()
    expect(phone.locator("[data-seat='1']")).to_contain_text("Minh đang giúp")
    until(phone, lambda: len(held) > 1)  # the class has told of it
    route, old = held[0]
    route.fulfill(response=old)
    until(phone, lambda: len(held) > 2)  # the old list was read, and another one is asked for, which is held, too
    expect(phone.locator("[data-seat='1']")).to_contain_text("Minh đang giúp")


def raises_hand(page: Page) -> None:
    page.get_by_role("button", name=re.compile("giơ tay", re.IGNORECASE)).click()

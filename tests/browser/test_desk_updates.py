"""What comes to an open desk: steps of a colleague, late answers, a lost connection, changes of the help list."""

from __future__ import annotations

from playwright.sync_api import APIResponse, Route, expect

from tests.browser.class_pages import class_code, join_class_session, open_class_session, press_next_step, raise_hand
from tests.browser.conftest import PHONE
from tests.browser.staff import tap_and_wait_for_page
from tests.browser.waiting import NEVER_ABORT, wait_until

LESSON = "vneid/ba-loai-ma"


def test_two_facilitators_who_tap_at_once_move_one_step(new_page, facilitator):
    minh, hoa = new_page(PHONE), new_page(PHONE)
    facilitator(minh, "Minh")
    base = open_class_session(minh, LESSON)
    facilitator(hoa, "Hoa")
    hoa.goto(base)
    tap_and_wait_for_page(hoa.get_by_role("button", name="Đứng cùng lớp này"))
    hoa.route("**/lop/dong**", lambda route: route.abort())  # the page does not know the other step yet
    hoa.reload()
    expect(hoa.locator("[data-next-step]")).to_be_visible()
    after = press_next_step(minh)
    hoa.locator("[data-next-step]").tap()
    expect(hoa.locator("[data-next-step]")).to_have_text(after)
    minh.reload()
    expect(minh.locator("[data-next-step]")).to_have_text(after)


# The finger was on its way already.
TAP_AS_SOON_AS_THE_LABEL_CHANGES = """() => {
  const button = () => document.querySelector("[data-next-step]")
  const before = button().textContent
  const observer = new MutationObserver(() => {
    if (button().textContent === before) return
    observer.disconnect()
    button().click()
    document.documentElement.dataset.tapped = "true"
  })
  observer.observe(document.body, { childList: true, subtree: true, characterData: true })
}"""


def test_a_tap_meant_for_the_previous_label_is_ignored_after_a_colleagues_step(new_page, facilitator):
    minh, hoa = new_page(PHONE), new_page(PHONE)
    facilitator(minh, "Minh")
    base = open_class_session(minh, LESSON)
    facilitator(hoa, "Hoa")
    hoa.goto(base)
    tap_and_wait_for_page(hoa.get_by_role("button", name="Đứng cùng lớp này"))
    posts: list[str] = []
    hoa.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    hoa.evaluate(TAP_AS_SOON_AS_THE_LABEL_CHANGES)
    after = press_next_step(minh)
    expect(hoa.locator("html[data-tapped]")).to_be_attached()
    hoa.evaluate("fetch('/healthz').then((response) => response.status)")  # comes after a post of that tap
    assert posts == []
    expect(hoa.locator("[data-next-step]")).to_have_text(after)


def test_a_panel_requested_before_a_command_is_not_rendered_after_it(new_page, facilitator):
    minh, hoa = new_page(PHONE), new_page(PHONE)
    hoa.add_init_script(NEVER_ABORT)
    facilitator(minh, "Minh")
    base = open_class_session(minh, LESSON)
    press_next_step(minh)
    facilitator(hoa, "Hoa")
    hoa.goto(base)
    tap_and_wait_for_page(hoa.get_by_role("button", name="Đứng cùng lớp này"))
    expect(hoa.locator("[data-connection-text]")).to_have_text("Mạng tốt")
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.method != "GET" or route.request.resource_type != "fetch":
            route.continue_()
        else:
            held.append((route, route.fetch()))

    hoa.route(base, hold)
    with hoa.expect_request(lambda request: request.url == base and request.resource_type == "fetch"):
        minh.get_by_role("button", name="Mời nhìn lên").tap()
    wait_until(hoa, lambda: held)  # the old panel is requested before the class goes on
    after = press_next_step(hoa)
    route, old = held[0]
    route.fulfill(response=old)
    wait_until(hoa, lambda: len(held) > 1)  # the old panel was received, and the next request is delayed, too
    expect(hoa.locator("[data-next-step]")).to_have_text(after)
    expect(hoa.locator(".desk-preview")).not_to_contain_text("Các máy đang dừng")


def test_a_command_given_while_offline_is_sent_once_online(new_page, facilitator, monitor):
    phone = new_page(PHONE)
    facilitator(phone, "Minh")
    open_class_session(phone, LESSON)
    before = phone.locator("[data-next-step]").inner_text()
    phone.context.set_offline(True)
    phone.locator("[data-next-step]").tap()
    expect(phone.locator("[data-connection-text]")).to_have_text("Mạng yếu, vẫn giữ bài")
    expect(phone.locator(".desk-dock")).to_contain_text("Đang chờ mạng")  # beside the button, which stays in sight
    expect(phone.locator("[data-next-step]")).to_have_text(before)
    phone.context.set_offline(False)
    expect(phone.locator("[data-next-step]")).not_to_have_text(before)
    expect(phone.locator(".desk-dock")).not_to_contain_text("Đang chờ mạng")
    expect(phone.locator("[data-connection-text]")).to_have_text("Mạng tốt")


def test_updates_of_the_help_list_do_not_move_its_rows_under_a_finger(new_page, facilitator):
    phone, first, second = new_page(PHONE), new_page(PHONE), new_page(PHONE)
    facilitator(phone, "Minh")
    base = open_class_session(phone)
    code = class_code(phone)
    join_class_session(first, code)
    join_class_session(second, code)
    phone.goto(f"{base}/giup")
    expect(phone.locator("h1")).to_have_text("Chưa ai cần giúp")
    raise_hand(second)
    expect(phone.locator("[data-seat='2']")).to_be_visible()
    place = phone.locator("[data-seat='2'] .desk-person__come").bounding_box()
    phone.locator("h1").tap()
    raise_hand(first)
    expect(phone.locator("[data-seat='1']")).to_be_visible()
    expect(phone.locator("h1")).to_have_text("2 người cần giúp")
    assert phone.locator("[data-seat='2'] .desk-person__come").bounding_box() == place
    phone.locator("[data-sort]").tap()
    phone.locator("[data-seat='2'] .desk-person__come").tap()
    expect(phone.locator("[data-seat='2']")).to_contain_text("Minh đang giúp")
    expect(phone.locator("[data-sort]")).to_have_text("Xếp lại danh sách")  # no new entry
    phone.locator("[data-seat='2']").get_by_role("button", name="Xong rồi").tap()
    expect(phone.locator("[data-seat='2']")).to_contain_text("Đã ổn")
    expect(phone.locator("h1")).to_have_text("1 người cần giúp")


def test_the_connection_message_causes_no_layout_shift(new_page, facilitator):
    phone, held = new_page(PHONE), []
    facilitator(phone, "Minh")
    base = open_class_session(phone)
    phone.route("**/lop/dong**", lambda route: route.continue_() if held else held.append(route))
    phone.goto(f"{base}/giup", wait_until="load")
    place = phone.locator("main.desk").bounding_box()
    wait_until(phone, lambda: held)
    held[0].continue_()
    expect(phone.locator("[data-connection-text]")).to_be_visible()
    expect(phone.locator("[data-connection-text]")).to_have_text("Mạng tốt")
    assert phone.locator("main.desk").bounding_box() == place


def test_a_help_list_requested_before_a_change_is_not_rendered_after_it(new_page, facilitator):
    phone, learner = new_page(PHONE), new_page(PHONE)
    phone.add_init_script(NEVER_ABORT)
    facilitator(phone, "Minh")
    base = open_class_session(phone)
    join_class_session(learner, class_code(phone))
    raise_hand(learner)
    phone.goto(f"{base}/giup")
    going = phone.locator("[data-seat='1'] .desk-person__come")
    expect(going).to_be_visible()
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.method == "GET":
            held.append((route, route.fetch()))
        else:
            route.continue_()

    phone.route(f"{base}/giup", hold)
    phone.locator("[data-sort]").tap()
    wait_until(phone, lambda: held)
    going.tap()
    expect(phone.locator("[data-seat='1']")).to_contain_text("Minh đang giúp")
    wait_until(phone, lambda: len(held) > 1)  # the stream has announced it
    route, old = held[0]
    route.fulfill(response=old)
    wait_until(phone, lambda: len(held) > 2)  # the old list was received, and the next request is delayed, too
    expect(phone.locator("[data-seat='1']")).to_contain_text("Minh đang giúp")

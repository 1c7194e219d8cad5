"""A practice in a browser: every role and kind of screen, lost connections, crashed tabs, and what is sent."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.every_screen_page import (
    EXPECTED_STEPS,
    MESSAGE_DELAY_MS,
    EveryScreenPage,
    saved_events_response,
)
from tests.browser.site_process import Site
from tests.web.every_screen import LESSON

EVERYTHING_STORED = """() => JSON.stringify(
  [Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])"""
SMALLEST_TARGET = 48
SMALL_THINGS = """(smallest) => Array.from(document.querySelectorAll('.phone button, .phone select, .phone input'))
  .filter((thing) => thing.offsetParent && !thing.classList.contains('visually-hidden'))
  .map((thing) => [thing.textContent.trim() || thing.tagName, thing.closest('label') || thing])
  .map(([words, target]) => [words, target.getBoundingClientRect()])
  .filter(([, box]) => box.height < smallest || box.width < smallest).map(([words]) => words)"""
SEND_AGAIN = """([url, body]) => fetch(url, {method: 'POST', body, headers: {'Content-Type': 'application/json'}})
  .then((response) => response.json())"""


@pytest.fixture(scope="module")
def site(every_screen_site: Site) -> Site:
    return every_screen_site


@pytest.fixture
def lan(phone: Page) -> EveryScreenPage:
    return EveryScreenPage(phone)


# --- the whole way ---


def test_a_practice_with_every_kind_and_role_earns_the_mark(lan):
    lan.start_by_taps()
    lan.go_to("hoan-thanh")
    lan.page.locator("[data-finish]").click()
    expect(lan.page.locator("h1")).to_have_text("9 trong 9 màn hình tự làm đúng")
    expect(lan.page.locator("main")).to_contain_text("Bác có dấu làm được, bài Mọi thứ")


def test_guided_mode_points_at_each_widget_until_the_end(lan):
    lan.pause_clock()
    lan.start("lam-theo")
    for screen in list(EXPECTED_STEPS)[:-1]:
        lan.expect_screen(screen)
        if screen == "dang-tai":
            expect(lan.note).to_have_text("Bác đợi một chút.")
        else:
            expect(lan.page.locator(".phone .pointed")).to_have_count(1)
            # Where the task says the same it is only said to who cannot see the hand.
            expect(lan.page.locator("[data-live=polite]")).to_contain_text("Bác ")
        EXPECTED_STEPS[screen](lan)
    lan.expect_screen("hoan-thanh")


def test_the_hand_moves_on_when_a_field_is_right(lan):
    lan.start("lam-theo", at="nhap-thong-tin")
    for place, value in ((0, "099060000123"), (1, "0100000777"), (2, "Nguyễn Văn Tập")):
        expect(lan.page.locator(".pointed").locator("[data-widget]")).to_have_attribute("data-widget", str(place))
        lan.widget(place).press_sequentially(value)
    expect(lan.page.locator(".pointed").locator("[data-widget]")).to_have_attribute("data-widget", "3")


def test_a_scan_can_be_held(lan):
    lan.start(at="quet-ma")
    box = lan.page.locator("[data-hold]").bounding_box()
    lan.page.locator("[data-hold]").dispatch_event("pointerdown")
    assert box["height"] >= SMALLEST_TARGET
    lan.expect_screen("dat-mat-khau")


def test_a_trap_is_announced_at_once_and_leads_back(lan):
    lan.pause_clock()  # what is announced is taken away once it was heard
    lan.start()
    lan.tap("Quảng cáo: nhận quà ngay")
    lan.expect_screen("trang-gia")
    expect(lan.page.locator("[role=alert]")).to_contain_text("Đừng chạm vào quảng cáo nhận quà.")
    expect(lan.note).to_contain_text("Đừng chạm vào quảng cáo nhận quà.")
    lan.page.locator(".phone-astray__title").click()
    expect(lan.note).to_contain_text("Đừng chạm vào quảng cáo nhận quà.")
    lan.tap("Về màn hình chính")
    lan.expect_screen("man-hinh-chinh")
    expect(lan.page.locator("[data-feedback]:visible")).to_have_count(0)


def test_an_arriving_message_moves_nothing(lan):
    lan.start_with_paused_clock_on("nhap-ma-otp")
    before = lan.widget(3).bounding_box()
    expect(lan.page.locator(".sms__text")).to_be_hidden()
    lan.page.clock.run_for(MESSAGE_DELAY_MS)
    expect(lan.page.locator(".sms__text")).to_be_visible()
    assert lan.widget(3).bounding_box() == before
    expect(lan.page.locator("[role=status]")).to_contain_text("Mã OTP của bác là")
    code = lan.code_from_message()
    lan.go_to("co-cuoc-goi-den", start="nhap-ma-otp")
    lan.page.locator(".sms-drawer summary").click()
    expect(lan.page.locator(".sms-drawer__message:visible")).to_contain_text(code)


def test_two_wrong_submits_highlight_help_which_gets_stronger(lan):
    lan.pause_clock()  # to stand still offers help, too
    lan.start(at="nhap-thong-tin")
    lan.tap("Gửi yêu cầu")
    expect(lan.note).to_have_text("Ô “Số định danh cá nhân” còn trống. Bác gõ vào đó nhé.")
    expect(lan.page.locator(".button--offered:visible")).to_have_count(0)
    lan.widget(0).fill("099060000123")
    lan.tap("Gửi yêu cầu")
    expect(lan.page.locator(".button--offered:visible")).to_have_text("Gợi ý")
    expect(lan.widget(1)).to_have_attribute("aria-invalid", "true")
    for words in ("Gợi ý", "Chỉ chỗ cần chạm", "Làm giúp bước này"):
        lan.page.get_by_role("button", name=words, exact=True).click()
    lan.expect_screen("nhap-ma-otp")


def test_a_number_is_grouped_as_on_the_card_and_a_slip_is_told(lan):
    lan.start(at="nhap-thong-tin")
    field = lan.widget(0)
    field.press_sequentially("09906000012")
    expect(field).to_have_value("099 060 000 12")
    lan.tap("Gửi yêu cầu")
    expect(lan.note).to_contain_text("Mới có 11 số, ở đây cần 12 số. Chưa đúng. Bác so lại 12 chữ số")
    expect(lan.page.locator("[data-live=polite]")).to_contain_text("Mới có 11 số")
    field.press("End")
    field.press_sequentially("3")
    expect(field).to_have_value("099 060 000 123")
    lan.tap("Gửi yêu cầu")
    expect(lan.note).to_have_text("Ô “Số điện thoại” còn trống. Bác gõ vào đó nhé.")


def test_inactivity_highlights_help(lan):
    lan.pause_clock()
    lan.start()
    expect(lan.page.locator(".button--offered:visible")).to_have_count(0)
    lan.page.clock.run_for(26_000)
    expect(lan.page.locator(".button--offered:visible")).to_have_text("Gợi ý")


def test_a_tap_outside_widgets_is_no_mistake(lan):
    lan.page.set_viewport_size({"width": 360, "height": 900})
    lan.start()
    before = lan.page.locator(".phone").bounding_box()
    lan.page.locator(".home__title").click()
    expect(lan.note).to_contain_text("không phải nút")
    expect(lan.note).to_be_in_viewport(ratio=1)
    assert lan.page.locator(".phone").bounding_box() == before  # below the phone is room for it: nothing moves
    lan.go_to("hoan-thanh")
    lan.page.locator("[data-finish]").click()
    expect(lan.page.locator("h1")).to_have_text("9 trong 9 màn hình tự làm đúng")


def test_a_double_tap_counts_once(lan):
    lan.start(at="hoi-lai")
    lan.page.locator("form.phone").get_by_role("button", name="Đồng ý").dblclick(no_wait_after=True)
    lan.expect_screen("nhap-thong-tin")
    expect(lan.page.locator("[data-feedback]:visible")).to_have_count(0)


# --- what is read aloud, and how it is reached ---


def test_each_new_screen_moves_the_focus_to_its_task(lan):
    lan.start()
    lan.tap("Kho ứng dụng")
    lan.expect_screen("trang-kho")
    expect(lan.page.locator("h1")).to_be_focused()
    assert lan.page.evaluate("window.scrollY") == 0
    expect(lan.page.locator("[data-place]").first).to_have_text("bài 1, màn 2")


def test_a_password_is_masked_without_a_password_field(lan):
    lan.start(at="dat-mat-khau")
    secret = lan.widget(2)
    expect(secret).to_have_attribute("type", "text")
    cover = "(field) => getComputedStyle(field).webkitTextSecurity"
    assert secret.evaluate(cover) == "disc"
    eye = lan.page.locator("[data-eye]")
    expect(eye).to_contain_text("Hiện")
    eye.click()
    assert secret.evaluate(cover) == "none"
    expect(eye).to_contain_text("Ẩn")
    eye.click()
    assert secret.evaluate(cover) == "disc"
    expect(eye).to_contain_text("Hiện")


def test_no_field_has_a_name_or_autocomplete(lan):
    for screen in ("nhap-thong-tin", "nhap-ma-otp", "dat-mat-khau"):
        lan.start(at=screen)
        for field in lan.page.locator("form.phone input, form.phone select").all():
            assert field.get_attribute("name") is None
            assert field.get_attribute("type") != "password"
            assert field.get_attribute("autocomplete") == "off" or field.get_attribute("type") == "checkbox"


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_large_text_on_a_narrow_phone_never_scrolls_sideways(new_page, script):
    page = new_page({**PHONE, "viewport": {"width": 320, "height": 640}}, script=script)
    page.goto(f"{LESSON}/lam")
    page.locator("button[value=tu-lam]").click()
    page.wait_for_url("**/toi/luot/*")
    page.locator(".practice-help__task summary").click()
    for _ in range(11):
        page.wait_for_load_state()  # half a page has buttons without their words
        page.locator("html").evaluate("(root) => { root.style.fontSize = '200%' }")
        root = "(root) => [root.scrollWidth, root.clientWidth]"
        wide, there = page.locator("html").evaluate(root)
        assert wide <= there, page.locator("form.phone").get_attribute("data-screen")
        assert page.evaluate(SMALL_THINGS, SMALLEST_TARGET) == []
        go_to_next_screen(page, script=script)


def go_to_next_screen(page: Page, *, script: bool) -> None:
    """Up the ladder of help to "do", or wait where the screen moves on by itself."""
    before = page.locator("form.phone").get_attribute("data-screen")
    if page.locator(".phone--end").count():
        return
    while page.locator("form.phone").get_attribute("data-screen") == before:
        onward = page.locator("[data-help]:visible, button[name=wait]")
        if not onward.count():
            expect(page.locator("form.phone")).not_to_have_attribute("data-screen", before)
        elif script:
            onward.click()
        else:
            with page.expect_navigation():  # each press is a form's
                onward.click()


def test_a_wide_screen_shows_the_phone_beside_the_text(new_page):
    lan = EveryScreenPage(new_page(PROJECTOR))
    lan.start()
    coach, drawn = lan.page.locator(".coach").bounding_box(), lan.page.locator("form.phone").bounding_box()
    assert coach["x"] + coach["width"] < drawn["x"]


# --- networks that go, tabs that die ---


def test_a_reload_resumes_the_attempt(lan):
    lan.page.route("**/su-kien", lambda route: route.abort())  # nothing of it has reached the server
    lan.start()
    lan.go_to("nhap-thong-tin")
    lan.widget(0).fill("099060000123")
    lan.widget(1).fill("0100000777")
    lan.page.reload()
    lan.expect_screen("nhap-thong-tin")
    lan.page.unroute("**/su-kien")
    expect(lan.widget(0)).to_have_value("099060000123")
    lan.go_to("hoan-thanh", start="nhap-thong-tin")
    lan.page.locator("[data-finish]").click()
    expect(lan.page.locator("h1")).to_have_text("9 trong 9 màn hình tự làm đúng")


def test_a_tab_killed_after_every_screen_loses_nothing(lan):
    """The server is kept from hearing anything: what is there comes from the browser alone."""
    context, address = lan.page.context, lan.start()
    context.route("**/su-kien", lambda route: route.abort())
    for screen in list(EXPECTED_STEPS)[:-1]:
        lan.expect_screen(screen)
        EXPECTED_STEPS[screen](lan)
        expect(lan.page.locator(f"form.phone[data-screen='{screen}']")).to_have_count(0)
        # A page that is closed without its handlers is as good as killed.
        killed, lan.page = lan.page, context.new_page()
        killed.close(run_before_unload=False)
        lan.page.goto(address)
    lan.expect_screen("hoan-thanh")
    context.unroute("**/su-kien")
    lan.page.locator("[data-finish]").click()
    expect(lan.page.locator("h1")).to_have_text("9 trong 9 màn hình tự làm đúng")


def test_an_attempt_can_be_completed_offline(lan):
    lan.start()
    lan.go_to("trang-kho")
    lan.page.context.set_offline(True)
    lan.go_to("hoan-thanh", start="trang-kho")
    lan.page.locator("[data-finish]").click()
    expect(lan.page.locator("[data-network]")).to_contain_text("Có mạng là máy tự mở kết quả.")
    lan.page.context.set_offline(False)
    expect(lan.page.locator("h1")).to_have_text("9 trong 9 màn hình tự làm đúng")


def test_two_tabs_continue_one_attempt(lan):
    address = lan.start()
    second = EveryScreenPage(lan.page.context.new_page())
    second.page.goto(address)
    second.expect_screen("man-hinh-chinh")
    lan.go_to("trang-kho")
    second.expect_screen("trang-kho")
    second.go_to("xin-quyen", start="trang-kho")
    lan.expect_screen("xin-quyen")  # and no longer waiting by itself
    lan.go_to("hoan-thanh", start="xin-quyen")
    lan.page.locator("[data-finish]").click()
    expect(lan.page.locator("h1")).to_have_text("9 trong 9 màn hình tự làm đúng")


def test_the_state_from_another_phone_wins(lan, new_page):
    """Her learning code opened the same attempt elsewhere: what the server has counts."""
    address = lan.start()
    other = EveryScreenPage(new_page(PHONE))
    other.page.context.add_cookies(lan.page.context.cookies())
    other.page.goto(address)
    with other.page.expect_response(saved_events_response(3)):
        other.go_to("xin-quyen")
    lan.tap("Quảng cáo: nhận quà ngay")
    lan.expect_screen("xin-quyen")


def test_the_same_batch_twice_counts_once(lan):
    address = lan.start()
    with lan.page.expect_response("**/su-kien") as first:
        lan.tap("Kho ứng dụng")
    body = first.value.request.post_data
    again = lan.page.evaluate(SEND_AGAIN, [f"{address}/su-kien", body])
    assert again["kept"] == first.value.json()["kept"]


# --- what leaves the phone ---


def test_typed_text_stays_in_the_field(lan, monitor, site):
    real = ("079085012345", "Trần Thị Thật", "MatKhauThat@1985", "361984")
    lan.start(at="nhap-thong-tin")
    lan.widget(0).fill(real[0])
    lan.widget(2).fill(real[1])
    lan.tap("Gửi yêu cầu")
    expect(lan.note).to_be_visible()
    lan.go_to("dat-mat-khau", start="nhap-thong-tin")
    lan.widget(0).fill(real[2])
    lan.widget(1).fill(real[3])
    lan.widget(2).fill(real[2])
    with lan.page.expect_response("**/su-kien"):
        lan.tap("Xong")
    stored = lan.page.evaluate(EVERYTHING_STORED)
    lan.widget(2).fill("0100000777")
    lan.tap("Xong")
    lan.page.locator("[data-finish]").click()
    expect(lan.page.locator("h1")).to_contain_text("màn hình tự làm đúng")
    sent, kept = monitor.sent_text(), site.stored_bytes()
    for value in real:
        assert value not in sent
        assert value not in stored
        assert json.dumps(value)[1:-1] not in stored
        assert value.encode() not in kept
    assert "~ok" in sent
    assert "?12" in sent

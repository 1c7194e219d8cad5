"""Without a network: visited pages and answers are on the phone, in the learner's language, until the learner goes."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.offline.offline_phone import (
    CACHES,
    FIRST,
    MISSING,
    SECOND,
    answer,
    go_offline,
    go_online,
    open_current_page,
    visit,
)


def test_a_visited_page_opens_without_a_network_and_says_nothing_else_is_there(lan):
    visit(lan, f"{FIRST}/hieu")
    go_offline(lan)
    lan.goto(f"{FIRST}/hieu")
    expect(lan.locator("h1")).to_have_text("Ba loại mã")
    assert lan.evaluate("() => getComputedStyle(document.querySelector('.button')).borderRadius") != "0px"
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("h1")).to_have_text(MISSING)
    expect(lan.locator("[data-stored-pages]")).not_to_contain_text("Kích hoạt")
    lan.goto("/toi")
    expect(lan.locator("h1")).to_have_text(MISSING)
    lan.goto("/quyen-rieng-tu")  # never visited, and there all the same
    expect(lan.locator("h1")).to_have_text("Trang này giữ gì về bác")


def test_what_is_said_without_a_network_is_in_the_language_that_was_chosen(lan):
    visit(lan, "/?lang=en")
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("h1")).to_have_text("This page is not on your phone")
    lan.goto("/quyen-rieng-tu")
    expect(lan.locator("h1")).to_have_text("What this site keeps about you")
    lan.locator("body > nav a[hreflang=vi]").click()
    expect(lan.locator("h1")).to_have_text("Trang này giữ gì về bác")
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("h1")).to_have_text(MISSING)
    lan.goto("/?lang=en")
    expect(lan.locator("h1")).not_to_have_text(MISSING)  # the copy that is here, in the language in which it was read


def test_a_language_that_was_chosen_without_a_network_is_that_of_the_next_page_with_one(lan):
    visit(lan, "/")
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    lan.locator("body > nav a[hreflang=en]").click()
    expect(lan.locator("h1")).to_have_text("This page is not on your phone")
    go_online(lan)
    for address in ("/", "/toi"):
        open_current_page(lan, address)
        expect(lan.locator("html")).to_have_attribute("lang", "en")
    lan.goto("/?lang=vi")
    expect(lan.locator("html")).to_have_attribute("lang", "vi")


def test_a_language_that_is_chosen_while_an_older_choice_is_being_sent_stays(lan):
    visit(lan, "/")
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    lan.locator("body > nav a[hreflang=en]").click()
    expect(lan.locator("h1")).to_have_text("This page is not on your phone")
    beside = lan.context.new_page()
    held, is_slow = [], True
    lan.context.route(re.compile(r"/\?lang=en$"), lambda route: held.append(route) if is_slow else route.continue_())
    go_online(lan)
    with lan.context.expect_event("request", lambda request: request.url.endswith("/?lang=en")):
        lan.evaluate("() => { location.href = '/toi' }")  # which waits for the older choice to be sent
    beside.goto("/?lang=vi")
    expect(beside.locator("html")).to_have_attribute("lang", "vi")
    assert held
    is_slow = False
    for older in held:
        older.continue_()
    expect(lan).to_have_url(re.compile("/toi$"))
    expect(lan.locator("html")).to_have_attribute("lang", "vi")
    open_current_page(beside, "/")
    expect(beside.locator("html")).to_have_attribute("lang", "vi")


def test_an_answer_given_on_the_line_is_still_there_without_it(lan):
    visit(lan, f"{SECOND}/hieu")
    answer(lan, "Mã OTP gửi về đâu?", "Máy nào cũng được")
    expect(lan.locator(".question__option-feedback")).to_contain_text("Mã chỉ về số đã khai.")
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator(".question__option-feedback")).to_contain_text("Mã chỉ về số đã khai.")
    answer(lan, "Mã OTP gửi về đâu?", "Máy có số đã khai")
    expect(lan.locator("[data-feedback]")).to_contain_text("Câu trả lời đã cất trong máy này")
    go_online(lan)
    expect(lan.locator(".note.tone-right")).to_be_visible()  # the open page hears of it


def test_a_task_ticked_on_the_line_is_still_ticked_without_it(lan):
    visit(lan, f"{FIRST}/dung")
    box = lan.locator("input[name=task]").first
    box.check(force=True)
    expect(lan.locator("#da-ghi")).to_contain_text("Đã ghi 1 việc.")
    go_offline(lan)
    lan.goto(f"{FIRST}/dung")
    expect(lan.locator("html")).to_have_attribute("data-stored", "")
    expect(box).to_be_checked()
    expect(lan.locator("#da-ghi")).to_contain_text("Đã ghi 1 việc. Còn 1 việc nữa")


def test_a_line_that_lets_nothing_through_shows_the_copy(lan):
    visit(lan, f"{SECOND}/hieu")
    held = []
    lan.context.route("**/kich-hoat/hieu", lambda route: held.append(route))
    lan.goto(f"{SECOND}/hieu")
    assert held
    expect(lan.locator("html")).to_have_attribute("data-stored", "")
    expect(lan.locator("h1")).to_have_text("Kích hoạt")


def test_class_and_account_pages_are_left_to_the_browser(lan):
    for path in ("/lop", "/vao", "/chieu"):
        assert not lan.goto(path).from_service_worker
    assert lan.goto("/").from_service_worker


def test_another_learner_of_the_phone_sees_nothing_of_lan(lan, site):
    visit(lan, f"{SECOND}/hieu")
    answer(lan, "Mã OTP gửi về đâu?", "Máy có số đã khai")
    expect(lan.locator(".question__option--picked, .note.tone-right").first).to_be_visible()
    visit(lan, f"{SECOND}/hieu")
    lan.goto("/toi")
    lan.context.route(f"{site.url}/", lambda route: route.abort())  # the line breaks right after the change
    lan.get_by_role("button", name="Tôi dùng máy chung").tap()
    lan.wait_for_url("**/")
    expect(lan.locator("h1")).to_have_text(MISSING)
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("h1")).to_have_text(MISSING)
    expect(lan.locator("[data-stored-pages] li")).to_have_count(0)


def test_a_forgotten_learner_leaves_no_page_on_the_phone(lan):
    visit(lan, f"{SECOND}/hieu")
    answer(lan, "Mã OTP gửi về đâu?", "Máy có số đã khai")
    expect(lan.locator(".note.tone-right").first).to_be_visible()
    visit(lan, f"{SECOND}/hieu")
    lan.goto("/toi")
    lan.locator("details summary", has_text="Quên tôi").tap()
    lan.locator("form[action='/toi/quen'] button").tap()
    expect(lan.locator("h1")).to_have_text("Bác chắc chắn muốn xóa hết?")
    lan.get_by_role("button", name="Xóa hết, quên tôi").tap()
    expect(lan.locator("h1")).to_have_text("Đã xóa hết")
    go_offline(lan)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("h1")).to_have_text(MISSING)
    assert [name for name in lan.evaluate(CACHES) if name.startswith("learner-")] == []


def test_the_first_mark_offers_the_home_screen_once(new_page, monitor):
    agent = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"
    lan = new_page(PHONE, service_workers="allow", user_agent=agent)
    lan.goto(f"{SECOND}/hieu")
    expect(lan.locator("home-screen-hint")).to_have_count(0)
    answer(lan, "Mã OTP gửi về đâu?", "Máy có số đã khai")
    expect(lan.locator("home-screen-hint")).to_contain_text("Đưa hình cây đèn ra màn hình chính")
    expect(lan.locator("[data-phone=android]")).to_contain_text("Thêm vào màn hình chính")
    expect(lan.locator("[data-phone=iphone], [data-install]").locator("visible=true")).to_have_count(0)
    lan.goto(SECOND)
    expect(lan.locator("h1")).to_have_text("Kích hoạt")
    expect(lan.locator("home-screen-hint")).to_have_count(0)

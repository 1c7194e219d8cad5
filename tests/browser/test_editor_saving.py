"""Saving in the editor of /soan: during typing, beside another author, on a full disk, before a browser dies."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.editor_page import DUNG, LAM, put_cursor_at_end_of, wait_for_editor
from tests.browser.inspection import axe
from tests.browser.lost_answers import lose_first_answer_to_a_save
from tests.browser.waiting import wait_until

REVIEW = "/soan/vneid/13-on-ca-khoa/hieu.md"


def hold_first_save_request(page: Page) -> list[Route]:
    """Let the first request that saves wait; it is in the list once it was sent."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        is_saving = "luu" in (route.request.post_data or "")
        held.append(route) if is_saving and not held else route.continue_()

    page.route("**/*", hold)
    return held


def kept_draft(page: Page) -> dict:
    """What this browser keeps of what was typed."""
    wait_until(page, lambda: page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('soan:'))"))
    return page.evaluate(
        "JSON.parse(localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('soan:'))))"
    )


def test_what_was_not_saved_is_offered_again_after_the_browser_died(open_editor):
    page = open_editor(LAM)
    wait_for_editor(page)
    put_cursor_at_end_of(page, "## Đăng nhập")
    page.keyboard.type("\n%% chưa lưu")
    page.wait_for_function("() => Object.values(localStorage).some((text) => text.includes('chưa lưu'))")
    again = page.context.new_page()
    page.close()
    again.goto(LAM)
    expect(again.locator("[data-kept]")).to_contain_text("còn giữ chữ bác viết lúc")
    assert axe(again) == []
    again.get_by_role("button", name="Lấy lại chữ ấy").click()
    expect(again.locator(".cm-content")).to_contain_text("%% chưa lưu")
    again.keyboard.press("Control+s")
    said = again.locator("[data-said]")
    expect(said).to_contain_text("Đã lưu, bản")
    put_cursor_at_end_of(again, "%% chưa lưu")
    again.keyboard.type("!")
    expect(said).to_have_text("Chưa lưu.")
    expect(again.locator("[data-send]")).to_be_hidden()
    again.keyboard.press("Control+s")
    expect(said).to_contain_text("Đã lưu, bản")
    expect(again.locator("[data-send]")).to_be_visible()
    expect(again.get_by_role("link", name="Viết xong thì gửi người khác xem")).to_be_visible()
    again.reload()
    wait_for_editor(again)
    expect(again.locator(".cm-content")).to_contain_text("%% chưa lưu")
    expect(again.locator("[data-kept]")).to_be_hidden()


@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_what_saving_said_lies_on_no_button(open_editor, device):
    page = open_editor(REVIEW, device)
    wait_for_editor(page)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n%% lưu")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("[data-said]")).to_contain_text("Đã lưu, bản")
    expect(page.locator("[data-said]")).to_be_in_viewport(ratio=1)
    buttons = page.locator(".editor__do .button")
    expect(buttons).to_have_count(4)
    for number in range(buttons.count()):
        expect(buttons.nth(number)).to_be_in_viewport(ratio=1)
        buttons.nth(number).click(trial=True, timeout=5000)  # nothing takes the click in its place


def test_what_is_typed_while_two_texts_are_merged_stays(open_editor):
    here, there = open_editor(DUNG), open_editor(DUNG)
    for page in (here, there):
        wait_for_editor(page)
    put_cursor_at_end_of(there, "Giấy bút, kính đọc")
    there.keyboard.type(" của bác")
    there.get_by_role("button", name="Lưu").click()
    expect(there.locator("[data-said]")).to_contain_text("Đã lưu")
    put_cursor_at_end_of(here, "Mười lăm phút yên tĩnh")
    here.keyboard.type(", một")
    held = hold_first_save_request(here)
    here.get_by_role("button", name="Lưu").click()
    wait_until(here, lambda: held)
    put_cursor_at_end_of(here, "Mười lăm phút yên tĩnh")
    here.keyboard.type(" hai")
    held[0].continue_()
    expect(here.locator(".cm-content")).to_contain_text("Giấy bút, kính đọc của bác")
    expect(here.locator(".cm-content")).to_contain_text("Mười lăm phút yên tĩnh, một hai")


def test_what_is_typed_and_saved_during_a_save_meets_no_conflict(open_editor):
    page = open_editor(DUNG)
    wait_for_editor(page)
    held = hold_first_save_request(page)
    put_cursor_at_end_of(page, "Mười lăm phút yên tĩnh")
    page.keyboard.type(", ba")
    page.keyboard.press("Control+s")
    wait_until(page, lambda: held)
    page.keyboard.type(" bốn")
    page.keyboard.press("Control+s")
    held[0].continue_()
    expect(page.locator("[data-said]")).to_contain_text("Đã lưu")
    expect(page.locator("[data-send]")).to_be_visible()  # all of it is saved
    expect(page.locator(".cm-content")).to_contain_text("Mười lăm phút yên tĩnh")
    expect(page.locator(".cm-content")).to_contain_text(", ba bốn")
    expect(page.locator(".cm-content")).not_to_contain_text("<<<<<<<")


def test_a_save_whose_answer_was_lost_does_not_meet_itself(open_editor):
    page = open_editor(DUNG)
    wait_for_editor(page)
    lose_first_answer_to_a_save(page)
    put_cursor_at_end_of(page, "Mười lăm phút yên tĩnh")
    page.keyboard.type(", bảy")
    page.keyboard.press("Control+s")
    expect(page.locator(".editor__status")).to_contain_text("Chưa nối được với máy chủ")
    page.keyboard.type(" tám")
    page.keyboard.press("Control+s")
    said = page.locator("[data-said]")
    expect(said).to_contain_text("Đã lưu")
    expect(page.locator(".cm-content")).to_contain_text(", bảy tám")
    page.reload()
    wait_for_editor(page)
    expect(page.locator(".cm-content")).to_contain_text(", bảy tám")


def test_what_was_typed_during_a_save_goes_on_from_it_after_the_browser_died(open_editor):
    page = open_editor(DUNG)
    wait_for_editor(page)
    held = hold_first_save_request(page)
    put_cursor_at_end_of(page, "Mười lăm phút yên tĩnh")
    page.keyboard.type(", năm")
    page.get_by_role("button", name="Lưu").click()
    wait_until(page, lambda: held)
    put_cursor_at_end_of(page, "Mười lăm phút yên tĩnh")
    page.keyboard.type(" sáu")
    before = kept_draft(page)
    held[0].continue_()
    wait_until(page, lambda: kept_draft(page)["number"] != before["number"])
    assert ", năm sáu" in kept_draft(page)["text"]


def test_a_server_whose_disk_is_full_is_told_and_the_text_stays(open_editor, monitor):
    monitor.expected = {503}
    page = open_editor(LAM)
    wait_for_editor(page)
    put_cursor_at_end_of(page, "## Đăng nhập")
    page.keyboard.type("\n%% chưa ghi được")
    expect(page.locator(".editor__status")).to_have_text("Không có lỗi nào.")
    told = {"error": "Đĩa của máy chủ đã đầy nên chưa ghi được."}
    page.route("**/lam.md", lambda route: route.fulfill(status=503, json=told))
    page.keyboard.press("Control+s")
    expect(page.locator(".editor__status")).to_have_text(f"{told['error']} Chữ vẫn còn ở đây.")
    expect(page.locator(".cm-content")).to_contain_text("%% chưa ghi được")

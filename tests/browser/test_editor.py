"""The editor of /soan in a browser: typing, the margin, the preview, the guide, and input methods."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.editor_page import DUNG, HIEU, LAM, put_cursor_at_end_of, wait_for_editor
from tests.browser.inspection import axe

TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True, "is_mobile": True}


def test_the_margin_and_the_phone_follow_what_is_typed(open_editor):
    page = open_editor(LAM)
    wait_for_editor(page)
    phone = page.frame_locator("[data-phone]")
    put_cursor_at_end_of(page, "## Đăng nhập")
    expect(phone.locator(".phone[data-screen]").first).to_have_attribute("data-screen", "dang-nhap")
    expect(phone.locator("script, link[rel=modulepreload]")).to_have_count(
        0
    )  # a browser complains of what it may not run
    put_cursor_at_end_of(page, "Đăng nhập => Trang chính")
    page.keyboard.type("\n-[nút] Về trước -> Tr")
    offered = page.locator(".cm-tooltip-autocomplete")
    expect(offered).to_contain_text("Trang chính VNeID")
    page.keyboard.type("ang chính VNeID")
    page.keyboard.press("Escape")
    problem = page.locator(".editor__problem")
    expect(problem).to_have_count(1)  # until the last letter the arrow leads nowhere, too
    expect(problem).to_contain_text("Thêm dấu cách")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    expect(page.locator("[data-preview-note]")).to_contain_text("tệp còn lỗi")
    expect(page.locator("[data-phone]")).to_have_class(re.compile("editor__phone--older"))
    expect(page.locator("[data-found]")).to_have_text(re.compile(r"1 lỗi: dòng \d+"))
    assert axe(page) == []
    problem.get_by_role("button", name="Sửa giúp").click()
    expect(page.locator(".editor__status")).to_have_text("Không có lỗi nào.")
    expect(page.locator(".cm-content")).to_contain_text("- [nút] Về trước -> Trang chính VNeID")
    expect(phone.get_by_role("button", name="Về trước")).to_be_visible()
    back = page.locator("[data-again]")
    expect(back).to_be_hidden()
    phone.get_by_role("button", name="Về trước").click()
    expect(phone.locator("main #man-hinh").first).to_have_attribute("data-screen", "trang-chinh-vneid")
    page.get_by_role("button", name="Về màn đang soạn").click()
    expect(back).to_be_hidden()
    expect(phone.locator("main #man-hinh").first).to_have_attribute("data-screen", "dang-nhap")
    put_cursor_at_end_of(page, "## Trang chính VNeID")
    page.get_by_role("button", name="Màn chiếu").click()
    expect(phone.locator(".wall-demo .wall-demo__place")).to_contain_text("Làm mẫu, bước")
    board = phone.locator(".wall-demo .phone[data-screen]").first
    expect(board).to_have_attribute("data-screen", "trang-chinh-vneid")
    page.locator(".cm-content").press("Control+Home")  # lines out of sight are not in the page
    put_cursor_at_end_of(page, "## Đăng nhập")
    expect(board).to_have_attribute("data-screen", "dang-nhap")


def test_the_text_is_large_enough_to_read_and_follows_larger_text(open_editor):
    page = open_editor(HIEU, PHONE)
    wait_for_editor(page)
    size = "(line) => parseFloat(getComputedStyle(line).fontSize)"
    assert page.locator(".cm-line").first.evaluate(size) == 18
    page.evaluate("localStorage.setItem('larger', '1')")  # chosen on a page of learners
    page.reload()
    wait_for_editor(page)
    assert page.locator(".cm-line").first.evaluate(size) == 22.5
    content, box = page.locator(".cm-content").bounding_box(), page.locator(".editor__code").bounding_box()
    assert content["width"] > 0.7 * box["width"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# The page of a frame comes when it is told to, as late as on a slow device.
HOLD_FRAME = """{
  const { set } = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "srcdoc")
  const hold = function (html) { window.letFrameCome = () => set.call(this, html) }
  Object.defineProperty(HTMLIFrameElement.prototype, "srcdoc", { set: hold })
}"""


def test_what_is_typed_before_the_preview_has_come_is_in_it(open_editor):
    page = open_editor(DUNG)
    wait_for_editor(page)
    page.add_init_script(HOLD_FRAME)
    page.reload()
    page.wait_for_function("() => window.letFrameCome")
    put_cursor_at_end_of(page, "Mười lăm phút yên tĩnh")
    with page.expect_response(
        lambda answer: "xem-thu" in (words := answer.request.post_data or "") and "1234" in words
    ):
        page.keyboard.type(" 1234")
    page.evaluate("() => fetch('/healthz').then((answer) => answer.text())")  # the page has read the one before
    page.evaluate("() => window.letFrameCome()")
    expect(page.frame_locator("[data-phone]").locator("main")).to_contain_text("Mười lăm phút yên tĩnh 1234")


def test_on_a_phone_the_text_stays_in_sight_while_it_is_typed_and_drawn(open_editor):
    page = open_editor(HIEU, PHONE)
    wait_for_editor(page)
    page.locator(".cm-line").nth(3).tap()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    active = page.locator(".cm-activeLine")
    expect(active).to_be_in_viewport(ratio=1)
    assert active.bounding_box()["width"] > 265, "of 328 px, beside the numbers"
    top = page.evaluate("scrollY")
    with page.expect_response(lambda answer: "xem-thu" in (answer.request.post_data or "")):
        page.keyboard.type("%% một dòng dài viết trên điện thoại")
    expect(page.frame_locator("[data-phone]").locator("main")).to_be_visible()
    expect(active).to_be_in_viewport(ratio=1)
    assert abs(page.evaluate("scrollY") - top) < 27, "less than a row of text"
    page.get_by_role("button", name="Lưu", exact=True).tap()
    said = page.locator("[data-said]")
    expect(said).to_contain_text("Đã lưu")
    expect(said).to_be_in_viewport(ratio=1)


def test_a_syllable_that_an_input_method_composes_is_left_alone_until_it_is_whole(open_editor, monitor):
    page = open_editor(HIEU)
    page.clock.install()
    page.reload()
    wait_for_editor(page)
    put_cursor_at_end_of(page, "phút:")
    page.keyboard.press("Control+End")
    page.keyboard.type("\n:::")
    page.keyboard.press("Escape")
    page.keyboard.type("\n")
    keys = page.context.new_cdp_session(page)
    for composed in ("k", "kho", "khoa", "khoă", "khoằ", "khoằm"):
        keys.send(
            "Input.imeSetComposition",
            {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
        )
        page.clock.run_for(2000)
        expect(page.locator(".cm-tooltip-autocomplete")).to_have_count(0)
    expect(page.locator(".cm-content")).to_contain_text("khoằm")
    before = [request for request in monitor.requests if request.method == "POST"]
    assert not any("khoă" in (request.post_data_buffer or b"").decode("utf-8", "replace") for request in before)
    with page.expect_request(
        lambda request: "khoằm khoằm" in (request.post_data_buffer or b"").decode("utf-8", "replace")
    ):
        keys.send("Input.insertText", {"text": "khoằm"})
        page.keyboard.insert_text(" khoằm")
        page.clock.run_for(2000)
    expect(page.locator(".cm-line").last).to_have_text("khoằm khoằm")


def test_a_tablet_puts_a_ready_piece_in_by_touch(open_editor):
    page = open_editor(LAM, TABLET)
    wait_for_editor(page)
    page.locator(".editor__pieces summary").tap()
    piece = page.locator("section", has=page.get_by_role("heading", name="Cuộc gọi lừa"))
    piece.get_by_role("button", name="Chèn vào bài").last.tap()
    expect(page.locator(".editor__status")).to_contain_text("lỗi")
    expect(page.locator(".cm-content")).to_contain_text("Có người gọi")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


def test_who_asks_for_all_remedies_is_answered_even_where_there_is_nothing_to_mend(open_editor):
    page = open_editor(LAM)
    wait_for_editor(page)
    page.get_by_role("button", name="Sửa giúp hết").click()
    expect(page.locator("[data-said]")).to_have_text("Không có chỗ nào phải sửa.")


def test_without_a_script_the_field_checks_and_shows(open_editor):
    page = open_editor(LAM, LAPTOP, script=False)
    field = page.get_by_role("textbox", name=re.compile("Chữ của tệp"))
    field.fill(field.input_value().replace("- [nút]", "-[nút]", 1))
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.locator(".editor__problem")).to_contain_text("Thêm dấu cách")
    page.get_by_role("button", name="Sửa giúp hết").click()
    expect(page.locator("[data-said]")).to_have_text("Đã sửa 1 chỗ.")
    expect(page.locator(".editor__status")).to_have_text("Không có lỗi nào.")
    with page.expect_popup() as shown:
        page.get_by_role("button", name="Xem thử").click()
    practice = shown.value
    practice.get_by_role("button", name=re.compile("^Gợi ý")).click()
    expect(practice.locator(".coach")).to_contain_text("Cửa ngoài thì dùng mật khẩu.")


def test_advice_on_the_craft_opens_below_the_problems_and_leads_to_its_line(open_editor):
    page = open_editor(HIEU)
    wait_for_editor(page)
    put_cursor_at_end_of(page, "tên:")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(
        "\n\n::: hỏi\nAi xin mã?\n- [ ] Đọc mã\n  > Không.\n- [ ] Đọc nửa\n  > Không.\n- [x] Cúp máy\n:::\n"
    )
    expect(page.locator(".editor__status")).to_have_text("Không có lỗi nào.")
    group = page.locator("[data-advice]")
    group.locator("summary").click()
    expect(group.get_by_role("status")).to_have_text("Có 1 gợi ý.")
    assert axe(page) == []
    group.get_by_role("button", name=re.compile("^Dòng")).click()
    expect(page.locator(".cm-activeLine")).to_contain_text("- [x] Cúp máy")
    page.keyboard.type("x")
    expect(group.get_by_role("status")).to_contain_text("Chữ đã đổi")


def test_the_guide_beside_the_text_opens_at_what_the_cursor_is_on(open_editor):
    page = open_editor(LAM)
    wait_for_editor(page)
    page.locator("[data-as=huong-dan]").click()
    here = page.locator(".editor__guide-here")
    expect(here).to_have_text("Phần đầu tệp")
    put_cursor_at_end_of(page, "## Đăng nhập")
    expect(here).to_have_text("lam.md: Làm được")
    expect(here).to_be_in_viewport()
    page.keyboard.type("\n-[nút] Về trước")
    page.keyboard.press("Escape")
    expect(page.locator(".editor__problem").first).to_contain_text("Thêm dấu cách")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    expect(here).to_have_text("list-space")
    assert axe(page) == []

"""The editor of /soan in a browser: typing, the margin, the preview, input methods, and a browser that dies."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import Page, Route, expect

from lms.content.pictures.upload import MAX_UPLOAD_BYTES
from tests.browser.conftest import PHONE
from tests.browser.inspection import axe
from tests.browser.lost_answers import lose_first_answer_to_a_save
from tests.browser.staff import sign_in_as
from tests.browser.waiting import wait_until

LAPTOP = {"viewport": {"width": 1366, "height": 768}}
TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True, "is_mobile": True}
LAM = "/soan/vneid/04-ba-loai-ma/lam.md"
HIEU = "/soan/vneid/04-ba-loai-ma/hieu.md"
REVIEW = "/soan/vneid/13-on-ca-khoa/hieu.md"
DUNG = "/soan/vneid/02-kich-hoat/dung.md"


@pytest.fixture
def write(new_page: Callable[..., Page], site) -> Callable[..., Page]:
    """A page with a file, opened by an author of the city."""

    def write(address: str = LAM, device: dict = LAPTOP, **more: object) -> Page:
        page = new_page(device, **more)
        sign_in_as(page, site, "Khoa", "author", ward="tp")
        page.goto(address)
        return page

    return write


def is_ready(page: Page) -> None:
    expect(page.locator(".cm-content")).to_be_visible()
    expect(page.locator(".editor__status")).to_have_text("Không có lỗi nào.")


def put_cursor_at_end_of(page: Page, words: str) -> None:
    line = page.locator(".cm-line", has_text=words).first
    line.click()
    page.keyboard.press("End")


def hold_first_saving(page: Page) -> list[Route]:
    """Let the first request that saves wait; it is in the list once it was sent."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        is_saving = "luu" in (route.request.post_data or "")
        held.append(route) if is_saving and not held else route.continue_()

    page.route("**/*", hold)
    return held


def test_the_margin_and_the_phone_follow_what_is_typed(write):
    page = write()
    is_ready(page)
    phone = page.frame_locator("[data-phone]")
    put_cursor_at_end_of(page, "## Đăng nhập")
    expect(phone.locator(".phone[data-screen]").first).to_have_attribute("data-screen", "dang-nhap")
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
    page.get_by_role("button", name="Sơ đồ").click()
    expect(page.locator('[data-graph] [data-screen="dang-nhap"] rect').first).to_have_attribute("fill", "#f5b82e")
    page.locator('[data-graph] [data-screen="trang-chinh-vneid"]').click()
    expect(page.locator(".cm-activeLine")).to_contain_text("## Trang chính VNeID")
    page.get_by_role("button", name="Màn chiếu").click()
    expect(phone.locator(".wall-demo .wall-demo__place")).to_contain_text("Làm mẫu, bước")
    board = phone.locator(".wall-demo .phone[data-screen]").first
    expect(board).to_have_attribute("data-screen", "trang-chinh-vneid")
    page.locator(".cm-content").press("Control+Home")  # lines out of sight are not in the page
    put_cursor_at_end_of(page, "## Đăng nhập")
    expect(board).to_have_attribute("data-screen", "dang-nhap")


def test_the_text_is_large_enough_to_read_and_follows_larger_text(write):
    page = write(HIEU, PHONE)
    is_ready(page)
    size = "(line) => parseFloat(getComputedStyle(line).fontSize)"
    assert page.locator(".cm-line").first.evaluate(size) == 18
    page.evaluate("localStorage.setItem('larger', '1')")  # chosen on a page of learners
    page.reload()
    is_ready(page)
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


def test_what_is_typed_before_the_preview_has_come_is_in_it(write):
    page = write(DUNG)
    is_ready(page)
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


def test_on_a_phone_the_text_stays_in_sight_while_it_is_typed_and_drawn(write):
    page = write(HIEU, PHONE)
    is_ready(page)
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


def test_a_syllable_that_an_input_method_composes_is_left_alone_until_it_is_whole(write, monitor):
    page = write(HIEU)
    page.clock.install()
    page.reload()
    is_ready(page)
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


def test_what_was_not_saved_is_offered_again_after_the_browser_died(write):
    page = write()
    is_ready(page)
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
    is_ready(again)
    expect(again.locator(".cm-content")).to_contain_text("%% chưa lưu")
    expect(again.locator("[data-kept]")).to_be_hidden()


@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_what_saving_said_lies_on_no_button(write, device):
    page = write(REVIEW, device)
    is_ready(page)
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


def test_what_is_typed_while_two_texts_are_merged_stays(write):
    here, there = write(DUNG), write(DUNG)
    for page in (here, there):
        is_ready(page)
    put_cursor_at_end_of(there, "Giấy bút, kính đọc")
    there.keyboard.type(" của bác")
    there.get_by_role("button", name="Lưu").click()
    expect(there.locator("[data-said]")).to_contain_text("Đã lưu")
    put_cursor_at_end_of(here, "Mười lăm phút yên tĩnh")
    here.keyboard.type(", một")
    held = hold_first_saving(here)
    here.get_by_role("button", name="Lưu").click()
    wait_until(here, lambda: held)
    put_cursor_at_end_of(here, "Mười lăm phút yên tĩnh")
    here.keyboard.type(" hai")
    held[0].continue_()
    expect(here.locator(".cm-content")).to_contain_text("Giấy bút, kính đọc của bác")
    expect(here.locator(".cm-content")).to_contain_text("Mười lăm phút yên tĩnh, một hai")


def test_what_is_typed_and_saved_during_a_save_meets_no_conflict(write):
    page = write(DUNG)
    is_ready(page)
    held = hold_first_saving(page)
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


def test_a_save_whose_answer_was_lost_does_not_meet_itself(write):
    page = write(DUNG)
    is_ready(page)
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
    is_ready(page)
    expect(page.locator(".cm-content")).to_contain_text(", bảy tám")


def test_what_was_typed_during_a_save_goes_on_from_it_after_the_browser_died(write):
    page = write(DUNG)
    is_ready(page)
    held = hold_first_saving(page)
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


def kept_draft(page: Page) -> dict:
    """What this browser keeps of what was typed."""
    wait_until(page, lambda: page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('soan:'))"))
    return page.evaluate(
        "JSON.parse(localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('soan:'))))"
    )


def test_a_tablet_puts_a_ready_piece_in_by_touch(write):
    page = write(LAM, TABLET)
    is_ready(page)
    page.locator(".editor__pieces summary").tap()
    piece = page.locator("section", has=page.get_by_role("heading", name="Cuộc gọi lừa"))
    piece.get_by_role("button", name="Chèn vào bài").last.tap()
    expect(page.locator(".editor__status")).to_contain_text("lỗi")
    expect(page.locator(".cm-content")).to_contain_text("Có người gọi")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


def test_who_asks_for_all_remedies_is_answered_even_where_there_is_nothing_to_mend(write):
    page = write(LAM)
    is_ready(page)
    page.get_by_role("button", name="Sửa giúp hết").click()
    expect(page.locator("[data-said]")).to_have_text("Không có chỗ nào phải sửa.")


def test_without_a_script_the_field_checks_and_shows(write):
    page = write(LAM, LAPTOP, script=False)
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


def test_a_picture_is_pasted_described_and_stands_at_the_cursor(write):
    page = write(HIEU)
    is_ready(page)
    put_cursor_at_end_of(page, "## ")
    page.locator(".cm-content").evaluate(
        """async (editor) => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 60 })
          const picture = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"))
          const clipboardData = new DataTransfer()
          clipboardData.items.add(new File([picture], "Màn hình.png", { type: "image/png" }))
          editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
        }"""
    )
    expect(page.get_by_label("Trong ảnh có gì")).to_be_focused()
    assert axe(page) == []
    page.keyboard.type("Màn hình chính")
    page.keyboard.press("Enter")
    expect(page.locator("[data-picture-said]")).to_contain_text("Đã thêm ảnh")
    expect(page.locator(".cm-activeLine")).to_have_text("![Màn hình chính](images/man-hinh.png)")
    expect(page.locator(".editor__status")).to_have_text("Không có lỗi nào.")
    shown = page.frame_locator("[data-phone]").get_by_role("img", name="Màn hình chính")
    expect(shown).to_have_js_property("naturalWidth", 40)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_phones_photograph_is_made_smaller_and_what_is_refused_keeps_the_hand_in_the_form(write, tmp_path, monitor):
    monitor.expected.add(422)
    notes = Image.Exif()
    notes[ExifTags.Base.Orientation] = 6  # held upright
    notes.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (10.0, 46.0, 37.0)
    photograph, letter = tmp_path / "IMG_1.jpg", tmp_path / "thu.docx"
    Image.effect_noise((4000, 3000), 90).convert("RGB").save(photograph, quality=97, exif=notes)
    assert photograph.stat().st_size > MAX_UPLOAD_BYTES
    letter.write_bytes(b"PK" + b"0" * 100)
    page = write(HIEU, PHONE)
    is_ready(page)
    page.locator("[data-picture] summary").tap()
    said, add = page.locator("[data-picture-said]"), page.locator("[data-picture] [type=submit]")
    page.locator("#anh").set_input_files(photograph)
    add.tap()
    expect(said).to_contain_text("Ghi trong ảnh có gì")
    expect(page.locator("#mo-ta")).to_be_focused()
    page.locator("#mo-ta").fill("Màn hình chính")
    page.locator("#anh").set_input_files(letter)
    add.tap()
    expect(said).to_have_text("“thu.docx” không phải hình; bác chọn một hình .png hay .jpg.")
    expect(page.locator("#anh")).to_be_focused()
    page.locator("#anh").set_input_files(photograph)
    add.tap()
    expect(said).to_contain_text("Đã thêm ảnh")
    expect(page.locator(".cm-activeLine")).to_have_text(
        "![Màn hình chính](images/img-1.jpg)"
    )  # the cursor was in no place
    expect(page.locator(".editor__status")).to_have_text("Không có lỗi nào.")
    body = page.request.get("/soan/hinh/vneid/04-ba-loai-ma/images/img-1.jpg").body()
    with Image.open(io.BytesIO(body)) as kept:
        assert kept.width < kept.height and not kept.getexif()


def test_advice_on_the_craft_opens_below_the_problems_and_leads_to_its_line(write):
    page = write(HIEU)
    is_ready(page)
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


def test_the_guide_beside_the_text_opens_at_what_the_cursor_is_on(write):
    page = write()
    is_ready(page)
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


def test_a_server_whose_disk_is_full_is_told_and_the_text_stays(write, monitor):
    monitor.expected = {503}
    page = write()
    is_ready(page)
    put_cursor_at_end_of(page, "## Đăng nhập")
    page.keyboard.type("\n%% chưa ghi được")
    expect(page.locator(".editor__status")).to_have_text("Không có lỗi nào.")
    told = {"error": "Đĩa của máy chủ đã đầy nên chưa ghi được."}
    page.route("**/lam.md", lambda route: route.fulfill(status=503, json=told))
    page.keyboard.press("Control+s")
    expect(page.locator(".editor__status")).to_have_text(f"{told['error']} Chữ vẫn còn ở đây.")
    expect(page.locator(".cm-content")).to_contain_text("%% chưa ghi được")

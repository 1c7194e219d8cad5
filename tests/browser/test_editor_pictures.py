"""Pictures in the editor of /soan: pasted, taken by a phone, and refused."""

from __future__ import annotations

import io

from PIL import ExifTags, Image
from playwright.sync_api import expect

from lms.content.pictures.upload import MAX_UPLOAD_BYTES
from tests.browser.conftest import PHONE
from tests.browser.editor_page import HIEU, put_cursor_at_end_of, wait_for_editor
from tests.browser.inspection import axe


def test_a_picture_is_pasted_described_and_stands_at_the_cursor(open_editor):
    page = open_editor(HIEU)
    wait_for_editor(page)
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


def test_a_phones_photograph_is_made_smaller_and_what_is_refused_keeps_the_hand_in_the_form(
    open_editor, tmp_path, monitor
):
    monitor.expected.add(422)
    notes = Image.Exif()
    notes[ExifTags.Base.Orientation] = 6  # held upright
    notes.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (10.0, 46.0, 37.0)
    photograph, letter = tmp_path / "IMG_1.jpg", tmp_path / "thu.docx"
    Image.effect_noise((4000, 3000), 90).convert("RGB").save(photograph, quality=97, exif=notes)
    assert photograph.stat().st_size > MAX_UPLOAD_BYTES
    letter.write_bytes(b"PK" + b"0" * 100)
    page = open_editor(HIEU, PHONE)
    wait_for_editor(page)
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

"""/soan/them-man: a screenshot becomes a screen of a drawn practice once somebody looked at it."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from tests.web.checking_client import CheckingClient
from tests.web.workshop.drawing_form import NEW, DrawingForm


def screenshot(
    client: CheckingClient,
    drawing: DrawingForm,
    file: tuple[bytes, str] | None = None,
    *,
    ticked: bool = True,
    **typed: str,
):
    """Send the form that makes a screen of a screenshot; ``file``: other bytes and another name than a good one's."""
    form = drawing.page.get_element_by_id("tu-anh")
    image = io.BytesIO()
    Image.new("RGB", (360, 720), "white").save(image, "PNG", pnginfo=with_note())
    content, name = file or (image.getvalue(), "Ảnh chụp 1.png")
    fields = {name: value for name, value in form.fields.items() if value and name not in ("anh", "da-nhin")}
    fields["text"] = fields["text"].removeprefix("\n")
    fields |= {"anh": (io.BytesIO(content), name)} | ({"da-nhin": "1"} if ticked else {})
    fields |= {name.replace("_", "-"): value for name, value in typed.items()}
    return client.post(form.action, data=fields, content_type="multipart/form-data")


def with_note() -> PngImagePlugin.PngInfo:
    note = PngImagePlugin.PngInfo()
    note.add_text("GPS", "10.77 106.69")
    return note


@pytest.mark.slow
def test_a_screenshot_becomes_a_screen_once_somebody_looked_at_it(author):
    drawing = DrawingForm(author, NEW)
    unseen = screenshot(author, drawing, ticked=False, man_moi="Mở máy", man_mo_ta="Màn chính.")
    drawing.show(unseen)
    assert unseen.status_code == 422 and "Tôi đã nhìn kỹ" in drawing.said[0] and "## " not in drawing.text
    assert author.get("/soan/hinh/vneid/02-kich-hoat/images/anh-chup-1.png").status_code == 404
    drawing.show(screenshot(author, drawing, man_moi="Mở máy", man_mo_ta="Màn chính."))
    assert "- [ảnh] Mở máy {src=images/anh-chup-1.png}\n  - mô tả: Màn chính." in drawing.text
    kept = author.get("/soan/hinh/vneid/02-kich-hoat/images/anh-chup-1.png").data
    assert kept.startswith(b"\x89PNG") and b"106.69" not in kept
    drawing.show(screenshot(author, drawing, man_moi="Gõ số", man_mo_ta="Bàn phím số."))
    assert drawing.text.count("## ") == 2
    drawing.press("luu")
    assert "Đã lưu" in drawing.said[0]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"man_moi": ""}, "đặt tên cho màn"),
        ({"man_mo_ta": " "}, "trong ảnh có gì, để đọc cho người không thấy. Rồi bấm “Thêm màn từ ảnh này”"),
        ({"man_mo_ta": "a" * 300}, "dài quá"),
        ({"file": (b"<svg/>", "a.svg")}, "SVG"),
        ({"file": (b"", "")}, "Thêm màn từ ảnh này"),
    ],
)
def test_a_screenshot_that_lacks_something_is_not_stored(author, typed, sentence):
    drawing = DrawingForm(author, NEW)
    answer = screenshot(author, drawing, **({"man_moi": "Mở máy", "man_mo_ta": "Màn."} | typed))
    drawing.show(answer)
    assert answer.status_code == 422 and sentence in drawing.said[0] and "## " not in drawing.text
    assert author.get("/soan/hinh/vneid/02-kich-hoat/images/anh-chup-1.png").status_code == 404

"""/soan/ve: what cannot be drawn is told in a sentence, and what was typed stays typed."""

from __future__ import annotations

import pytest

from tests.web.workshop.drawing_form import NEW, DrawingForm

pytestmark = pytest.mark.usefixtures("six_pictures")


REFUSED_PRACTICE = """---
tên: A
---

## Một
> Việc: Chạm.
> Gợi ý: Nhìn phía dưới.

- [ảnh] Một {src=images/man-1.png}
  - mô tả: Ảnh.
- [vùng] Gửi {x=0 y=10 w=50 h=12} -> Hai
  - báo: Chưa phải.
- [tin nhắn] Hệ thống {giây=3}
  - nội dung: Mã là 12.
- [ô số] Mã = 12

## Hai
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"moi_o_ten": "Mã", "moi_o_kieu": "number"}, "Bác ghi chữ đúng của ô “Mã”"),
        ({"moi_o_ten": "Mã => Xong", "moi_o_dung": "1"}, "Bác bỏ các dấu"),
        ({"moi_tin_tu": "Hệ thống"}, "Bác ghi chữ trong tin nhắn."),
        ({"o_ten_1": ""}, "Bác đặt tên cho ô"),
    ],
)
def test_a_field_that_cannot_be_written_is_told_in_a_sentence_and_nothing_changes(author, typed, sentence):
    drawing = DrawingForm(author, NEW)
    drawing.press("ghi", text="---\ntên: A\n---\n\n## Một\n\n- [nút] Lưu\n- [ô số] Mã = 1\n\n## Hai\n")
    before = drawing.text
    drawing.press("ghi", **typed)
    assert drawing.status == 422 and sentence in drawing.said[0] and drawing.text == before


@pytest.mark.slow
def test_what_cannot_be_drawn_is_said_and_the_rest_is_done(author):
    drawing = DrawingForm(author, NEW)
    drawing.press("ghi", man_moi="Một", man_anh="images/man-1.png")
    assert "Ghi ô “Trong ảnh có gì" in " ".join(drawing.problems())
    drawing.press("ghi", ten="Tên {lạ} =>", viec="Chạm.", moi_ten="Nút", moi_trai="xa")
    assert drawing.status == 422 and len(drawing.said) == 2
    assert "> Việc: Chạm." in drawing.text and "## Một" in drawing.text and "vùng" not in drawing.text
    drawing.press("luu", ten="Một", moi_ten="Nút", moi_trai="-5")
    assert drawing.status == 422 and "bằng chữ số" in drawing.said[0]
    drawing.press("bo-man-99", moi_ten="")
    assert drawing.status == 422 and "không còn trong bài" in drawing.said[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"moi_tin_tu": "Hệ thống", "moi_tin_chu": ""}, "Bác ghi chữ trong tin nhắn."),
        ({"moi_tin_tu": "", "moi_tin_chu": "Một tin dài đã gõ"}, "Bác ghi tin nhắn này của ai"),
        ({"moi_o_ten": "Mã OTP", "moi_o_kieu": "text", "moi_o_dung": ""}, "Bác ghi chữ đúng của ô “Mã OTP”"),
        ({"moi_o_ten": "", "moi_o_dung": "482915"}, "Bác đặt tên cho ô"),
        ({"moi_ten": "A => B", "moi_toi": "", "moi_rong": "20"}, ""),
        ({"moi_ten": "Gửi", "moi_toi": "1", "moi_trai": "ba"}, "Bác ghi bốn số"),
        ({"man_moi": "Hai", "man_sau": "0", "man_mo_ta": "Ảnh màn hai."}, ""),
        ({"man_moi": "", "man_mo_ta": "Ảnh màn ba."}, "Bác đặt tên cho màn hình"),
    ],
)
@pytest.mark.parametrize("button", ["ghi", "luu", "mo-1"])
def test_what_was_typed_and_cannot_be_added_yet_stays_typed(author, typed, sentence, button):
    drawing = DrawingForm(author, NEW)
    picture = "- [ảnh] Một {src=images/man-1.png}\n  - mô tả: Ảnh.\n"
    drawing.press("ghi", text=f"---\ntên: A\n---\n\n## Một\n> Việc: Chạm.\n\n{picture}\n## Hai\n")
    before = drawing.text
    drawing.press(button, **typed)
    assert drawing.status == 422 and drawing.text == before
    assert sentence in drawing.said[0]
    if button != "mo-1" or "man_moi" not in typed:
        assert {name: drawing.form.fields[name.replace("_", "-")] for name in typed} == typed
    folded = drawing.page.xpath("//*[@id='ve']//details[not(@open)]//input/@name")
    assert not {name.replace("_", "-") for name, value in typed.items() if value} & set(folded)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("button", "name", "typed"),
    [
        ("ghi", "ten", "Tên {lạ} =>"),
        ("luu", "ten", ""),
        ("mo-1", "ten-1", "Gửi => {lạ}"),
        ("luu", "cao-1", "cao lắm"),
        ("ghi", "tin-tu-2", ""),
        ("mo-1", "o-ten-3", ""),
        ("luu", "o-dung-3", ""),
    ],
)
def test_a_refused_edit_stays_in_its_field_beside_the_reason(author, button, name, typed):
    drawing = DrawingForm(author, NEW)
    drawing.press("ghi", text=REFUSED_PRACTICE)
    before = drawing.text
    drawing.press(button, **{name: typed})
    assert drawing.status == 422 and drawing.text == before
    assert drawing.form.fields["man"] == "0" and drawing.form.fields[name] == typed
    field = drawing.page.get_element_by_id(name)
    assert field.get("aria-invalid") == "true"
    assert drawing.page.get_element_by_id(field.get("aria-describedby")).text_content() == drawing.said[0]
    drawing.press("ghi")
    assert drawing.status == 422 and drawing.form.fields[name] == typed, "it is still there to be mended"


@pytest.mark.slow
def test_a_refused_edit_follows_what_it_is_about(author):
    drawing = DrawingForm(author, NEW)
    drawing.press("ghi", text=REFUSED_PRACTICE)
    drawing.press("ghi", **{"o-dung-3": "", "viec": "Gõ mã.", "moi-ten": "Bỏ qua"})
    assert "Gõ mã." in drawing.text and "Bỏ qua" in drawing.text
    field = next(name for name, label in drawing.form.fields.items() if name.startswith("o-ten-") and label == "Mã")
    assert drawing.form.fields[field.replace("ten", "dung")] == ""
    drawing.press(f"bo-vung-{field.removeprefix('o-ten-')}")
    assert drawing.status == 200 and "Mã = 12" not in drawing.text
    drawing.press("ghi", ten="{lạ} =>")
    drawing.press("bo-man-0")
    assert drawing.status == 200 and "## Một" not in drawing.text


@pytest.mark.slow
def test_an_area_that_waits_for_its_name_stays_where_it_was_drawn(author):
    drawing = DrawingForm(author, NEW)
    picture = "- [ảnh] Một {src=images/man-1.png}\n  - mô tả: Ảnh.\n"
    drawing.press("ghi", text=f"---\ntên: A\n---\n\n## Một\n> Việc: Chạm.\n\n{picture}\n## Hai\n")
    drawing.press("ghi", moi_trai="33", viec="Chạm “Gửi”.")
    assert drawing.status == 200 and "Chạm “Gửi”." in drawing.text
    assert drawing.form.fields["moi-trai"] == "33"
    drawing.press("bo-man-0", moi_tin_chu="Một tin")
    assert drawing.status == 200 and "## Một" not in drawing.text


@pytest.mark.slow
def test_why_it_was_changed_stays_typed_until_it_is_saved(author):
    drawing = DrawingForm(author, NEW)
    drawing.press("ghi", man_moi="Một", why="đổi tên nút")
    assert drawing.form.fields["why"] == "đổi tên nút"
    drawing.press("luu")
    assert drawing.form.fields["why"] == ""
    assert "đổi tên nút" in author.get(f"/soan/lich-su/vneid/{NEW}").text

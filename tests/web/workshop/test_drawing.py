"""/soan/ve: a practice is drawn with forms alone, its text stays the author's, and what cannot be is said."""

from __future__ import annotations

import json
import re

import pytest
from lxml import html

from lms.content.file_templates import drawn_practice_text, practice_text
from lms.learning.accounts.permissions import CITY
from tests.web.checking_client import CheckingClient
from tests.web.signed_in_clients import WARD, csrf_token, signed_in_client
from tests.web.workshop.drawing_form import LAM, NEW, SCREENS, DrawingForm

pytestmark = pytest.mark.usefixtures("six_pictures")


@pytest.mark.slow
def test_a_practice_of_six_screens_is_made_with_forms_alone(author):
    drawing = DrawingForm(author, NEW)
    assert drawing.status == 200 and "màn đầu tiên" in drawing.said[0]
    for number, title in enumerate(SCREENS, 1):
        drawing.press("ghi", man_moi=title, man_anh=f"images/man-{number}.png", man_mo_ta=f"Ảnh màn {title}.")
    drawing.press("mo-0")
    for number in range(5):
        name = f"Ô số {number + 1}"
        drawing.press("ghi", viec=f"Chạm “{name}”.", moi_ten=name, moi_trai="10,5", moi_cao="9")
        drawing.press(f"mo-{number + 1}")
    assert drawing.problems(besides="missing-file") == []
    drawing.press("luu", why="vẽ xong")
    assert drawing.said == ["Đã lưu, bản 1. Người học thấy khi bài được đăng."]
    saved = author.get(f"/soan/vneid/{NEW}").text
    assert "- [vùng] Ô số 1 {x=10.5 y=40 w=80 h=9} =&gt; Tìm tên" in saved
    assert drawing.text.count("## ") == 6 and drawing.text.count("=> ") == 5


@pytest.mark.slow
def test_one_button_does_what_was_typed_anywhere_and_its_own_action(author):
    drawing = DrawingForm(author, NEW)
    for title in SCREENS[:3]:
        drawing.press("ghi", man_moi=title, man_anh="images/man-1.png", man_mo_ta="Ảnh.")
    drawing.press("mo-1")
    drawing.press("ghi", ten="Tìm một tên", viec="Chạm tên.", moi_ten="Anh Ba", moi_toi="2")
    assert "## Tìm một tên\n> Việc: Chạm tên.\n" in drawing.text
    assert "- [vùng] Anh Ba {x=10 y=40 w=80 h=10} => Trang của người ấy" in drawing.text
    drawing.press("ghi", ten_1="Chị Tư", toi_1="0", mui_1="x>", trai_1="0", bat_dau="1", dich="0")
    assert "- [vùng] Chị Tư {x=0 y=40 w=80 h=10} x> Mở danh bạ" in drawing.text
    assert "bắt đầu: Tìm một tên\n---" in drawing.text and "## Mở danh bạ {loại=kết}\n" in drawing.text
    drawing.press("ghi", bao_1="Chị Tư ở danh bạ khác.")
    assert "=> " not in drawing.text and "  - báo: Chị Tư ở danh bạ khác.\n" in drawing.text
    drawing.press("bo-vung-1")
    assert "Chị Tư" not in drawing.text
    drawing.press("bo-man-1")
    assert "Tìm một tên" not in drawing.text and "bắt đầu" not in drawing.text


@pytest.mark.slow
def test_what_a_button_stands_at_is_removed_whatever_was_added_above_it(author):
    drawing = DrawingForm(author, NEW)
    drawing.press(
        "ghi", text="---\ntên: A\n---\n\n## Một\n\n- [nút] Lưu\n- [nút] Hủy\n- [nút] Đóng\n\n## Hai\n\n## Ba\n"
    )
    drawing.press("bo-vung-1", anh_0="images/man-1.png")
    assert (
        "Hủy" not in drawing.text and "- [ảnh] Một {src=images/man-1.png}\n- [nút] Lưu\n- [nút] Đóng\n" in drawing.text
    )
    drawing.press("bo-vung-1", moi_ten="Ô mới")
    assert "Lưu" not in drawing.text and "} => Hai\n- [nút] Đóng\n" in drawing.text
    drawing.press("mo-2")
    drawing.press("bo-man-2", man_moi="Giữa", man_sau="0")
    assert [line for line in drawing.text.split("\n") if line.startswith("#")] == ["## Một", "## Giữa", "## Hai"]
    drawing.press("mo-2", man_moi="Nữa", man_sau="0")
    assert drawing.page.get_element_by_id("man-nay").text_content() == "Màn 4: Hai"


def practice_problems(drawing: DrawingForm) -> list[str]:
    """The problems but for other files of the lesson, which a test has not."""
    return drawing.problems(besides="missing-file")


@pytest.mark.slow
def test_fields_messages_and_hints_are_added_and_edited_with_forms_alone(author):
    drawing = DrawingForm(author, NEW)
    drawing.press("ghi", man_moi="Nhập mã", man_anh="images/man-1.png", man_mo_ta="Ảnh.")
    drawing.press("ghi", man_moi="Xong")
    drawing.press("mo-0")
    drawing.press(
        "ghi",
        viec="Gõ mã.",
        goi_y_0="Mã ở tin nhắn.",
        moi_ten="Gửi",
        moi_tin_tu="Hệ thống",
        moi_tin_chu="Mã là 482915.",
    )
    drawing.press("ghi", moi_o_ten="Mã OTP", moi_o_kieu="number", moi_o_dung="482915")
    assert (
        """\
> Việc: Gõ mã.
> Gợi ý: Mã ở tin nhắn.

- [ảnh] Nhập mã {src=images/man-1.png}
  - mô tả: Ảnh.
- [vùng] Gửi {x=10 y=40 w=80 h=10} => Xong
- [tin nhắn] Hệ thống {giây=3}
  - nội dung: Mã là 482915.
- [ô số] Mã OTP = 482915
"""
        in drawing.text
    )
    assert practice_problems(drawing) == ["“Mã OTP”: ghi ô “Nói gì khi gõ chưa đúng”. Vì sao, dòng 17"]
    drawing.press(
        "ghi", o_sai_3="Bác xem lại tin nhắn.", tin_chu_2="Mã là 111222.", o_dung_3="111222", goi_y_0="Kéo tin xuống."
    )
    assert practice_problems(drawing) == []
    assert "- [ô số] Mã OTP = 111222\n  - sai: Bác xem lại tin nhắn.\n" in drawing.text
    assert "nội dung: Mã là 111222." in drawing.text and "> Gợi ý: Kéo tin xuống.\n" in drawing.text
    drawing.press("bo-vung-2", moi_o_ten="Tôi đồng ý", moi_o_kieu="switch", goi_y_0="")
    assert "Hệ thống" not in drawing.text and "> Gợi ý" not in drawing.text
    assert "gõ chưa đúng" not in drawing.text and "- [công tắc] Tôi đồng ý = bật\n" in drawing.text


@pytest.mark.slow
def test_the_answer_says_where_everything_stands_now(author):
    drawing = DrawingForm(author, NEW)
    first = "## Một\n> Việc: Chạm.\n> Gợi ý: Nhất.\n> Gợi ý: Nhì.\n\n- [nút] Lưu\n- [nút] Hủy\n- [nút] Đóng\n\n"
    drawing.press("ghi", text=f"---\ntên: A\n---\n\n{first}## Hai\n\n## Ba\n")
    drawing.press("bo-vung-1", goi_y_0="", anh_0="images/man-1.png", man_moi="Giữa", man_sau="0")
    assert json.loads(drawing.form.get("data-moves")) == {
        "screens": {"0": 0, "1": 2, "2": 3},
        "items": {"0": 1, "2": 2},
        "hints": {"1": 0, "2": 1},
    }
    drawing.press("bo-man-0")
    assert json.loads(drawing.form.get("data-moves"))["screens"] == {"1": 0, "2": 1, "3": 2}


@pytest.mark.slow
def test_a_shipped_practice_keeps_every_other_line_and_shows_its_problems_at_their_screen(author, courses):
    before = (courses / "vneid" / LAM).read_text("utf-8")
    drawing = DrawingForm(author, LAM)
    assert drawing.text == before
    assert drawing.page.find_class("phone")  # a screen without a picture is drawn
    drawing.press("ghi")
    assert drawing.text == before
    leading = next(name for name, value in drawing.form.fields.items() if name.startswith("toi-") and value)
    drawing.press("ghi", **{leading: ""})
    changed = [line for line in before.split("\n") if line not in drawing.text.split("\n")]
    assert len(changed) == 1 and " => " in changed[0]
    assert any("arrow" in sentence or "dẫn" in sentence for sentence in drawing.problems())


@pytest.mark.slow
def test_problems_name_the_fields_of_the_page_and_are_counted_in_this_file_alone(author):
    drawing = DrawingForm(author, NEW)
    assert "Thêm ít nhất một màn: từ ảnh chụp" in drawing.problems()[0]
    assert re.search(r"Vì sao, dòng \d+$", drawing.problems()[0]), "a rule's English name is not read aloud"
    for title in SCREENS[:2]:
        drawing.press("ghi", man_moi=title, man_anh="images/man-1.png", man_mo_ta="Ảnh.")
    drawing.press("mo-0")
    drawing.press("ghi", moi_ten="Danh bạ", moi_toi="")
    drawing.press("ghi", moi_ten="Quà tặng", moi_toi="1", moi_mui="x>")
    sentences = [problem.rpartition(" Vì sao")[0] for problem in drawing.problems()]
    labels = set(drawing.page.xpath("//label/text()"))
    asked = {
        "Ghi ô “Việc phải làm ở màn này”.",
        "“Danh bạ”: chọn màn ở ô “Dẫn tới”.",
        "“Quà tặng”: ghi ô “Nói gì khi chạm”, giải thích vì sao đây là bẫy.",
    }
    assert asked <= set(sentences)
    assert all(label in labels for label in ("Việc phải làm ở màn này", "Dẫn tới", "Nói gì khi chạm"))
    heading = drawing.page.get_element_by_id("cac-man").text_content()
    of_others = [
        item for item in drawing.page.find_class("drawing__problem") if item.xpath("./a[contains(@href, '.md')]")
    ]
    assert of_others
    shown = len(drawing.page.find_class("drawing__problem")) - len(of_others)
    elsewhere = sum(
        int(text.split()[0])
        for text in drawing.page.xpath("//li[@data-card='1']//span/text()[contains(., 'chỗ cần xem')]")
    )
    assert heading == f"2 màn, {shown + elsewhere} chỗ cần xem"


@pytest.mark.slow
def test_a_second_way_without_a_screen_yet_stays_a_side_way(author):
    drawing = DrawingForm(author, NEW)
    for title in SCREENS[:2]:
        drawing.press("ghi", man_moi=title, man_anh="images/man-1.png", man_mo_ta="Ảnh.")
    drawing.press("mo-0")
    drawing.press("ghi", moi_ten="Danh bạ", moi_toi="1")
    drawing.press("ghi", moi_ten="Trợ giúp", moi_toi="", moi_mui="->")
    place = next(name[4:] for name, value in drawing.form.fields.items() if name[:4] == "ten-" and value == "Trợ giúp")
    assert drawing.form.fields[f"mui-{place}"] == "->"
    drawing.press("ghi", **{f"toi-{place}": "1"})
    assert "- [vùng] Trợ giúp {x=10 y=40 w=80 h=10} -> Tìm tên" in drawing.text


@pytest.mark.slow
def test_a_trap_that_leads_nowhere_yet_is_asked_for_its_screen(author):
    drawing = DrawingForm(author, NEW)
    drawing.press("ghi", man_moi="Mở máy", man_anh="images/man-1.png", man_mo_ta="Ảnh.")
    drawing.press("ghi", moi_ten="Quà tặng", moi_toi="", moi_mui="x>")
    asked = ["“Quà tặng”: bác chọn màn ở ô “Dẫn tới” trước, rồi chọn là đường đúng, lối phụ hay bẫy."]
    assert drawing.status == 422 and drawing.said == asked
    assert "- [vùng] Quà tặng {x=10 y=40 w=80 h=10}\n" in drawing.text
    drawing.press("ghi", mui_1="->")
    assert drawing.status == 422 and drawing.said == asked
    drawing.press("ghi")
    assert drawing.status == 200 and drawing.said == []


@pytest.mark.slow
def test_two_who_draw_at_once_both_keep_their_screens(author, app, courses):
    other = signed_in_client(app, "Mai", {"author"}, CITY)
    mine, theirs = DrawingForm(author, LAM), DrawingForm(other, LAM)
    theirs.press("luu", ten=theirs.form.fields["ten"] + " nhé")
    mine.press("luu", man_moi="Màn cuối cùng")
    assert mine.status == 409 and "Mai đã lưu trong lúc bác viết" in mine.said[0]
    assert "nhé" in mine.text and "## Màn cuối cùng" in mine.text


@pytest.mark.slow
def test_what_was_typed_in_the_editor_and_not_saved_is_drawn_and_goes_back(author, courses):
    editor = author.page(f"/soan/vneid/{LAM}")
    button = editor.xpath("//button[contains(., 'Vẽ bài tập')]")[0]
    text = (courses / "vneid" / LAM).read_text("utf-8") + "\n## Màn gõ tay\n> Việc: Chạm.\n%% chưa lưu\n"
    fields = {"csrf_token": csrf_token(author), "text": text, "parent": "0", "do": button.get("value")}
    drawing = DrawingForm(author, LAM)
    drawing.show(author.post(button.get("formaction"), data=fields, content_type="multipart/form-data"))
    assert drawing.text == text and "Màn gõ tay" in drawing.page.text_content()
    back = drawing.page.xpath("//button[contains(., 'Sửa bằng chữ')]")[0]
    fields |= {"do": back.get("value"), "text": drawing.text}
    page = author.post(back.get("formaction"), data=fields, content_type="multipart/form-data").text
    assert "%% chưa lưu" in page


def without_screens(author: CheckingClient, text: str) -> DrawingForm:
    """The drawing after "Bỏ hết các màn, vẽ từ đầu"."""
    drawing = DrawingForm(author, NEW)
    fields = {"csrf_token": drawing.form.fields["csrf_token"], "text": text, "parent": "0", "do": "bo-het"}
    drawing.show(author.post(drawing.address, data=fields, content_type="multipart/form-data"))
    return drawing


@pytest.mark.slow
def test_the_screens_of_the_sample_go_at_once_with_its_numbers_and_task_card(author):
    drawing = without_screens(author, practice_text("Gọi điện"))
    assert drawing.text.rstrip() == drawn_practice_text("Gọi điện").rstrip()
    assert not any("mẫu" in sentence for sentence in drawing.problems())
    drawing.press("ghi", man_moi="Mở máy", man_anh="images/man-1.png", man_mo_ta="Màn chính.")
    assert not drawing.page.xpath("//button[@value='bo-het']")


def test_what_an_author_wrote_over_the_sample_stays_when_its_screens_go(author):
    card = "thẻ việc: Bác đóng vai cô Tư, số định danh **{{cccd}}**."
    text = re.sub("^thẻ việc: .*$", card, practice_text("Gọi điện"), flags=re.MULTILINE)
    drawing = without_screens(author, text.replace("Bác giới thiệu bài tập bằng một hai câu.", "Gọi cho con."))
    assert card in drawing.text and 'cccd: "099060000123"' in drawing.text and "\nGọi cho con.\n" in drawing.text


@pytest.mark.parametrize("path", ["02-kich-hoat/hieu.md", "course.md", "02-kich-hoat/dung.md", "khac/lam.md"])
def test_only_a_practice_has_a_drawing(author, path):
    assert author.get(f"/soan/ve/vneid/{path}").status_code == 404


def test_an_author_of_a_ward_does_not_draw_in_a_course_of_the_city(app, courses):
    client = signed_in_client(app, "Lan", {"author"}, WARD)
    assert client.get(f"/soan/ve/vneid/{LAM}").status_code == 403
    data = {"csrf_token": csrf_token(client), "khoa": "vneid", "tep": LAM, "text": "", "da-nhin": "1"}
    assert client.post("/soan/them-man", data=data, content_type="multipart/form-data").status_code == 403


@pytest.mark.slow
def test_a_drawn_phone_is_in_the_language_of_its_text_whatever_the_author_reads(author):
    def phone() -> str:
        page = author.page(f"/soan/ve/vneid/{LAM}")
        [shown] = page.find_class("drawing__phone")
        [legend] = shown.xpath("legend")
        assert legend.get("lang", shown.get("lang")) == (page.get("lang") if shown.get("lang") else None)
        legend.drop_tree()
        shown.attrib.pop("lang", None)
        return html.tostring(shown, encoding="unicode")

    vietnamese = phone()
    author.get("/soan?lang=en")
    assert phone() == vietnamese

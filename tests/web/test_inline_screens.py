"""A small drawn phone between the paragraphs of hieu.md, and on the wall."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lms.content.catalog import Catalog
from lms.learning.classroom.session.steps import lesson_steps
from lms.web.classroom.wall.boards import slide_board
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of
from tests.web.sample_course import write_courses

HIEU = """---
tên: Kích hoạt
phút: 3
---

## Chạm nhẹ

::: chạm thử
=> Cửa vào
:::

Vậy là chạm.

## Cuộc gọi lạ

::: chạm thử tự tìm
Họ xin mã. Bác làm gì?
=> Có người gọi
:::

::: hỏi
Mã OTP gửi về đâu?
- [x] Máy có số đã khai
- [ ] Máy nào cũng được
  > Mã chỉ về số đã khai.
:::
"""
LAM = """---
tên: Kích hoạt tài khoản
bắt đầu: Cửa vào
đích: Xong
dữ liệu:
  số: "0100000777"
---

## Cửa vào {loại="trang chủ"}
> Việc: Chạm "VNeID".
> Vì sao: Một chạm là mở.

- [biểu tượng] VNeID => Có người gọi
- [biểu tượng] Máy ảnh

## Có người gọi {loại="cuộc gọi"}
> Việc: Chọn cách an toàn.
> Nói: Số {{số}} đây.

- [nút] Đọc mã x> Mất mã
  - báo: Mã này mở được cửa nhà bác.
- [nút] Tắt máy => Xong

## Mất mã {loại=lạc}
> Lạc: Bác dừng lại là kịp.

- [quay lại] Về cuộc gọi => Có người gọi

## Xong {loại=kết}
"""
PAGE = "/vneid/kich-hoat/hieu"


def write(folder: Path) -> Path:
    lesson = write_courses(folder) / "vneid/02-kich-hoat"
    (lesson / "hieu.md").write_text(HIEU, "utf-8")
    (lesson / "lam.md").write_text(LAM, "utf-8")
    return folder


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write


def test_the_phone_stands_between_the_paragraphs_with_its_task(lan: CheckingClient) -> None:
    page = lan.page(PAGE)
    first, second = page.xpath("//inline-screen")
    assert text_of(first.xpath("./div")[0]) == 'Chạm "VNeID".'
    assert text_of(second.xpath("./div")[0]) == "Họ xin mã. Bác làm gì?"
    assert first.getnext().text_content().strip() == "Vậy là chạm."
    assert "MÀN HÌNH TẬP" in text_of(first)


def test_the_phone_can_send_nothing(lan: CheckingClient) -> None:
    for phone in lan.page(PAGE).xpath("//inline-screen"):
        assert not phone.xpath(".//form | ancestor::form | .//input | .//*[@form]")


def test_without_a_script_the_control_is_pointed_at_and_the_phone_is_only_to_look_at(lan: CheckingClient) -> None:
    page = lan.page(PAGE)
    pointed = page.xpath("//inline-screen//button[contains(@class, ' pointed')]")
    assert [text_of(button) for button in pointed] == ["VNeID", "Tắt máy"]
    assert len(page.xpath("//inline-screen//fieldset[@disabled]")) == 2
    said = text_of(page.xpath("//inline-screen")[0])
    assert "Chỗ cần chạm có viền vàng" in said
    assert "Máy này" not in said  # it is no fault of the phone


def test_every_tap_has_its_answer_in_the_page(lan: CheckingClient) -> None:
    first, second = lan.page(PAGE).xpath("//inline-screen")
    answers = {note.get("data-note"): text_of(note) for note in second.xpath(".//*[@data-note]")}
    assert answers["stay 0"].startswith("Đây là bài tập nên không mất gì.")
    assert answers["stay 0"].endswith("Mã này mở được cửa nhà bác.")
    assert answers["right"] == "Đúng rồi, bác chạm trúng chỗ."
    assert set(answers) == {"right", "stay 0", "miss"}
    assert first.get("data-expected") == "0"
    assert text_of(first.xpath(".//*[@data-note='right']")[0]).endswith("Một chạm là mở.")
    assert first.xpath(".//*[@data-note='idle'][@hidden]")


def test_only_a_page_with_drawn_phones_loads_their_styles_and_script(lan: CheckingClient) -> None:
    files = lan.page(PAGE).xpath("//link/@href | //script/@src")
    assert any("phone+app+call+home+pointed+inline-screen" in file for file in files)
    assert any(file.endswith("inline-screen.js") for file in files)
    others = lan.page("/vneid/ba-loai-ma/hieu").xpath("//link/@href | //script/@src")
    assert not any("phone" in file or "inline-screen" in file for file in others)


def test_a_slide_shows_the_phone_and_points_only_where_the_author_points(shared_catalog: Catalog) -> None:
    lesson = shared_catalog.library.lesson("vneid", "kich-hoat")
    slides = [step for step in lesson_steps(lesson) if step.kind == "slide"]
    first, second = (slide_board(lesson, section, 1) for section in lesson.understand.sections)
    assert len(slides) == 2
    assert first.inline_screen.wall_still.pointed_widget == 0
    assert second.inline_screen.wall_still.pointed_widget is None
    assert second.title == "Cuộc gọi lạ"
    assert [part.html for part in first.parts] == ["<p>Vậy là chạm.</p>"]


def test_a_drawn_phone_is_no_question_of_the_class(shared_catalog: Catalog) -> None:
    steps = lesson_steps(shared_catalog.library.lesson("vneid", "kich-hoat"))
    assert [step.title for step in steps if step.kind == "question"] == ["Câu hỏi 1"]

"""A practice as a drawing: whatever is drawn stands in lam.md as the reader reads it, and all else stays as it was."""

from __future__ import annotations

import difflib
import random
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from lms.content.practice.storyboard import read_practice_with_problems
from lms.content.practice_drawing import edit_fields, edit_items, edit_screens, edit_spots
from lms.content.practice_drawing.drawing import Drawing, read_drawing
from lms.content.practice_drawing.verified_edits import NotDrawable
from tests.real_courses import library

TODAY = date(2026, 11, 29)
SIX = """---
tên: Gửi tin
%% ghi chú ở đầu tệp
đích: Xong
---

Bác tập gửi tin.

## Mở  ứng dụng
> Việc: Chạm hình tin nhắn.
> Gợi ý: Ở hàng dưới.

- [ảnh] Màn hình chính {src=images/man-1.png}
  - mô tả: Các hình, dưới cùng là tin nhắn.
- [vùng] Tin nhắn {x=10 y=80,5 w=20 h=12} => Danh sách tin
%% chỗ này hay đổi
- [vùng] Điện thoại {x=40 y=80 w=20 h=12} -> #goi-dien
  - báo: Đây là điện thoại.

%% màn dưới chụp ở máy Android
## Danh sách tin {#tin}
> Việc: Chạm tên con trai.

- [ảnh] Danh sách {src="images/man-2.png"}
  - mô tả: Con trai ở dòng đầu.
- [vùng] Con trai {x=0 y=10 w=100 h=12} => Xong
- [vùng] Số lạ {x=0 y=24 w=100 h=12} x> Gọi điện
  - báo: Số lạ hay lừa.
  - chí tử: có

## Gọi điện
> Lạc: Bác đang ở chỗ gọi điện.
- [quay lại] Về => Mở ứng dụng

## Xong {loại=kết}
Bác làm xong rồi.
"""


@cache
def texts() -> tuple[str, ...]:
    """Practices as people write them: the shipped ones, with notes, and with the endings of Windows."""
    opening, rest = SIX.split("\n", 1)
    noted = "\n".join([opening, *(f"  %% ghi chú [nút] =>\n{line}" for line in rest.split("\n"))])
    practices = [practice for course in library() for lesson in course.lessons for practice in lesson.practices]
    shipped = [Path(practice.path).read_text("utf-8") for practice in practices]
    return (SIX, SIX.replace("\n", "\r\n"), noted, *shipped)


Edit = Callable[[str], str]


def random_edit(rng: random.Random, drawing: Drawing) -> Edit:
    """An edit that somebody could make of this drawing."""
    count = len(drawing.screens)
    number = rng.randrange(count)
    screen = drawing.screens[number]
    title, sentence = (
        f"Màn {rng.randrange(10**6)}: mới",
        rng.choice(["Chạm “Gửi”.", "Gõ 12 số – rồi chờ.", "A & B (x)"]),
    )
    rectangle = tuple(rng.uniform(-20, 120) for _ in range(4))
    edits: list[Edit] = [
        lambda text: edit_screens.rename_screen(text, number, title),
        lambda text: edit_screens.add_screen(text, title, rng.choice([None, number]), "images/a.png", sentence),
        lambda text: edit_screens.set_start(text, number),
        lambda text: edit_screens.set_screen_part(text, number, rng.choice(["step", "wrong", "end"])),
        lambda text: edit_screens.set_picture(text, number, f"images/{rng.randrange(99)}.png", sentence),
    ]
    if screen.task:
        edits.append(lambda text: edit_screens.set_task(text, number, sentence))
    if screen.pictures:
        name, arrow, target = f"Ô {rng.randrange(10**6)}", rng.choice(["=>", "->", "x>"]), rng.randrange(count)
        edits.append(lambda text: edit_spots.add_area(text, number, 0, rectangle, name, arrow, target))
    if screen.spots:
        spot = rng.choice(screen.spots)
        edits.append(lambda text: edit_spots.rename_spot(text, number, spot.place, f"Nút {rng.randrange(10**6)}"))
        edits.append(lambda text: edit_items.delete_item(text, number, spot.place))
        edits.append(
            lambda text: edit_spots.set_spot_target(
                text, number, spot.place, rng.choice(["=>", "->"]), rng.randrange(count)
            )
        )
        if spot.role == "area":
            edits += [lambda text: edit_spots.move_area(text, number, spot.place, rectangle)] * 3
    index, role = rng.randrange(len(screen.hints) + 1), rng.choice(edit_fields.NEW_FIELD_ROLES)
    edits.append(lambda text: edit_screens.set_hint(text, number, index, rng.choice([sentence, ""])))
    edits.append(lambda text: edit_fields.add_field(text, number, role, f"Ô {rng.randrange(10**6)}", "482915"))
    edits.append(lambda text: edit_fields.add_message(text, number, "Hệ thống", sentence))
    if screen.fields:
        field = rng.choice(screen.fields)
        edits.append(
            lambda text: edit_fields.set_field(text, number, field.place, "Ô khác", field.value or "1", sentence)
        )
        edits.append(lambda text: edit_items.delete_item(text, number, field.place))
    if screen.messages:
        message = rng.choice(screen.messages)
        edits.append(lambda text: edit_fields.set_message(text, number, message.place, "Phường", sentence))
    if count > 2:
        edits.append(lambda text: edit_screens.delete_screen(text, rng.randrange(count)))
    return rng.choice(edits)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_after_any_edits_the_drawing_says_what_the_reader_reads(seed):
    rng = random.Random(seed)
    for text in rng.sample(texts(), 8):
        for _ in range(10):
            text = random_edit(rng, read_drawing(text))(text)
        practice, _, _ = read_practice_with_problems(text, "lam.md", name="x", today=TODAY)
        drawing = read_drawing(text)
        ids = [screen.id for screen in practice.screens]
        assert [screen.title for screen in drawing.screens] == [screen.title for screen in practice.screens]
        assert [screen.kind for screen in drawing.screens] == [screen.kind for screen in practice.screens]
        for drawn, read in zip(drawing.screens, practice.screens, strict=True):
            assert drawn.task == (read.task or "")
            for spot in drawn.spots:
                widget = read.widgets[spot.place]
                assert (spot.label, spot.arrow, spot.rectangle) == (widget.label, widget.arrow, widget.area)
                assert widget.target == (None if spot.target is None else ids[spot.target])
            assert drawn.hints == tuple(read.hints)
            for field in drawn.fields:
                assert (field.role, field.label) == (read.widgets[field.place].role, read.widgets[field.place].label)
            for message in drawn.messages:
                assert message.body == (read.widgets[message.place].body or "")
            assert [picture.source for picture in drawn.pictures] == [
                widget.src for widget in read.widgets if widget.role == "image"
            ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_an_edit_leaves_the_other_lines_as_they_are_byte_for_byte(seed):
    rng = random.Random(seed)
    for text in rng.sample(texts(), 20):
        drawing = read_drawing(text)
        number = rng.randrange(len(drawing.screens))
        title = "Một tên khác hẳn"
        changed = edit_screens.rename_screen(text, number, title)
        assert all(title in line for line in added_lines(text, changed))
        areas = [(n, spot) for n, screen in enumerate(drawing.screens) for spot in screen.spots if spot.role == "area"]
        if areas:
            number, spot = rng.choice(areas)
            moved = edit_spots.move_area(text, number, spot.place, (1.5, 2, 3, 4))
            assert len(added_lines(text, moved)) == 1
            assert edit_spots.move_area(moved, number, spot.place, (1.5, 2, 3, 4)) == moved
        longer = edit_screens.add_screen(text, title)
        assert longer.startswith(text.rstrip("\r\n"))
        assert edit_screens.delete_screen(longer, len(drawing.screens)).rstrip() == text.rstrip()


def added_lines(before: str, after: str) -> list[str]:
    """The lines of ``after`` that ``before`` lacks."""
    compared = difflib.ndiff(before.split("\n"), after.split("\n"))
    return [line[2:] for line in compared if line.startswith("+ ")]


def test_a_new_title_is_followed_wherever_the_old_one_is_named():
    changed = edit_screens.rename_screen(SIX, 2, "Màn gọi")
    assert added_lines(SIX, changed) == [
        "- [vùng] Điện thoại {x=40 y=80 w=20 h=12} -> Màn gọi",
        "- [vùng] Số lạ {x=0 y=24 w=100 h=12} x> Màn gọi",
        "## Màn gọi",
    ]
    assert "## Mở máy\n" in edit_screens.rename_screen(SIX, 0, "Mở máy")
    assert "đích: Hết\n" in edit_screens.rename_screen(SIX, 3, "Hết")
    assert "## Tin {#tin}" in edit_screens.rename_screen(SIX, 1, "Tin")


def test_an_area_is_moved_by_its_numbers_alone():
    moved = edit_spots.move_area(SIX, 0, 1, (10, 70.04, 20, 12))
    assert "- [vùng] Tin nhắn {x=10 y=70 w=20 h=12} => Danh sách tin\n%% chỗ này" in moved
    assert "{x=0 y=90 w=100 h=10} => Xong" in edit_spots.move_area(SIX, 1, 1, (-5, 120, 300, 10))
    lost = SIX.replace("{x=0 y=10 w=100 h=12}", "{x=0}").replace(" {x=10 y=80,5 w=20 h=12}", "")
    assert "{x=5 y=6 w=7 h=8} => Xong" in edit_spots.move_area(lost, 1, 1, (5, 6, 7, 8))
    assert "- [vùng] Tin nhắn {x=5 y=6 w=7 h=8}" in edit_spots.move_area(lost, 0, 1, (5, 6, 7, 8))


def test_a_note_stays_with_the_screen_below_it_when_the_one_above_goes():
    assert "%% màn dưới chụp ở máy Android\n## Danh sách tin {#tin}" in edit_screens.delete_screen(SIX, 0)
    shorter = edit_screens.delete_screen(SIX, 3)
    assert "đích" not in shorter and "- [vùng] Con trai {x=0 y=10 w=100 h=12}\n" in shorter


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: edit_screens.rename_screen(text, 0, "Xong"),
        lambda text: edit_screens.rename_screen(text, 0, "Mở {loại=kết}"),
        lambda text: edit_screens.rename_screen(text, 9, "Mở"),
        lambda text: edit_screens.add_screen(text, " "),
        lambda text: edit_screens.add_screen(text, "Năm {loại=kết}"),
        lambda text: edit_spots.rename_spot(text, 0, 1, "Tin => Xong"),
        lambda text: edit_spots.rename_spot(text, 0, 1, "Tin {x=1}"),
        lambda text: edit_spots.rename_spot(text, 0, 0, "Ảnh"),
        lambda text: edit_spots.add_area(text, 2, 0, (0, 0, 10, 10), "Ô"),
        lambda text: edit_spots.set_spot_target(text, 0, 1, "=>", 9),
        lambda text: edit_screens.set_picture(text, 0, "a.png} => x", "Ảnh"),
    ],
)
def test_what_the_text_cannot_say_is_refused_in_a_sentence(edit):
    with pytest.raises(NotDrawable, match=r"[Bb]ác"):
        edit(SIX)

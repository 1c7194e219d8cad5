"""Edits of what can be tapped: an area is added, moved, named, led to a screen, or removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lms.content.model import Arrow
from lms.content.practice.syntax_tree import DraftWidget
from lms.content.practice.value_syntax import read_number
from lms.content.practice_drawing.drawing import SIDES, Drawing, DrawnScreen, Rectangle, Spot
from lms.content.practice_drawing.edit_items import last_line
from lms.content.practice_drawing.verified_edits import (
    NotDrawable,
    VerifiedEdit,
    drawing_with_screen,
    drawing_with_spot,
    one_line_of_text,
    screen_with_room_at,
)

SMALLEST = 1.0  # percent of a side
_NAME = "Tên của chỗ chạm này có dấu mà bài tập dùng làm dấu riêng. Bác bỏ các dấu như { } = > rồi ghi lại."
_UNREADABLE = "Dòng này trong lam.md còn lỗi nên chưa vẽ được. Bác sửa ở trang chữ trước."


def fit_area_into_picture(rectangle: Rectangle) -> Rectangle:
    """The rectangle inside its picture, with one decimal, so that the two numbers of a side add up to 100 at most."""
    (x, w), (y, h) = (_fit_side(rectangle[side], rectangle[side + 2]) for side in (0, 1))
    return x, y, w, h


def _fit_side(start: float, size: float) -> tuple[float, float]:
    size = min(max(round(size * 10), round(SMALLEST * 10)), 1000)
    start = min(max(round(start * 10), 0), 1000 - size)
    if start / 10 + size / 10 > 100:  # by the last digit of a float
        size -= 1
    return start / 10, size / 10


def add_area(
    text: str,
    screen: int,
    picture: int,
    rectangle: Rectangle,
    label: str,
    arrow: Arrow = "=>",
    target: int | None = None,
) -> str:
    """Add an area below the picture and the areas that it has already.

    Raises:
        NotDrawable: there is no such picture, or the name cannot be written.
    """
    edited = VerifiedEdit(text)
    drawn, rectangle, label = edited.screen(screen), fit_area_into_picture(rectangle), one_line_of_text(label)
    if not 0 <= picture < len(drawn.pictures):
        raise NotDrawable("Màn này chưa có ảnh. Bác chọn ảnh trước rồi vẽ chỗ chạm.")
    if not label:
        raise NotDrawable("Bác đặt tên cho chỗ chạm: chữ ghi ở đó trên ảnh.")
    draft, place = edited.parsed.draft.screens[screen], place_of_new_area(drawn, picture)
    leads = f" {arrow} {_name_of(edited.drawing, target)}" if target is not None else ""
    line = _area_line(rectangle, label) + leads
    edited.changes.insert_below(last_line(draft.widgets[place - 1]), [line])
    added = Spot(place, "area", label, arrow if leads else None, target, rectangle, picture, "")
    return edited.finish(
        lambda drawing: drawing_with_screen(drawing, screen, _with_added(drawing.screens[screen], added)), _NAME
    )


def place_of_new_area(screen: DrawnScreen, picture: int) -> int:
    """Where the next area of a picture stands: below the picture and the areas that it has already."""
    areas = [spot.place for spot in screen.spots if spot.role == "area" and spot.picture == picture]
    return max([*areas, screen.pictures[picture].place]) + 1


def _with_added(screen: DrawnScreen, added: Spot) -> DrawnScreen:
    room = screen_with_room_at(screen, added.place, added.label)
    return replace(room, spots=tuple(sorted((*room.spots, added), key=lambda spot: spot.place)))


def move_area(text: str, screen: int, place: int, rectangle: Rectangle) -> str:
    """Give an area another place or size. Numbers that stay the same stay as they were typed.

    Raises:
        NotDrawable: there is no such area, or its line has an error.
    """
    edited, rectangle = VerifiedEdit(text), fit_area_into_picture(rectangle)
    spot = edited.spot(screen, place)
    if spot.role != "area":
        raise NotDrawable("Chỉ ô trên ảnh mới có chỗ và cỡ.")
    widget = edited.parsed.draft.screens[screen].widgets[place]
    missing: list[tuple[str, float]] = []
    for code, number in zip(SIDES, rectangle, strict=True):
        attribute = widget.parts.attributes.get(code)
        if attribute is None:
            missing.append((code, number))
        elif read_number(attribute.value.text) != number:
            edited.changes.replace_span(attribute.value, f"{number:g}")
    if missing:
        _add_attributes(edited, widget, missing)
    expected = replace(spot, rectangle=rectangle)
    return edited.finish(lambda drawing: drawing_with_spot(drawing, screen, expected), _UNREADABLE)


def rename_spot(text: str, screen: int, place: int, label: str) -> str:
    """Give something to tap another name.

    Raises:
        NotDrawable: there is no such thing, or the name cannot be written.
    """
    edited, label = VerifiedEdit(text), one_line_of_text(label)
    spot = edited.spot(screen, place)
    if not label:
        raise NotDrawable("Bác đặt tên cho chỗ chạm: chữ ghi ở đó trên ảnh.")
    span = edited.parsed.draft.screens[screen].widgets[place].parts.label
    edited.changes.replace_span(span, label if span.text else f" {label}")
    return edited.finish(lambda drawing: drawing_with_spot(drawing, screen, replace(spot, label=label)), _NAME)


def set_spot_target(text: str, screen: int, place: int, arrow: Arrow, target: int | None) -> str:
    """Lead a spot to a screen, or nowhere: then it loses its arrow.

    Raises:
        NotDrawable: there is no such spot or screen, or the line has an error.
    """
    edited = VerifiedEdit(text)
    spot = edited.spot(screen, place)
    if target is not None:
        edited.screen(target)
    parts = edited.parsed.draft.screens[screen].widgets[place].parts
    line = parts.label.line
    if parts.arrow is None:
        if target is not None:
            edited.changes.append_to_line(line, f" {arrow} {_name_of(edited.drawing, target)}")
    elif target is None:
        before = edited.parsed.diagnostics.source.lines[line][: parts.arrow.column]
        end = len(edited.parsed.diagnostics.source.lines[line])
        edited.changes.replace(line, len(before.rstrip()), end, "")
    else:
        if parts.arrow.text != arrow:
            edited.changes.replace(line, parts.arrow.column, parts.arrow.column + len(parts.arrow.text), arrow)
        if parts.target is not None and spot.target != target:
            edited.changes.replace_span(parts.target, _name_of(edited.drawing, target))
    expected = replace(spot, arrow=None if target is None else arrow, target=target)
    return edited.finish(lambda drawing: drawing_with_spot(drawing, screen, expected), _UNREADABLE)


def set_spot_warning(text: str, screen: int, place: int, warn: str) -> str:
    """Set what a side way or a trap explains (``báo``); "" removes the line.

    Raises:
        NotDrawable: there is no such spot, or the sentence cannot be written.
    """
    edited, warn = VerifiedEdit(text), one_line_of_text(warn)
    spot = edited.spot(screen, place)
    widget = edited.parsed.draft.screens[screen].widgets[place]
    typed = widget.sub_lines.get("warn")
    if typed and warn:
        edited.changes.replace_span(typed, warn)
    elif typed:
        edited.changes.delete(typed.line)
    elif warn:
        edited.changes.insert_below(widget.line, [f"  - báo: {warn}"])
    return edited.finish(lambda drawing: drawing_with_spot(drawing, screen, replace(spot, warn=warn)), _NAME)


def _name_of(drawing: Drawing, target: int) -> str:
    """How an arrow names a screen: by its title, by its id where another screen has the same one."""
    screen = drawing.screens[target]
    is_alone = sum(screen.title == each.title for each in drawing.screens) == 1
    return screen.title if is_alone and screen.title else f"#{screen.id}"


def _area_line(rectangle: Rectangle, label: str) -> str:
    return f"- [vùng] {label} {{{_numbers(zip(SIDES, rectangle, strict=True))}}}"


def _add_attributes(edited: VerifiedEdit, widget: DraftWidget, missing: list[tuple[str, float]]) -> None:
    attributes = widget.parts.attributes.values.values()
    if attributes:
        last = max((each.value for each in attributes), key=lambda value: value.column)
        end, added = last.column + len(last.text), _numbers(missing)
    else:
        end, added = widget.parts.label.column + len(widget.parts.label.text), f"{{{_numbers(missing)}}}"
    edited.changes.replace(widget.line, end, end, f" {added}")


def _numbers(sides: Iterable[tuple[str, float]]) -> str:
    return " ".join(f"{code}={number:g}" for code, number in sides)

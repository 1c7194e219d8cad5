"""Edits of what can be tapped: an area is added, moved, named, led to a screen, or removed."""

from __future__ import annotations

from dataclasses import replace

from lms.content.model import Arrow
from lms.content.practice.syntax_tree import Attribute, DraftWidget
from lms.content.practice.value_syntax import read_number
from lms.content.practice.vocabulary import ATTRIBUTES
from lms.content.practice_drawing.checked import Edited, NotDrawable, clean, with_screen, with_spot
from lms.content.practice_drawing.drawing import SIDES, Drawing, DrawnScreen, Picture, Rectangle, Spot

SMALLEST = 1.0  # percent of a side
_NAME = "Tên của chỗ chạm này có dấu mà bài tập dùng làm dấu riêng. Bác bỏ các dấu như { } = > rồi ghi lại."
_UNREADABLE = "Dòng này trong lam.md còn lỗi nên chưa vẽ được. Bác sửa ở trang chữ trước."


def fit(rectangle: Rectangle) -> Rectangle:
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
    edited = Edited(text)
    drawn, rectangle, label = edited.screen(screen), fit(rectangle), clean(label)
    if not 0 <= picture < len(drawn.pictures):
        raise NotDrawable("Màn này chưa có ảnh. Bác chọn ảnh trước rồi vẽ chỗ chạm.")
    if not label:
        raise NotDrawable("Bác đặt tên cho chỗ chạm: chữ ghi ở đó trên ảnh.")
    draft = edited.parsed.draft.screens[screen]
    areas = [spot.place for spot in drawn.spots if spot.role == "area" and spot.picture == picture]
    above = max([*areas, drawn.pictures[picture].place])
    leads = f" {arrow} {_name_of(edited.drawing, target)}" if target is not None else ""
    edited.changes.insert_below(last_line(draft.widgets[above]), [_area_line(edited, rectangle, label) + leads])
    added = Spot(above + 1, "area", label, arrow if leads else None, target, rectangle, picture, "")
    return edited.finish(
        lambda drawing: with_screen(drawing, screen, _with_added(drawing.screens[screen], added)), _NAME
    )


def _with_added(screen: DrawnScreen, added: Spot) -> DrawnScreen:
    place = added.place
    pictures = tuple(_moved(picture, place) for picture in screen.pictures)
    before = tuple(spot for spot in screen.spots if spot.place < place)
    after = tuple(replace(spot, place=spot.place + 1) for spot in screen.spots if spot.place >= place)
    labels = (*screen.labels[:place], added.label, *screen.labels[place:])
    return replace(screen, pictures=pictures, spots=(*before, added, *after), labels=labels)


def _moved(picture: Picture, place: int) -> Picture:
    return replace(picture, place=picture.place + 1) if picture.place >= place else picture


def move_area(text: str, screen: int, place: int, rectangle: Rectangle) -> str:
    """Give an area another place or size. Numbers that stay the same stay as they were typed.

    Raises:
        NotDrawable: there is no such area, or its line has an error.
    """
    edited, rectangle = Edited(text), fit(rectangle)
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
    return edited.finish(lambda drawing: with_spot(drawing, screen, expected), _UNREADABLE)


def rename_spot(text: str, screen: int, place: int, label: str) -> str:
    """Give something to tap another name.

    Raises:
        NotDrawable: there is no such thing, or the name cannot be written.
    """
    edited, label = Edited(text), clean(label)
    spot = edited.spot(screen, place)
    if not label:
        raise NotDrawable("Bác đặt tên cho chỗ chạm: chữ ghi ở đó trên ảnh.")
    span = edited.parsed.draft.screens[screen].widgets[place].parts.label
    edited.changes.replace_span(span, label if span.text else f" {label}")
    return edited.finish(lambda drawing: with_spot(drawing, screen, replace(spot, label=label)), _NAME)


def lead(text: str, screen: int, place: int, arrow: Arrow, target: int | None) -> str:
    """Lead a spot to a screen, or nowhere: then it loses its arrow.

    Raises:
        NotDrawable: there is no such spot or screen, or the line has an error.
    """
    edited = Edited(text)
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
    return edited.finish(lambda drawing: with_spot(drawing, screen, expected), _UNREADABLE)


def explain(text: str, screen: int, place: int, warn: str) -> str:
    """Set what a side way or a trap explains (``báo``); "" removes the line.

    Raises:
        NotDrawable: there is no such spot, or the sentence cannot be written.
    """
    edited, warn = Edited(text), clean(warn)
    spot = edited.spot(screen, place)
    widget = edited.parsed.draft.screens[screen].widgets[place]
    typed = widget.sub_lines.get("warn")
    if typed and warn:
        edited.changes.replace_span(typed, warn)
    elif typed:
        edited.changes.delete(typed.line)
    elif warn:
        edited.changes.insert_below(widget.line, [f"  - báo: {warn}"])
    return edited.finish(lambda drawing: with_spot(drawing, screen, replace(spot, warn=warn)), _NAME)


def delete_spot(text: str, screen: int, place: int) -> str:
    """Remove something to tap, with the lines that belong to it.

    Raises:
        NotDrawable: there is no such thing.
    """
    edited = Edited(text)
    edited.spot(screen, place)
    widget = edited.parsed.draft.screens[screen].widgets[place]
    edited.changes.delete(widget.line)
    for span in widget.sub_lines.values():
        edited.changes.delete(span.line)

    def without(drawing: Drawing) -> Drawing:
        drawn = drawing.screens[screen]
        pictures = tuple(replace(each, place=each.place - (each.place > place)) for each in drawn.pictures)
        spots = tuple(
            replace(each, place=each.place - (each.place > place)) for each in drawn.spots if each.place != place
        )
        labels = (*drawn.labels[:place], *drawn.labels[place + 1 :])
        return with_screen(drawing, screen, replace(drawn, pictures=pictures, spots=spots, labels=labels))

    return edited.finish(without, _UNREADABLE)


def last_line(widget: DraftWidget) -> int:
    """The last line that belongs to a widget."""
    return max([widget.line, *(span.line for span in widget.sub_lines.values())])


def writes_brackets(edited: Edited) -> bool:
    """Whether the file writes roles in brackets; both styles are equal, and a file keeps to one."""
    widgets = [widget for screen in edited.parsed.draft.screens for widget in screen.widgets]
    return bool(widgets) and not any(widget.is_unbracketed for widget in widgets)


def _name_of(drawing: Drawing, target: int) -> str:
    """How an arrow names a screen: by its title, by its id where another screen has the same one."""
    screen = drawing.screens[target]
    is_alone = sum(screen.title == each.title for each in drawing.screens) == 1
    return screen.title if is_alone and screen.title else f"#{screen.id}"


def _area_line(edited: Edited, rectangle: Rectangle, label: str) -> str:
    numbers = list(zip(SIDES, rectangle, strict=True))
    if writes_brackets(edited):
        return f"- [vùng] {label} {{{' '.join(f'{code}={number:g}' for code, number in numbers)}}}"
    return f"- vùng ({', '.join(f'{_word(code)} {number:g}' for code, number in numbers)}): {label}"


def _add_attributes(edited: Edited, widget: DraftWidget, missing: list[tuple[str, float]]) -> None:
    attributes = [each for each in widget.parts.attributes.values.values() if each.key.line == widget.line]
    if attributes:
        last = max(attributes, key=lambda each: each.value.column)
        edited.changes.replace(
            widget.line,
            last.value.column + len(last.value.text),
            last.value.column + len(last.value.text),
            "".join(_attribute_like(edited, last, code, number) for code, number in missing),
        )
    elif widget.is_unbracketed:
        end = widget.typed_role.column + len(widget.typed_role.text)
        listed = ", ".join(f"{_word(code)} {number:g}" for code, number in missing)
        edited.changes.replace(widget.line, end, end, f" ({listed})")
    else:
        end = widget.parts.label.column + len(widget.parts.label.text)
        listed = " ".join(f"{code}={number:g}" for code, number in missing)
        edited.changes.replace(widget.line, end, end, f" {{{listed}}}")


def _attribute_like(edited: Edited, other: Attribute, code: str, number: float) -> str:
    """An attribute written as another one of its line is."""
    between = edited.parsed.diagnostics.source.lines[other.key.line][other.key.column : other.value.column]
    return f" {code}={number:g}" if "=" in between else f", {_word(code)} {number:g}"


def _word(code: str) -> str:
    return ATTRIBUTES.spellings(code)[1]

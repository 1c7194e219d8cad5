"""Edits of what a screen asks and says: something to fill in with its right value, and messages that come in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from lms.content.practice.syntax_tree import DraftScreen, DraftWidget
from lms.content.practice.vocabulary import ROLES, SWITCH
from lms.content.practice_drawing.drawing import DrawnScreen, Field, Message, Picture, Spot
from lms.content.practice_drawing.edit_items import last_line
from lms.content.practice_drawing.verified_edits import (
    NotDrawable,
    VerifiedEdit,
    drawing_with_screen,
    one_line_of_text,
    screen_with_room_at,
)

# Others are typed as text: a choice needs its items, a password a name of data.
NewFieldRole = Literal["number", "text", "switch"]
NEW_FIELD_ROLES: tuple[NewFieldRole, ...] = ("number", "text", "switch")
_Item = TypeVar("_Item", Field, Message)
SECONDS = 3  # until a new message comes in
_SENTENCE = "Chữ này có dấu mà bài tập dùng làm dấu riêng. Bác bỏ các dấu như { } = > rồi ghi lại."
_NO_NAME = "Bác đặt tên cho ô: chữ ghi ở đó, như “Mã OTP”."
_NO_VALUE = "Bác ghi chữ đúng của ô “{}”: chữ hay số mà người học phải gõ."
_NO_SENDER = "Bác ghi tin nhắn này của ai, như “Hệ thống”."
_NO_BODY = "Bác ghi chữ trong tin nhắn."
_GONE = "Chỗ này không còn trong bài. Bác tải lại trang rồi làm tiếp."


def add_field(text: str, screen: int, role: NewFieldRole, label: str, value: str) -> str:
    """Add something to fill in below what the screen has of pictures, messages and fields.

    Raises:
        NotDrawable: it has no name or no right value, or they cannot be written. A switch has to be on.
    """
    edited, label, value = VerifiedEdit(text), one_line_of_text(label), one_line_of_text(value)
    drawn = edited.screen(screen)
    if role == "switch":
        value = SWITCH.spelling("bật")
    if not label:
        raise NotDrawable(_NO_NAME)
    if not value:
        raise NotDrawable(_NO_VALUE.format(label))
    place, word = place_of_new_field(drawn), ROLES.spelling(role)
    _insert(edited, screen, place, [f"- [{word}] {label} = {value}"])
    added = Field(place, role, label, value, "")
    return edited.finish(lambda drawing: drawing_with_screen(drawing, screen, _with_field(drawn, added)), _SENTENCE)


def set_field(text: str, screen: int, place: int, label: str, value: str, wrong_message: str) -> str:
    """Give a field another name, right value, or sentence for a wrong one (``sai``; "" removes it).

    Raises:
        NotDrawable: there is no such field, or something cannot be written.
    """
    edited, label, value, wrong_message = (
        VerifiedEdit(text),
        one_line_of_text(label),
        one_line_of_text(value),
        one_line_of_text(wrong_message),
    )
    drawn = edited.screen(screen)
    known = _find(drawn.fields, place)
    if not label:
        raise NotDrawable(_NO_NAME)
    if known.value and not value:
        raise NotDrawable(_NO_VALUE.format(label))
    widget = edited.parsed.draft.screens[screen].widgets[place]
    _rename(edited, widget, label)
    if known.value != value:
        if widget.parts.value is not None:
            edited.changes.replace_span(widget.parts.value, value)
        else:
            edited.changes.append_to_line(widget.line, f" = {value}")
    _set_sub_line(edited, widget, "wrong", "sai", wrong_message)
    changed = replace(known, label=label, value=value, wrong=wrong_message)
    expected = replace(_labelled(drawn, place, label), fields=_with(drawn.fields, changed))
    return edited.finish(lambda drawing: drawing_with_screen(drawing, screen, expected), _SENTENCE)


def add_message(text: str, screen: int, sender: str, body: str) -> str:
    """Add a message that comes in after some seconds, above the fields.

    Raises:
        NotDrawable: it has no sender or no words, or they cannot be written.
    """
    edited, sender, body = VerifiedEdit(text), one_line_of_text(sender), one_line_of_text(body)
    drawn = edited.screen(screen)
    if not sender:
        raise NotDrawable(_NO_SENDER)
    if not body:
        raise NotDrawable(_NO_BODY)
    place, word = place_of_new_message(drawn), ROLES.spelling("sms")
    line = f"- [{word}] {sender} {{giây={SECONDS}}}"
    _insert(edited, screen, place, [line, f"  - nội dung: {body}"])
    added = Message(place, sender, body)
    return edited.finish(lambda drawing: drawing_with_screen(drawing, screen, _with_message(drawn, added)), _SENTENCE)


def set_message(text: str, screen: int, place: int, sender: str, body: str) -> str:
    """Give a message another sender or other words.

    Raises:
        NotDrawable: there is no such message, or something cannot be written.
    """
    edited, sender, body = VerifiedEdit(text), one_line_of_text(sender), one_line_of_text(body)
    drawn = edited.screen(screen)
    known = _find(drawn.messages, place)
    if not sender:
        raise NotDrawable(_NO_SENDER)
    if known.body and not body:
        raise NotDrawable(_NO_BODY)
    widget = edited.parsed.draft.screens[screen].widgets[place]
    _rename(edited, widget, sender)
    _set_sub_line(edited, widget, "body", "nội dung", body)
    changed = replace(known, sender=sender, body=body)
    expected = replace(_labelled(drawn, place, sender), messages=_with(drawn.messages, changed))
    return edited.finish(lambda drawing: drawing_with_screen(drawing, screen, expected), _SENTENCE)


def place_of_new_field(screen: DrawnScreen) -> int:
    """Below the pictures, areas, messages and fields; the buttons stand under it."""
    return _next_place([*_areas(screen), *screen.pictures, *screen.messages, *screen.fields])


def place_of_new_message(screen: DrawnScreen) -> int:
    """Below the pictures, areas and messages."""
    return _next_place([*_areas(screen), *screen.pictures, *screen.messages])


def _find(items: Iterable[_Item], place: int) -> _Item:
    found = next((item for item in items if item.place == place), None)
    if found is None:
        raise NotDrawable(_GONE)
    return found


def _with(items: Iterable[_Item], changed: _Item) -> tuple[_Item, ...]:
    """The items with one that has changed in its place."""
    return tuple(changed if item.place == changed.place else item for item in items)


def _areas(screen: DrawnScreen) -> list[Spot]:
    return [spot for spot in screen.spots if spot.role == "area"]


def _next_place(items: Sequence[Spot | Picture | Message | Field]) -> int:
    return max((item.place for item in items), default=-1) + 1


def _insert(edited: VerifiedEdit, screen: int, place: int, lines: list[str]) -> None:
    """Put the lines of something new where the item of this place stands."""
    draft: DraftScreen = edited.parsed.draft.screens[screen]
    if place > 0:
        edited.changes.insert_below(last_line(draft.widgets[place - 1]), lines)
    elif draft.widgets:
        above = draft.widgets[0].line - 1
        edited.changes.insert_at(edited.changes.line_in_file(above) + 1, lines)
    else:
        quotes = [span.line for spans in draft.quotes.values() for span in spans]
        edited.changes.insert_below(max([draft.line, *quotes]), ["", *lines])


def _rename(edited: VerifiedEdit, widget: DraftWidget, label: str) -> None:
    span = widget.parts.label
    if span.text != label:
        edited.changes.replace_span(span, label if span.text else f" {label}")


def _set_sub_line(edited: VerifiedEdit, widget: DraftWidget, code: str, word: str, sentence: str) -> None:
    typed = widget.sub_lines.get(code)
    if typed and sentence:
        edited.changes.replace_span(typed, sentence)
    elif typed:
        edited.changes.delete(typed.line)
    elif sentence:
        edited.changes.insert_below(widget.line, [f"  - {word}: {sentence}"])


def _labelled(screen: DrawnScreen, place: int, label: str) -> DrawnScreen:
    labels = tuple(label if number == place else old for number, old in enumerate(screen.labels))
    return replace(screen, labels=labels)


def _with_field(screen: DrawnScreen, added: Field) -> DrawnScreen:
    room = screen_with_room_at(screen, added.place, added.label)
    return replace(room, fields=tuple(sorted((*room.fields, added), key=lambda field: field.place)))


def _with_message(screen: DrawnScreen, added: Message) -> DrawnScreen:
    room = screen_with_room_at(screen, added.place, added.sender)
    return replace(room, messages=tuple(sorted((*room.messages, added), key=lambda message: message.place)))

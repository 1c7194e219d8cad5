"""Where screens, and the items and hints of one, stand after edits: for what was typed meanwhile."""

from __future__ import annotations

import re

# As in static/js/workshop/practice-drawing.js, which puts back what was typed while an answer was on its way.
_OF_ITEM = re.compile(r"(?:ten|toi|mui|bao|trai|tren|rong|cao|o-ten|o-dung|o-sai|tin-tu|tin-chu)-(?=\d+$)")
_OF_HINT = re.compile(r"goi-y-(?=\d+$)")
_SCREEN_CHOICE = re.compile(r"toi-\d+$|moi-toi$|bat-dau$|dich$")  # their values are numbers of screens


class NumberChanges:
    """By number in the form's text: the number afterwards, for what is still there."""

    def __init__(self, screen_count: int, item_count: int, hint_count: int) -> None:
        self.screens = {number: number for number in range(screen_count)}
        self.items = {place: place for place in range(item_count)}
        self.hints = {index: index for index in range(hint_count + 1)}  # the last is that of a hint not there yet

    def record_screen_addition(self, index: int) -> None:
        self.screens = _with_room(self.screens, index)

    def record_screen_deletion(self, index: int, *, succeeded: bool) -> None:
        if succeeded:
            self.screens = _without(self.screens, index)

    def record_item_addition(self, index: int, *, succeeded: bool) -> None:
        if succeeded:
            self.items = _with_room(self.items, index)

    def record_item_deletion(self, index: int, *, succeeded: bool) -> None:
        if succeeded:
            self.items = _without(self.items, index)

    def record_hint_deletion(self, index: int) -> None:
        self.hints = _without(self.hints, index)

    def name(self, name: str) -> str:
        """The name that a field of the form's screen has afterwards."""
        for shape, numbers in ((_OF_ITEM, self.items), (_OF_HINT, self.hints)):
            if found := shape.match(name):
                number = int(name[found.end() :])
                return f"{found.group()}{numbers.get(number, number)}"
        return name

    def value(self, name: str, typed: str) -> str:
        """What the field with this name holds afterwards: a chosen screen may have another number, "" if it is gone."""
        is_number = typed.isascii() and typed.isdigit()
        return str(self.screens.get(int(typed), "")) if is_number and _SCREEN_CHOICE.match(name) else typed

    def as_json(self) -> dict[str, dict[int, int]]:
        return {"screens": self.screens, "items": self.items, "hints": self.hints}


def _with_room(numbers: dict[int, int], index: int) -> dict[int, int]:
    return {old: new + (new >= index) for old, new in numbers.items()}


def _without(numbers: dict[int, int], index: int) -> dict[int, int]:
    return {old: new - (new > index) for old, new in numbers.items() if new != index}

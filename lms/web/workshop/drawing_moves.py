"""Where screens, and the items and hints of one, stand after edits: for what was typed meanwhile."""

from __future__ import annotations


class Moves:
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

    def as_json(self) -> dict[str, dict[int, int]]:
        return {"screens": self.screens, "items": self.items, "hints": self.hints}


def _with_room(numbers: dict[int, int], index: int) -> dict[int, int]:
    return {old: new + (new >= index) for old, new in numbers.items()}


def _without(numbers: dict[int, int], index: int) -> dict[int, int]:
    return {old: new - (new > index) for old, new in numbers.items() if new != index}

"""Each change is read back: it is made only if the reader then finds in the text what the drawing was to become."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from lms.content.practice.storyboard import ParsedStoryboard
from lms.content.practice_drawing.drawing import (
    Drawing,
    DrawnScreen,
    Field,
    Message,
    Picture,
    Spot,
    drawing_of_storyboard,
    parse_practice_text,
    read_drawing,
)
from lms.content.practice_drawing.text_changes import TextChanges

_Placed = TypeVar("_Placed", Picture, Spot, Field, Message)


class NotDrawable(Exception):
    """The text cannot say what was drawn. The message is a Vietnamese sentence."""


class VerifiedEdit:
    """A text that is being changed: its syntax tree, its drawing and the changes so far."""

    def __init__(self, text: str) -> None:
        self.parsed: ParsedStoryboard = parse_practice_text(text)
        self.drawing = drawing_of_storyboard(self.parsed, text)
        self.changes = TextChanges(text, self.parsed.diagnostics.source)

    def screen(self, number: int) -> DrawnScreen:
        """A screen of the drawing.

        Raises:
            NotDrawable: there is none of this number, as after an edit in another tab.
        """
        if not 0 <= number < len(self.drawing.screens):
            raise NotDrawable("Màn hình này không còn trong bài. Bác tải lại trang rồi làm tiếp.")
        return self.drawing.screens[number]

    def spot(self, screen: int, place: int) -> Spot:
        """A spot of a screen by its place in the file.

        Raises:
            NotDrawable: there is none.
        """
        for spot in self.screen(screen).spots:
            if spot.place == place:
                return spot
        raise NotDrawable("Chỗ chạm này không còn trong bài. Bác tải lại trang rồi làm tiếp.")

    def finish(self, expect: Callable[[Drawing], Drawing], sentence: str) -> str:
        """The new text, if the reader finds ``expect`` of the old drawing in it.

        Raises:
            NotDrawable: it finds something else, as when a title has a sign of the language in it; says ``sentence``.
        """
        text = self.changes.text()
        if comparable_content(read_drawing(text)) != comparable_content(expect(self.drawing)):
            raise NotDrawable(sentence)
        return text


def comparable_content(drawing: Drawing) -> tuple[DrawnScreen, ...]:
    """What an edit of one thing leaves alone elsewhere: no ids, kinds and line numbers, which follow from others."""
    return tuple(replace(screen, id="", kind="app", line=0, end=0) for screen in drawing.screens)


def drawing_with_screen(drawing: Drawing, number: int, screen: DrawnScreen) -> Drawing:
    """The drawing with one screen replaced."""
    screens = list(drawing.screens)
    screens[number] = screen
    return replace(drawing, screens=tuple(screens))


def drawing_with_spot(drawing: Drawing, number: int, spot: Spot) -> Drawing:
    """The drawing with one spot replaced, and its label."""
    screen = drawing.screens[number]
    spots = tuple(spot if each.place == spot.place else each for each in screen.spots)
    labels = tuple(spot.label if place == spot.place else label for place, label in enumerate(screen.labels))
    return drawing_with_screen(drawing, number, replace(screen, spots=spots, labels=labels))


def screen_with_room_at(screen: DrawnScreen, place: int, label: str) -> DrawnScreen:
    """The screen with room for something more at ``place``: what stood there or below stands one further down."""
    return _moved(screen, lambda old: old + (old >= place), (*screen.labels[:place], label, *screen.labels[place:]))


def remove_item_from_screen(screen: DrawnScreen, place: int) -> DrawnScreen:
    """The screen without what stands at ``place``."""
    labels = (*screen.labels[:place], *screen.labels[place + 1 :])
    return _moved(screen, lambda old: None if old == place else old - (old > place), labels)


def _moved(screen: DrawnScreen, move: Callable[[int], int | None], labels: tuple[str, ...]) -> DrawnScreen:
    def moved(items: tuple[_Placed, ...]) -> tuple[_Placed, ...]:
        places = ((item, move(item.place)) for item in items)
        return tuple(replace(item, place=place) for item, place in places if place is not None)

    return replace(
        screen,
        pictures=moved(screen.pictures),
        spots=moved(screen.spots),
        fields=moved(screen.fields),
        messages=moved(screen.messages),
        labels=labels,
    )


def drawing_with_moved_targets(drawing: Drawing, moved: Callable[[int], int | None]) -> Drawing:
    """The drawing in which every target that was ``n`` is ``moved(n)``; a spot that leads nowhere has no arrow."""

    def with_moved_target(spot: Spot) -> Spot:
        if spot.target is None:
            return spot
        target = moved(spot.target)
        return replace(spot, target=target, arrow=None if target is None else spot.arrow)

    screens = (replace(screen, spots=tuple(map(with_moved_target, screen.spots))) for screen in drawing.screens)
    return replace(drawing, screens=tuple(screens))


def one_line_of_text(text: str) -> str:
    """What somebody typed as one line of text."""
    return " ".join(text.split())

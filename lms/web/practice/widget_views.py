"""View models of the widgets of a practice's screen, every text filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from lms.content.fuzzy_matching import normalize_word
from lms.content.model import FIELD_ROLES, Screen, Widget
from lms.content.practice.value_syntax import MAX_STARS
from lms.content.practice.widget_builder import split_card_line
from lms.web.practice.app_stylesheet import hotspot_class
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.feedback import TYPED_ROLES
from lms.web.practice.nojs_field_choices import FieldChoice, field_choices
from lms.web.practice.phone_icons import icon_of_widget

PASSCODE_DIGITS = 6
PRESS_SECONDS = 0.8


@dataclass(frozen=True, slots=True)
class WidgetView:
    index: int  # of the widget on its screen, as in events
    role: str
    id: str  # of the input, unique in the page
    label: Markup
    name: str  # the label as plain text
    icon: str  # a symbol's id, "" for none
    choices: tuple[FieldChoice, ...]
    can_be_pointed: bool
    is_primary: bool  # the filled button
    body: Markup
    alt: str
    src: str
    size: tuple[int, int] | None  # of the picture at ``src``
    seconds: float
    hold: float
    rule: str
    is_short_code: bool  # drawn large
    has_digit_cells: bool  # each digit over a line of its own
    is_on_card: bool  # its value is on the task card
    hotspots: tuple[Hotspot, ...]
    direction: str  # of a swipe or a pinch, else ""
    detail: Markup
    time: Markup
    rating: Rating | None
    speaker: str  # "them" or "me"; "" for what is no bubble
    look: str
    lines: tuple[CardLine, ...]  # of a drawn card
    is_current: bool


@dataclass(frozen=True, slots=True)
class CardLine:
    name: Markup
    value: Markup
    is_ringed: bool


@dataclass(frozen=True, slots=True)
class Rating:
    text: str  # "4,5"
    drawn: str  # "★★★★☆"


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A place on a picture that can be tapped."""

    index: int  # of the widget on its screen
    name: str
    css_class: str  # positions it
    can_be_pointed: bool


def widget_view(
    screen: Screen,
    index: int,
    filler: DataFiller,
    expected: int | None,
    picture_url: Callable[[str], str],
    card: str,
) -> WidgetView:
    widget = screen.widgets[index]
    return WidgetView(
        index=index,
        role=widget.role,
        id=f"{screen.id}--{index}",
        label=filler.on_phone(widget.label),
        name=filler.plain(widget.label),
        icon=icon_of_widget(widget),
        choices=field_choices(widget, filler) if widget.role in FIELD_ROLES else (),
        can_be_pointed=widget.role in FIELD_ROLES or index == expected,
        is_primary=_is_primary(screen, index),
        body=filler.on_phone(widget.body),
        alt=filler.plain(widget.alt),
        src=picture_url(widget.src) if widget.src else "",
        size=widget.size,
        seconds=widget.seconds or 0,
        hold=widget.hold or (PRESS_SECONDS if widget.role == "press" else 0),
        rule=widget.rule or "",
        is_short_code=widget.role == "number" and widget.length is not None and widget.length <= 8,
        has_digit_cells=widget.role == "number" and (widget.length == PASSCODE_DIGITS or widget.rule == "6-so"),
        is_on_card=any(normalize_word(value) in card for value in typed_values(widget)),
        hotspots=_hotspots(screen, index, filler, expected) if widget.role == "image" else (),
        direction=widget.direction or "",
        detail=filler.on_phone(widget.detail),
        time=filler.text(widget.time),
        rating=rating_view(widget.stars),
        speaker=widget.speaker or "",
        look=widget.look or "",
        lines=_card_lines(widget, filler),
        is_current=widget.current,
    )


def _is_primary(screen: Screen, index: int) -> bool:
    """Whether it is the form's first button, which phones draw filled. Buttons that offer a choice look alike."""
    buttons = [number for number, widget in enumerate(screen.widgets) if widget.role == "button"]
    has_fields = any(widget.role in FIELD_ROLES for widget in screen.widgets)
    return buttons[:1] == [index] and (has_fields or len(buttons) == 1)


def _hotspots(screen: Screen, image: int, filler: DataFiller, expected: int | None) -> tuple[Hotspot, ...]:
    """The hotspots on one picture.

    They follow it in the file, up to the next picture; the first picture also has those before it.
    """
    pictures = [index for index, widget in enumerate(screen.widgets) if widget.role == "image"]
    following = [index for index in pictures if index > image]
    first, last = (0 if image == pictures[0] else image), (following[0] if following else len(screen.widgets))
    return tuple(
        Hotspot(index, filler.plain(widget.label), hotspot_class(widget.area), index == expected)
        for index, widget in enumerate(screen.widgets[first:last], start=first)
        if widget.role == "area" and widget.area
    )


def typed_values(widget: Widget) -> tuple[str, ...]:
    """The values that the field accepts; () where it only checks a rule."""
    return tuple(widget.values) if widget.role in TYPED_ROLES else ()


def rating_view(number: float | None) -> Rating | None:
    if number is None:
        return None
    full = ceil(number - 0.5)
    return Rating(f"{number:g}".replace(".", ","), "★" * full + "☆" * (MAX_STARS - full))


def _card_lines(widget: Widget, filler: DataFiller) -> tuple[CardLine, ...]:
    if widget.role != "card":
        return ()
    lines = map(split_card_line, widget.items)
    return tuple(CardLine(filler.text(name), filler.text(value), name == widget.ring) for name, value in lines)

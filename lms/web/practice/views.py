"""What the templates see of a practice: one frozen view a screen, with every text filled in and every choice made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from lms.content.model import FIELD_ROLES, Practice, Screen, Widget
from lms.web.practice.card import card_lines
from lms.web.practice.choices import Choice, field_choices
from lms.web.practice.fill import Filler
from lms.web.practice.notes import Note, screen_notes
from lms.web.practice.pictures import picture_id
from lms.web.practice.places import Places, find_places, right_way

MODE_WORDS = {"lam-theo": "Làm theo", "tu-lam": "Tự làm", "kiem-tra": "Kiểm tra"}
# What the coach says where the author set no task.
SAYINGS = {"loading": "Máy đang chạy, bác đợi một chút.", "wrong": "Khoan đã, bác", "end": "Hết bài tập rồi, bác"}
GOAL_SAYING = "Bác làm xong rồi"
# A picture on a button of a call or of a home screen; elsewhere only where the author asks for one.
PICTURED_ROLES = frozenset({"icon"})
# Widgets that are drawn in a place of their own, not where they stand in the file.
SET_APART = frozenset({"sms", "area"})


@dataclass(frozen=True, slots=True)
class WidgetView:
    place: int  # its number in events
    role: str
    id: str  # for label and input, one in the page
    label: Markup
    name: str  # the label as plain text
    picture: str  # a symbol's id, "" for none
    choices: tuple[Choice, ...]
    can_be_pointed: bool
    solid: bool  # the one filled button of a form
    body: Markup
    alt: str
    src: str
    seconds: float
    hold: float
    rule: str
    short: bool  # a code of a few digits, drawn large
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A place on a picture that can be tapped, in percent of it."""

    place: int
    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ScreenView:
    id: str
    kind: str
    title: Markup
    say: Markup  # the coach's sentence
    progress: str  # "Tự làm, màn 4 trong 10"
    number: int
    notes: tuple[Note, ...]
    right: int | None  # the place of the first =>
    submits_by_enter: bool
    lost: Markup
    says: tuple[Markup, ...]
    prose: Markup
    back: WidgetView | None  # the one drawn in the app's bar
    widgets: tuple[WidgetView, ...]
    messages: tuple[WidgetView, ...]
    is_goal: bool


@dataclass(frozen=True, slots=True)
class Message:
    """One SMS as the drawer keeps it, wherever it came."""

    screen: str
    place: int
    label: Markup
    body: Markup


@dataclass(frozen=True, slots=True)
class PracticeView:
    screens: tuple[ScreenView, ...]
    messages: tuple[Message, ...]
    card: tuple[Markup, ...]  # a line each
    pictures: frozenset[str]

    def screen(self, screen_id: str) -> ScreenView:
        return next(screen for screen in self.screens if screen.id == screen_id)


def practice_view(
    practice: Practice, data: Mapping[str, str], mode: str, picture_address: Callable[[str], str]
) -> PracticeView:
    """The whole practice for one attempt. ``picture_address`` makes an address of a picture's ``src``."""
    filler, places = Filler(data), find_places(practice)
    screens = tuple(_screen(practice, screen, filler, places, mode, picture_address) for screen in practice.screens)
    messages = tuple(
        Message(screen.id, message.place, message.label, message.body)
        for screen in screens
        for message in screen.messages
    )
    pictures = frozenset(
        widget.picture for screen in screens for widget in (*screen.widgets, screen.back) if widget and widget.picture
    )
    return PracticeView(screens, messages, card_lines(practice.card, filler), pictures)


def _screen(
    practice: Practice,
    screen: Screen,
    filler: Filler,
    places: Places,
    mode: str,
    picture_address: Callable[[str], str],
) -> ScreenView:
    number = places.numbers.get(screen.id, 1)
    right = right_way(screen)
    everything = tuple(_widget(screen, place, filler, right, picture_address) for place in range(len(screen.widgets)))
    has_bar = screen.kind in ("app", "messages", "scan", "loading")
    back = next((widget for widget in everything if widget.role == "back"), None) if has_bar else None
    return ScreenView(
        id=screen.id,
        kind=screen.kind,
        title=filler.text(screen.title),
        say=_say(practice, screen, filler),
        progress=f"{MODE_WORDS[mode]}, màn {number} trong {places.total}",
        number=number,
        notes=screen_notes(practice, screen, filler, mode),
        right=right,
        submits_by_enter=right is not None and any(widget.role in FIELD_ROLES for widget in screen.widgets),
        lost=filler.text(screen.lost),
        says=tuple(filler.text(speech) for speech in screen.says),
        prose=filler.html(screen.prose),
        back=back,
        widgets=tuple(widget for widget in everything if widget.role not in SET_APART and widget is not back),
        messages=tuple(widget for widget in everything if widget.role == "sms"),
        is_goal=screen.id == practice.goal,
    )


def _say(practice: Practice, screen: Screen, filler: Filler) -> Markup:
    if screen.task:
        return filler.text(screen.task)
    if screen.id == practice.goal:
        return escape(GOAL_SAYING)
    return filler.text(SAYINGS.get(screen.kind, screen.title))


def _widget(
    screen: Screen, place: int, filler: Filler, right: int | None, picture_address: Callable[[str], str]
) -> WidgetView:
    widget = screen.widgets[place]
    pictured = widget.picture is not None or widget.role in PICTURED_ROLES
    return WidgetView(
        place=place,
        role=widget.role,
        id=f"{screen.id}--{place}",
        label=filler.text(widget.label),
        name=filler.plain(widget.label),
        picture=picture_id(widget.picture) if pictured else "",
        choices=field_choices(widget, filler) if widget.role in FIELD_ROLES else (),
        can_be_pointed=widget.role in FIELD_ROLES or place == right,
        solid=_is_solid(screen, place),
        body=filler.text(widget.body),
        alt=filler.plain(widget.alt),
        src=picture_address(widget.src) if widget.src else "",
        seconds=widget.seconds or 0,
        hold=widget.hold or 0,
        rule=widget.rule or "",
        short=widget.role == "number" and widget.length is not None and widget.length <= 8,
        areas=_areas(screen, place, filler) if widget.role == "image" else (),
    )


def _is_solid(screen: Screen, place: int) -> bool:
    """A form's first button is filled, as phones draw it; where a choice is asked, all buttons look alike."""
    buttons = [number for number, widget in enumerate(screen.widgets) if widget.role == "button"]
    has_fields = any(widget.role in FIELD_ROLES for widget in screen.widgets)
    return buttons[:1] == [place] and (has_fields or len(buttons) == 1)


def _areas(screen: Screen, image: int, filler: Filler) -> tuple[Area, ...]:
    """The areas that stand under this picture in the file, up to the next picture; the first takes earlier ones too."""
    pictures = [place for place, widget in enumerate(screen.widgets) if widget.role == "image"]
    following = [place for place in pictures if place > image]
    first, last = (0 if image == pictures[0] else image), (following[0] if following else len(screen.widgets))
    found = enumerate(screen.widgets[first:last], start=first)
    return tuple(_area(place, widget, filler) for place, widget in found if widget.role == "area" and widget.area)


def _area(place: int, widget: Widget, filler: Filler) -> Area:
    x, y, width, height = widget.area
    return Area(place, filler.plain(widget.label), x, y, width, height)

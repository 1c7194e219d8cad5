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
from lms.web.practice.places import find_places, right_way

MODE_WORDS = {"xem-mau": "Xem mẫu", "lam-theo": "Làm theo", "tu-lam": "Tự làm", "kiem-tra": "Kiểm tra"}
# What the coach says where the author set no task.
SAYINGS = {"loading": "Máy đang chạy, bác đợi một chút.", "wrong": "Khoan đã, bác", "end": "Hết bài tập rồi, bác"}
GOAL_SAYING = "Bác làm xong rồi"
# In a test a screen off the way looks like any other.
TESTED_SAYINGS = {"loading": SAYINGS["loading"], "end": "Hết bài kiểm tra rồi, bác"}
TESTED_SAYING = "Bác xem kỹ màn hình, rồi chọn cách đi tiếp."
# A picture on a button of a call or of a home screen; elsewhere only where the author asks for one.
PICTURED_ROLES = frozenset({"icon"})
# Widgets that are drawn in a place of their own, not where they stand in the file.
SET_APART = frozenset({"sms", "area"})
# Screens with a bar on top, where a way back belongs.
BARRED_KINDS = frozenset({"app", "messages", "scan", "loading"})
NO_DATA: Mapping[str, str] = {}


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
    number: int  # 0 in a test, where it would tell the right way from the others
    notes: tuple[Note, ...]
    right: int | None  # the place of the first =>; what Enter in a field taps
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


class Drawing:
    """One practice's screens as views. Without ``data`` every ``{{key}}`` stays, for the pages that many share.

    ``picture_address`` makes an address of a picture's ``src``.
    """

    def __init__(
        self, practice: Practice, mode: str, picture_address: Callable[[str], str], data: Mapping[str, str] = NO_DATA
    ) -> None:
        self._practice, self._mode, self._picture_address = practice, mode, picture_address
        self._filler, self._places, self._tested = Filler(data), find_places(practice), mode == "kiem-tra"

    def screens(self) -> tuple[ScreenView, ...]:
        """In the order of the file; in a test, where that tells the right way, in the order of their ids."""
        screens = self._practice.screens
        return tuple(map(self._screen, sorted(screens, key=lambda screen: screen.id) if self._tested else screens))

    def screen(self, screen_id: str) -> ScreenView:
        return self._screen(self._practice.screen(screen_id))

    def card(self) -> tuple[Markup, ...]:
        """The task card, a line each."""
        return card_lines(self._practice.card, self._filler)

    def messages(self) -> tuple[Message, ...]:
        text = self._filler.text
        return tuple(
            Message(screen.id, place, text(widget.label), text(widget.body))
            for screen in self._practice.screens
            for place, widget in enumerate(screen.widgets)
            if widget.role == "sms"
        )

    def pictures(self) -> frozenset[str]:
        """The symbols that the screens show."""
        widgets = (widget for screen in self._practice.screens for widget in screen.widgets)
        return frozenset(picture for widget in widgets if (picture := _picture(widget)))

    def _screen(self, screen: Screen) -> ScreenView:
        filler, right, tested = self._filler, right_way(screen), self._tested
        kind = "app" if tested and screen.kind == "wrong" else screen.kind
        everything = tuple(
            _widget(screen, place, filler, None if tested else right, self._picture_address)
            for place in range(len(screen.widgets))
        )
        back = next((widget for widget in everything if widget.role == "back"), None)
        # A wrong turn may have no other way on; an arrow alone in its bar would not be found.
        if kind not in BARRED_KINDS or (tested and len(everything) == 1):
            back = None
        return ScreenView(
            id=screen.id,
            kind=kind,
            title=filler.text(screen.title),
            say=_tested_say(screen, filler) if tested else _say(self._practice, screen, filler),
            progress=self._progress(screen),
            number=0 if tested else self._number(screen),
            notes=screen_notes(self._practice, screen, filler, self._mode),
            right=right,
            submits_by_enter=right is not None and any(widget.role in FIELD_ROLES for widget in screen.widgets),
            lost=filler.text("" if tested else screen.lost),
            says=tuple(filler.text(speech) for speech in screen.says),
            prose=filler.html(screen.prose),
            back=back,
            widgets=tuple(widget for widget in everything if widget.role not in SET_APART and widget is not back),
            messages=tuple(widget for widget in everything if widget.role == "sms"),
            is_goal=screen.id == self._practice.goal and not tested,
        )

    def _number(self, screen: Screen) -> int:
        return self._places.numbers.get(screen.id, 1)

    def _progress(self, screen: Screen) -> str:
        if self._tested:
            return f"{MODE_WORDS[self._mode]}, bài có {self._places.total} màn"
        return f"{MODE_WORDS[self._mode]}, màn {self._number(screen)} trong {self._places.total}"


def _say(practice: Practice, screen: Screen, filler: Filler) -> Markup:
    if screen.task:
        return filler.text(screen.task)
    if screen.id == practice.goal:
        return escape(GOAL_SAYING)
    return filler.text(SAYINGS.get(screen.kind, screen.title))


def _tested_say(screen: Screen, filler: Filler) -> Markup:
    return filler.text(screen.task or TESTED_SAYINGS.get(screen.kind, TESTED_SAYING))


def _widget(
    screen: Screen, place: int, filler: Filler, right: int | None, picture_address: Callable[[str], str]
) -> WidgetView:
    widget = screen.widgets[place]
    return WidgetView(
        place=place,
        role=widget.role,
        id=f"{screen.id}--{place}",
        label=filler.text(widget.label),
        name=filler.plain(widget.label),
        picture=_picture(widget),
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


def _picture(widget: Widget) -> str:
    pictured = widget.picture is not None or widget.role in PICTURED_ROLES
    return picture_id(widget.picture) if pictured else ""


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

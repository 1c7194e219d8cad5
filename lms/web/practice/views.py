"""What the templates see of a practice: one frozen view a screen, with every text filled in and every choice made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from lms.content.fuzzy_words import fold
from lms.content.model import FIELD_ROLES, Practice, Screen, Widget
from lms.content.practice.compiling import scored_screens
from lms.content.practice.rehearsal import walked_to
from lms.web.practice.data_fill import Filler
from lms.web.practice.feedback import TYPED_ROLES, Note, screen_notes
from lms.web.practice.hotspots import area_class
from lms.web.practice.nojs_choices import Choice, field_choices
from lms.web.practice.phone_icons import asks_for, picture_of
from lms.web.practice.screen_numbers import find_places, right_way
from lms.web.practice.task_card import card_facts, card_lines

MODE_WORDS = {"xem-mau": "Xem mẫu", "lam-theo": "Làm theo", "tu-lam": "Tự làm", "kiem-tra": "Kiểm tra"}
# What the coach says where the author set no task.
SAYINGS = {"loading": "Máy đang chạy, bác đợi một chút.", "wrong": "Khoan đã, bác", "end": "Hết bài tập rồi, bác"}
GOAL_SAYING = "Bác làm xong rồi"
# In a test a screen off the way looks like any other.
TESTED_SAYINGS = {"loading": SAYINGS["loading"], "end": "Hết bài kiểm tra rồi, bác"}
TESTED_SAYING = "Bác xem kỹ màn hình, rồi chọn cách đi tiếp."
# Widgets that are drawn in a place of their own, not where they stand in the file.
SET_APART = frozenset({"sms", "area"})
# Screens with a bar on top, where a way back belongs.
BARRED_KINDS = frozenset({"app", "messages", "scan", "loading"})
CELLS = 6  # digits of a passcode or a code in a message
# Between the screens of a rehearsal the machine walks.
WALKED_HERE = "Các màn trước màn này, máy đã đi giúp bác."
WALKED_ON = "Các màn còn lại, máy đã đi giúp bác."
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
    size: tuple[int, int] | None  # of the picture at ``src``
    seconds: float
    hold: float
    rule: str
    short: bool  # a code of a few digits, drawn large
    cells: bool  # six digits, each over a line of its own
    copied: bool  # what is typed here stands on the task card
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A place on a picture that can be tapped."""

    place: int
    name: str
    spot: str  # the class that lays it there
    can_be_pointed: bool


@dataclass(frozen=True, slots=True)
class ScreenView:
    id: str
    kind: str
    title: Markup
    say: Markup  # the coach's sentence
    progress: str  # "Tự làm, màn 4 trong 10"
    walked: str  # said where the machine has walked the way before, else ""
    number: int  # 0 in a test, where it would tell the right way from the others
    waiting: int | None  # where the machine runs, the place of what ends it; without a script a button does
    notes: tuple[Note, ...]
    right: int | None  # the place of the first =>; what Enter in a field taps
    submits_by_enter: bool
    lost: Markup
    says: tuple[Markup, ...]
    prose: Markup
    back: WidgetView | None  # the one drawn in the app's bar
    way_back: WidgetView | None  # the one that the phone's own key takes
    widgets: tuple[WidgetView, ...]
    messages: tuple[WidgetView, ...]
    is_goal: bool
    asks_for: str  # what a permission is about, as a symbol's id; "" elsewhere


@dataclass(frozen=True, slots=True)
class Message:
    """One SMS as the drawer keeps it, wherever it came."""

    screen: str
    place: int
    label: Markup
    body: Markup


class Drawing:
    """One practice's screens as views. Without ``data`` every ``{{key}}`` stays, for the pages that many share.

    ``picture_address`` makes an address of a picture's ``src``. ``rehearses``: the whole practice of which this one
    goes through some screens; these keep their numbers.
    """

    def __init__(
        self,
        practice: Practice,
        mode: str,
        picture_address: Callable[[str], str],
        data: Mapping[str, str] = NO_DATA,
        *,
        rehearses: Practice | None = None,
    ) -> None:
        self._practice, self._mode, self._picture_address = practice, mode, picture_address
        self._filler, self._tested = Filler(data), mode == "kiem-tra"
        self._whole, self._places = rehearses, find_places(rehearses or practice)
        self._card = fold(practice.card or "")
        self._walked_to = walked_to(rehearses, practice) if rehearses else frozenset()

    def screens(self) -> tuple[ScreenView, ...]:
        """In the order of the file; in a test, where that tells the right way, in the order of their ids."""
        screens = self._practice.screens
        return tuple(map(self._screen, sorted(screens, key=lambda screen: screen.id) if self._tested else screens))

    def screen(self, screen_id: str) -> ScreenView:
        return self._screen(self._practice.screen(screen_id))

    def card(self) -> tuple[Markup, ...]:
        """The task card, a line each."""
        return card_lines(self._practice.card, self._filler)

    def facts(self) -> tuple[Markup, ...]:
        """What can be copied from the task card, a line each."""
        widgets = (widget for screen in self._practice.screens for widget in screen.widgets)
        typed = {value for widget in widgets for value in _typed_values(widget)}
        return card_facts(self._practice.card, self._filler, typed)

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
        found = {picture_of(widget) for widget in widgets} | {asks_for(screen) for screen in self._practice.screens}
        return frozenset(found - {""})

    def _screen(self, screen: Screen) -> ScreenView:
        filler, right, tested = self._filler, right_way(screen), self._tested
        kind = "app" if tested and screen.kind == "wrong" else screen.kind
        everything = tuple(
            _widget(screen, place, filler, None if tested else right, self._picture_address, self._card)
            for place in range(len(screen.widgets))
        )
        back = way_back = next((widget for widget in everything if widget.role == "back"), None)
        # A wrong turn may have no other way on; an arrow alone in its bar would not be found.
        if kind not in BARRED_KINDS or (tested and len(everything) == 1):
            back = None
        return ScreenView(
            id=screen.id,
            kind=kind,
            title=filler.text(screen.title),
            say=_tested_say(screen, filler) if tested else _say(self._practice, screen, filler),
            progress=self._progress(screen),
            walked=self._walked(screen),
            number=0 if tested else self._number(screen),
            waiting=_waiting(screen),
            notes=screen_notes(self._practice, screen, filler, self._mode),
            right=right,
            submits_by_enter=right is not None and any(widget.role in FIELD_ROLES for widget in screen.widgets),
            lost=filler.text("" if tested else screen.lost),
            says=tuple(filler.text(speech) for speech in screen.says),
            prose=filler.html(screen.prose),
            back=back,
            way_back=way_back,
            widgets=tuple(widget for widget in everything if widget.role not in SET_APART and widget is not back),
            messages=tuple(widget for widget in everything if widget.role == "sms"),
            is_goal=screen.id == self._practice.goal and not tested,
            asks_for=asks_for(screen),
        )

    def _number(self, screen: Screen) -> int:
        return self._places.numbers.get(screen.id, 1)

    def _progress(self, screen: Screen) -> str:
        if self._tested:
            return f"{MODE_WORDS[self._mode]}, bài có {self._places.total} màn"
        if self._whole:
            again = scored_screens(self._practice)
            if screen.id == self._practice.goal:
                # The goal has the number of the whole way's last screen, which she has perhaps not repeated.
                first = self._places.numbers[again[0]]
                return f"Tập lại xong màn {first}" if len(again) == 1 else f"Tập lại xong {len(again)} màn"
            return f"Tập lại màn {self._number(screen)}, lượt này có {len(again)} màn"
        return f"{MODE_WORDS[self._mode]}, màn {self._number(screen)} trong {self._places.total}"

    def _walked(self, screen: Screen) -> str:
        if screen.id not in self._walked_to:
            return ""
        return WALKED_ON if screen.kind == "end" else WALKED_HERE


def _waiting(screen: Screen) -> int | None:
    waits = (place for place, widget in enumerate(screen.widgets) if widget.role == "wait")
    return next(waits, None) if screen.kind == "loading" else None


def _typed_values(widget: Widget) -> tuple[str, ...]:
    """What may be typed into it; what only keeps a rule is hers to think of."""
    return tuple(widget.values) if widget.role in TYPED_ROLES else ()


def _say(practice: Practice, screen: Screen, filler: Filler) -> Markup:
    if screen.task:
        return filler.text(screen.task)
    if screen.id == practice.goal:
        return escape(GOAL_SAYING)
    return filler.text(SAYINGS.get(screen.kind, screen.title))


def _tested_say(screen: Screen, filler: Filler) -> Markup:
    return filler.text(screen.task or TESTED_SAYINGS.get(screen.kind, TESTED_SAYING))


def _widget(
    screen: Screen,
    place: int,
    filler: Filler,
    right: int | None,
    picture_address: Callable[[str], str],
    card: str,
) -> WidgetView:
    widget = screen.widgets[place]
    return WidgetView(
        place=place,
        role=widget.role,
        id=f"{screen.id}--{place}",
        label=filler.text(widget.label),
        name=filler.plain(widget.label),
        picture=picture_of(widget),
        choices=field_choices(widget, filler) if widget.role in FIELD_ROLES else (),
        can_be_pointed=widget.role in FIELD_ROLES or place == right,
        solid=_is_solid(screen, place),
        body=filler.text(widget.body),
        alt=filler.plain(widget.alt),
        src=picture_address(widget.src) if widget.src else "",
        size=widget.size,
        seconds=widget.seconds or 0,
        hold=widget.hold or 0,
        rule=widget.rule or "",
        short=widget.role == "number" and widget.length is not None and widget.length <= 8,
        cells=widget.role == "number" and (widget.length == CELLS or widget.rule == "6-so"),
        copied=any(fold(value) in card for value in _typed_values(widget)),
        areas=_areas(screen, place, filler, right) if widget.role == "image" else (),
    )


def _is_solid(screen: Screen, place: int) -> bool:
    """A form's first button is filled, as phones draw it; where a choice is asked, all buttons look alike."""
    buttons = [number for number, widget in enumerate(screen.widgets) if widget.role == "button"]
    has_fields = any(widget.role in FIELD_ROLES for widget in screen.widgets)
    return buttons[:1] == [place] and (has_fields or len(buttons) == 1)


def _areas(screen: Screen, image: int, filler: Filler, right: int | None) -> tuple[Area, ...]:
    """The areas that stand under this picture in the file, up to the next picture; the first takes earlier ones too."""
    pictures = [place for place, widget in enumerate(screen.widgets) if widget.role == "image"]
    following = [place for place in pictures if place > image]
    first, last = (0 if image == pictures[0] else image), (following[0] if following else len(screen.widgets))
    found = enumerate(screen.widgets[first:last], start=first)
    areas = ((place, widget) for place, widget in found if widget.role == "area" and widget.area)
    return tuple(_area(place, widget, filler, place == right) for place, widget in areas)


def _area(place: int, widget: Widget, filler: Filler, can_be_pointed: bool) -> Area:
    return Area(place, filler.plain(widget.label), area_class(widget.area), can_be_pointed)

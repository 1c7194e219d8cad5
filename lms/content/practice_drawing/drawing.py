"""What a lam.md says as a drawing: its screens, their pictures, and what can be tapped on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lms.content.model import TAP_ROLES, Arrow, Role, ScreenKind
from lms.content.practice.storyboard import ParsedStoryboard, parse_storyboard
from lms.content.practice.syntax_tree import Attributes, DraftScreen, DraftWidget, TextSpan
from lms.content.practice.value_syntax import read_number

# x, y, width, height in percent of the picture
Rectangle = tuple[float, float, float, float]
SIDES = ("x", "y", "w", "h")
_LEADING_ROLES = TAP_ROLES | {"wait"}  # may have an arrow
_FIELD_ROLES: frozenset[Role] = frozenset({"number", "text", "password", "select", "switch"})


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that leads to another screen: an area of a picture, a button, a link, …

    ``place`` is the widget's index on its screen. ``target`` is the index of a screen, None where the text names none.
    ``picture`` is the index of the picture that an area lies on; ``warn`` what a side way or a trap explains.
    """

    place: int
    role: Role
    label: str
    arrow: Arrow | None
    target: int | None
    rectangle: Rectangle | None
    picture: int | None
    warn: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a screen. ``place`` is the widget's index on its screen, ``source`` like "images/man-1.png"."""

    place: int
    source: str
    label: str
    alt: str


@dataclass(frozen=True, slots=True)
class Field:
    """Something to fill in. ``value`` is what is right, as the text writes it; ``wrong`` what is said otherwise."""

    place: int
    role: Role
    label: str
    value: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message that comes in while the screen is open: who sends it, and its words."""

    place: int
    sender: str
    body: str


@dataclass(frozen=True, slots=True)
class DrawnScreen:
    """A screen. ``line`` is that of its heading, and ``end`` of the last one before the next screen, both from 1."""

    id: str
    title: str
    kind: ScreenKind
    line: int
    end: int
    task: str
    lost: str
    pictures: tuple[Picture, ...]
    spots: tuple[Spot, ...]
    labels: tuple[str, ...]  # of everything on it, in the order of the file
    hints: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A practice. ``start`` and ``goal`` are indices of screens, None where they are unknown."""

    screens: tuple[DrawnScreen, ...]
    start: int | None
    goal: int | None


def read_drawing(text: str) -> Drawing:
    """The drawing of any text; what cannot be read is left out."""
    return drawing_of_storyboard(parse_practice_text(text), text)


def parse_practice_text(text: str) -> ParsedStoryboard:
    """The syntax tree. Dates in the front matter, which a drawing does not show, are not judged."""
    return parse_storyboard(text, "lam.md", today=date.max)


def drawing_of_storyboard(parsed: ParsedStoryboard, text: str) -> Drawing:
    """The drawing of a parsed text."""
    screens = parsed.draft.screens
    numbers = {screen.id: number for number, screen in enumerate(screens)}
    position = parsed.diagnostics.source.position
    lines = [position(screen.line)[0] for screen in screens] + [text.count("\n") + 2]
    return Drawing(
        tuple(
            _draw_screen(screen, numbers, lines[number], lines[number + 1] - 1) for number, screen in enumerate(screens)
        ),
        numbers.get(parsed.start),
        numbers.get(parsed.goal),
    )


def _draw_screen(screen: DraftScreen, numbers: dict[str, int], line: int, end: int) -> DrawnScreen:
    pictures: list[Picture] = []
    spots: list[Spot] = []
    fields: list[Field] = []
    messages: list[Message] = []
    first = next((place for place, widget in enumerate(screen.widgets) if widget.role == "image"), None)
    for place, widget in enumerate(screen.widgets):
        if widget.role == "image":
            source, label = widget.parts.attributes.get("src"), widget.parts.label.text
            pictures.append(Picture(place, source.value.text if source else "", label, _sub_line(widget, "alt")))
        elif widget.role in _LEADING_ROLES:
            # An area lies on the picture above it; those before the first picture lie on that one.
            picture = max(len(pictures) - 1, 0) if widget.role == "area" and first is not None else None
            spots.append(_draw_spot(widget, place, picture, numbers))
        elif widget.role in _FIELD_ROLES:
            value = widget.parts.value.text if widget.parts.value else ""
            fields.append(Field(place, widget.role, widget.parts.label.text, value, _sub_line(widget, "wrong")))
        elif widget.role == "sms":
            messages.append(Message(place, widget.parts.label.text, _sub_line(widget, "body")))
    return DrawnScreen(
        screen.id,
        screen.title.text,
        screen.kind,
        line,
        end,
        _first(screen.quotes.get("task")),
        _first(screen.quotes.get("lost")),
        tuple(pictures),
        tuple(spots),
        tuple(widget.parts.label.text for widget in screen.widgets),
        tuple(span.text for span in screen.quotes.get("hint", ())),
        tuple(fields),
        tuple(messages),
    )


def _draw_spot(widget: DraftWidget, place: int, picture: int | None, numbers: dict[str, int]) -> Spot:
    parts = widget.parts
    return Spot(
        place,
        widget.role or "area",
        parts.label.text,
        parts.arrow.text if parts.arrow else None,
        numbers.get(widget.target_id or ""),
        _rectangle(parts.attributes) if widget.role == "area" else None,
        picture,
        _sub_line(widget, "warn"),
    )


def _rectangle(attributes: Attributes) -> Rectangle | None:
    sides: list[float] = []
    for code in SIDES:
        attribute = attributes.get(code)
        number = read_number(attribute.value.text) if attribute else None
        if number is None or number > 100:
            return None
        sides.append(number)
    x, y, w, h = sides
    return x, y, w, h


def _sub_line(widget: DraftWidget, code: str) -> str:
    span = widget.sub_lines.get(code)
    return span.text if span else ""


def _first(spans: list[TextSpan] | None) -> str:
    return spans[0].text if spans else ""

"""lam.md: widgets, screens, and the practice as a graph of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

TRYOUT_NAME = "thu"  # lam-thu.md: the practice of a minute that a first visit begins with

Role = Literal[
    "button", "icon", "link", "back", "number", "text", "password", "select", "switch",
    "scan", "sms", "wait", "label", "image", "area", "swipe", "press", "pinch", "double-tap",
    "row", "tab", "bubble", "card",
]  # fmt: skip
ScreenKind = Literal[
    "app", "home", "dialog", "permission", "call", "messages", "scan", "loading", "wrong", "end",
    "lock", "browser", "store", "situation",
]  # fmt: skip
Arrow = Literal["=>", "->", "x>"]
Direction = Literal["up", "down", "left", "right", "in", "out"]  # of a swipe; of a pinch
CompiledModel = Mapping[str, Any]  # a practice as JSON for both engines, see practice.compiling.compile_model

FIELD_ROLES: frozenset[Role] = frozenset({"number", "text", "password", "select", "switch"})
GESTURE_ROLES: frozenset[Role] = frozenset({"swipe", "press", "pinch", "double-tap"})
TAP_ROLES: frozenset[Role] = frozenset({"button", "icon", "link", "back", "scan", "area", "row", "tab", *GESTURE_ROLES})
# The actions of events that follow a widget's arrow. A widget of TAP_ROLES takes "tap" and one more.
TAP_ACTIONS = frozenset({"tap", "hold", "swipe", "pinch", "double-tap"})
STATIC_ROLES: frozenset[Role] = frozenset({"label", "image", "bubble", "card"})


@dataclass(frozen=True, slots=True)
class Widget:
    """One list item of a screen. Events refer to it by its index in ``Screen.widgets``."""

    role: Role
    label: str  # text; may contain {{key}}
    line: int
    id: str | None = None
    values: tuple[str, ...] = ()  # text; accepted alternatives, the first is shown; may contain {{key}}
    rule: str | None = None  # "mat-khau-manh", "6-so" or "co-chu"; then ``values`` is empty
    arrow: Arrow | None = None
    target: str | None = None  # a screen's id
    wrong: str | None = None  # text: ``sai``
    warn: str | None = None  # text: ``báo``
    body: str | None = None  # text: ``nội dung``
    alt: str | None = None  # text: ``mô tả``
    fatal: bool = False  # ``chí tử``
    length: int | None = None  # digits
    seconds: float | None = None
    hold: float | None = None  # seconds
    picture: str | None = None  # an icon's name
    items: tuple[str, ...] = ()  # text, the choices of a select
    src: str | None = None
    size: tuple[int, int] | None = None  # of the picture at ``src``, in pixels
    area: tuple[float, float, float, float] | None = None  # x, y, width, height in percent
    direction: Direction | None = None  # of a swipe or a pinch
    detail: str | None = None  # text: ``phụ``, the second line of a row
    time: str | None = None  # text: ``giờ``, of a row or a bubble
    stars: float | None = None  # ``sao``, 0 to 5
    speaker: Literal["them", "me"] | None = None  # ``của``, whose bubble it is
    look: str | None = None  # ``kiểu``: "photo" or "key" of an icon; "identity", "insurance" or "receipt" of a card
    ring: str | None = None  # text: ``khoanh``, the name of the card's line that is ringed
    current: bool = False  # ``đang``, the tab where the learner is


@dataclass(frozen=True, slots=True)
class Screen:
    id: str
    title: str  # text
    kind: ScreenKind
    widgets: tuple[Widget, ...]
    line: int
    task: str | None = None  # text: ``Việc``
    hints: tuple[str, ...] = ()  # text: ``Gợi ý``, shown one after the other
    why: str | None = None  # text: ``Vì sao``
    lost: str | None = None  # text: ``Lạc``
    says: tuple[str, ...] = ()  # text: ``Nói``, speech bubbles
    prose: str = ""  # html; may contain {{key}}
    scrolls: bool = False  # ``cuộn``: of a fixed height, its content scrolls
    shown: str | None = None  # text: ``hiện``, what the phone shows in place of the title
    address: str | None = None  # text: ``địa chỉ``, of a browser
    developer: str | None = None  # text: ``nhà phát triển``, of a store page
    stars: float | None = None  # ``sao``, of a store page, 0 to 5
    time: str | None = None  # text: ``giờ``, on a lock screen
    drawing: str | None = None  # ``hình``, an icon's name: of a store page or a situation


@dataclass(frozen=True, slots=True)
class Practice:
    """lam.md or lam-<name>.md, the second stage: a graph of screens."""

    name: str  # "" for lam.md, else the <name> in the URL
    title: str  # text: ``tên``
    start: str  # a screen's id
    goal: str  # a screen's id
    pass_percent: float  # 0 to 100, an int if it is whole
    data: tuple[tuple[str, str], ...]  # (name, value as typed): "099060000123", or "sinh(6)" to draw 6 digits
    screens: tuple[Screen, ...]  # in file order
    digest: str  # hex; covers everything that the engine and the page use
    path: str
    simulates: str | None = None  # text
    devices: tuple[str, ...] = ()  # "Android", "iPhone"
    card: str | None = None  # html; the task card; may contain {{key}}
    intro: str = ""  # html, the text before the first screen
    checked: date | None = None
    language: str = ""  # of a translation

    @property
    def is_tryout(self) -> bool:
        return self.name == TRYOUT_NAME

    @property
    def has_trap(self) -> bool:
        return any(widget.arrow == "x>" for screen in self.screens for widget in screen.widgets)

    def screen(self, screen_id: str) -> Screen | None:
        return next((screen for screen in self.screens if screen.id == screen_id), None)

    def screen_by_id(self, screen_id: str) -> Screen:
        """The screen with an id that comes from this practice.

        Raises:
            KeyError: there is none.
        """
        screen = self.screen(screen_id)
        if screen is None:
            raise KeyError(screen_id)
        return screen

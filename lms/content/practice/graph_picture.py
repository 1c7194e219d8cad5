"""A practice's graph as an SVG picture, for whoever writes it: boxes for screens, three kinds of lines for arrows.

It stands alone: no stylesheet, no script, and every text escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from lms.content.model import Practice, Screen
from lms.content.practice.compiling import path_of
from lms.content.practice.graph_layout import MARGIN, WIDTH, Box, Layout, Route, Way, lay_out
from lms.content.practice.words import KINDS

INK, SOFT, TRAP, BOARD = "#1b1b18", "#45443d", "#9b1c1c", "#0e4a38"
FONT = "system-ui, Roboto, 'Noto Sans', 'Segoe UI', Arial, sans-serif"
SIZE, LINE = 16, 22  # px of a letter, of a line
LETTERS = 22  # of a title that fit on a line beside the number
LINES = {
    "=>": (BOARD, 5, ""),
    "->": (SOFT, 1.6, ""),
    "x>": (TRAP, 2.4, "7 5"),
}
WORDS = {"=>": "đường đúng", "->": "lối phụ, không hại gì", "x>": "bẫy"}
LEGEND = 92  # height
SPOKEN = {"=>": "đường đúng", "->": "lối phụ", "x>": "bẫy", "fatal": "bẫy chí tử"}


def draw_graph(practice: Practice) -> str:
    """The picture, a whole SVG document with a title and a description for whoever hears it."""
    titles = {screen.id: _title_lines(screen) for screen in practice.screens}
    heights = {screen.id: 24 + LINE * (len(titles[screen.id]) + 1) for screen in practice.screens}
    path = path_of(practice)
    layout = lay_out(path, _ways(practice), heights)
    numbers = number_screens(practice)
    width, height = max(layout.width, 620), layout.height + LEGEND
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-labelledby="so-do-ten" aria-describedby="so-do-loi"'
        f' font-family="{FONT}" font-size="{SIZE}">',
        f'<title id="so-do-ten">{escape(f"Sơ đồ bài tập: {practice.title}")}</title>',
        f'<desc id="so-do-loi">{escape(" ".join(tell_graph(practice)))}</desc>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        _heads(),
        *_legend(practice),
        f'<g transform="translate(0 {LEGEND})">',
        *(_line(practice, route) for route in sorted(layout.routes, key=lambda route: route.way.arrow == "=>")),
        *(_box(practice, screen, layout, titles[screen.id], numbers[screen.id]) for screen in practice.screens),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def number_screens(practice: Practice) -> dict[str, str]:
    """A number for each screen: "4" is the fourth of the expected path, "4a" and "4b" stand beside it."""
    path = path_of(practice)
    numbers = {screen: str(place) for place, screen in enumerate(path, 1)}
    ways = _ways(practice)
    met = list(path)
    beside: dict[str, int] = {}
    for here in met:  # grows while it is gone through
        for way in ways:
            if way.source == here and way.target not in numbers:
                root = numbers[here].rstrip("abcdefghijklmnopqrstuvwxyz")
                beside[root] = beside.get(root, 0) + 1
                numbers[way.target] = root + _letters(beside[root])
                met.append(way.target)
    return {screen.id: numbers.get(screen.id, "?") for screen in practice.screens}


def tell_graph(practice: Practice) -> Iterator[str]:
    """The picture in sentences, one a screen, in the order of the file."""
    numbers = number_screens(practice)
    for screen in practice.screens:
        said = [
            f"“{widget.label}” ({SPOKEN['fatal' if widget.fatal else widget.arrow]}) tới màn {numbers[widget.target]}"
            for widget in screen.widgets
            if widget.arrow and widget.target in numbers
        ]
        yield f"Màn {numbers[screen.id]}, {screen.title}: {'; '.join(said) or 'hết bài'}."


def _ways(practice: Practice) -> list[Way]:
    """Every arrow, those from one screen to the same other one, and of one kind, as one."""
    known = {screen.id for screen in practice.screens}
    return list(
        dict.fromkeys(
            Way(screen.id, widget.target, widget.arrow)
            for screen in practice.screens
            for widget in screen.widgets
            if widget.arrow and widget.target in known
        )
    )


def _letters(count: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _title_lines(screen: Screen) -> list[str]:
    return wrap(screen.title, LETTERS, break_on_hyphens=False) or [""]


def _heads() -> str:
    """The three arrow heads."""
    heads = (
        f'<marker id="so-do-{name}" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse"'
        f' markerWidth="{size}" markerHeight="{size}" orient="auto">'
        f'<path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
        for name, size, colour in (("dung", 18, BOARD), ("phu", 12, SOFT), ("bay", 14, TRAP))
    )
    return f"<defs>{''.join(heads)}</defs>"


def _stroke(arrow: str) -> str:
    colour, width, dashes = LINES[arrow]
    name = {"=>": "dung", "->": "phu", "x>": "bay"}[arrow]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'fill="none" stroke="{colour}" stroke-width="{width}"{dashed} marker-end="url(#so-do-{name})"'


def _legend(practice: Practice) -> Iterator[str]:
    """The practice's name, and what each kind of line means."""
    yield f'<text x="{MARGIN}" y="34" font-size="22" font-weight="700" fill="{BOARD}">{escape(practice.title)}</text>'
    x = MARGIN
    for arrow, words in WORDS.items():
        yield f'<path d="M{x} 65H{x + 52}" {_stroke(arrow)}/>'
        yield f'<text x="{x + 62}" y="71" fill="{INK}">{words}</text>'
        x += 100 + 9 * len(words)


def _line(practice: Practice, route: Route) -> str:
    way = route.way
    start, *rest = route.points
    corners = "".join(f"L{x:.1f} {y:.1f}" for x, y in rest)
    widgets = [
        widget
        for widget in practice.screen(way.source).widgets
        if widget.arrow == way.arrow and widget.target == way.target
    ]
    named = ", ".join(f"“{widget.label}”" for widget in widgets)
    line = f'<path d="M{start[0]:.1f} {start[1]:.1f}{corners}" stroke-linejoin="round" {_stroke(way.arrow)}/>'
    return f"<g><title>{escape(f'{named}: {SPOKEN[way.arrow]}')}</title>{line}{_word(route, widgets)}</g>"


def _word(route: Route, widgets: list) -> str:
    """A trap's line says so, for whoever sees no colour."""
    if route.way.arrow != "x>":
        return ""
    word = "chí tử" if any(widget.fatal for widget in widgets) else "bẫy"
    x, y = route.word
    anchor = "start" if route.after else "end"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-weight="700" text-anchor="{anchor}" fill="{TRAP}"'
        f' stroke="#ffffff" stroke-width="4" paint-order="stroke">{word}</text>'
    )


def _box(practice: Practice, screen: Screen, layout: Layout, lines: list[str], number: str) -> str:
    box = layout.boxes[screen.id]
    is_goal, is_end = screen.id == practice.goal, screen.kind == "end"
    ground = "#e8f3ea" if is_goal else "#fff2cc" if screen.kind == "wrong" else "#ffffff"
    edge = f'stroke="{BOARD if is_goal else INK}" stroke-width="{3 if is_goal else 1.6}"'
    drawn = [_rectangle(box, 0, f'fill="{ground}" {edge}')]
    if is_end:
        drawn.append(_rectangle(box, 5, f'fill="none" {edge}'))
    top = box.middle - LINE * (len(lines) + 1) / 2 + SIZE
    drawn.append(
        f'<text x="{box.x + 16:.1f}" y="{top:.1f}" font-size="20" font-weight="700" fill="{BOARD}">{number}</text>'
    )
    for place, line in enumerate([*lines, _what(practice, screen)]):
        looks = f'font-weight="700" fill="{INK}"' if place < len(lines) else f'fill="{SOFT}"'
        drawn.append(f'<text x="{box.x + 62:.1f}" y="{top + LINE * place:.1f}" {looks}>{escape(line)}</text>')
    return f"<g>{''.join(drawn)}</g>"


def _rectangle(box: Box, inset: float, looks: str) -> str:
    return (
        f'<rect x="{box.x + inset:.1f}" y="{box.y + inset:.1f}" width="{WIDTH - 2 * inset:.1f}"'
        f' height="{box.height - 2 * inset:.1f}" rx="12" {looks}/>'
    )


def _what(practice: Practice, screen: Screen) -> str:
    """The line under the title: its part in the practice, and what kind of screen it is."""
    part = "đích" if screen.id == practice.goal else "bắt đầu" if screen.id == practice.start else ""
    kind = "" if screen.id == practice.goal else "kết khác" if screen.kind == "end" else KINDS.spelling(screen.kind)
    return ", ".join(word for word in (part, kind) if word)

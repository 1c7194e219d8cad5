"""Draw the graph of a practice as SVG for authors: boxes for screens, three kinds of lines for arrows.

The SVG is self-contained: no stylesheet, no script, and all text is escaped. Its own words are in the language of its
reader; the texts of a practice in another language are marked with theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from textwrap import wrap

from lms.content.model import Practice, Screen, Widget
from lms.content.practice.compiling import main_path
from lms.content.practice.graph_layout import BOX_WIDTH, MARGIN, Box, GraphEdge, Route, lay_out
from lms.content.practice.vocabulary import SCREEN_KINDS
from lms.message_catalog import SOURCE_LANGUAGE, translate_into
from lms.message_catalog import mark_for_translation as N_

INK, SOFT, TRAP, BOARD = "#1b1b18", "#45443d", "#9b1c1c", "#0e4a38"
FONT = "system-ui, Roboto, 'Noto Sans', 'Segoe UI', Arial, sans-serif"
FONT_SIZE, LINE_HEIGHT = 16, 22  # px
TITLE_LINE_LENGTH = 22  # characters of a title that fit on a line
LINE_STYLES = {
    "=>": (BOARD, 5, ""),
    "->": (SOFT, 1.6, ""),
    "x>": (TRAP, 2.4, "7 5"),
}
LEGEND_LABELS = {"=>": N_("đường đúng"), "->": N_("lối phụ, không hại gì"), "x>": N_("bẫy")}
LEGEND_HEIGHT = 92
ARROW_LABELS = {"=>": N_("đường đúng"), "->": N_("lối phụ"), "x>": N_("bẫy"), "fatal": N_("bẫy chí tử")}
TITLE = N_("Sơ đồ bài tập: {practice}")
EXIT = N_("“{label}” ({kind}) tới màn {number}")
SCREEN = N_("Màn {number}, {title}: {exits}.")
NO_EXIT = N_("hết bài")
TRAP_LABEL, FATAL_LABEL = N_("bẫy"), N_("chí tử")
GOAL, START, OTHER_END = N_("đích"), N_("bắt đầu"), N_("kết khác")


def draw_graph(practice: Practice, language: str = SOURCE_LANGUAGE) -> str:
    """A complete SVG document, with a title and a description for screen readers. ``language``: its reader's."""
    own = practice.language or SOURCE_LANGUAGE
    lang = "" if own == language else f' lang="{own}"'
    name = translate_into(language, TITLE).format(practice=practice.title)
    titles = {screen.id: _title_lines(screen) for screen in practice.screens}
    heights = {screen.id: 24 + LINE_HEIGHT * (len(titles[screen.id]) + 1) for screen in practice.screens}
    path = main_path(practice)
    layout = lay_out(path, _graph_edges(practice), heights)
    numbers = number_screens(practice)
    width, height = max(layout.width, 620), layout.height + LEGEND_HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-labelledby="so-do-ten" aria-describedby="so-do-loi"'
        f' font-family="{FONT}" font-size="{FONT_SIZE}">',
        f'<title id="so-do-ten"{lang}>{escape(name)}</title>',
        f'<desc id="so-do-loi"{lang}>{escape(" ".join(describe_graph(practice, language)))}</desc>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        _arrow_heads(),
        *_legend(practice, language, lang),
        f'<g transform="translate(0 {LEGEND_HEIGHT})">',
        *(
            _draw_edge(practice, route, language, lang)
            for route in sorted(layout.routes, key=lambda route: route.edge.kind == "=>")
        ),
        *(
            _draw_box(practice, screen, layout.boxes[screen.id], titles[screen.id], numbers[screen.id], language, lang)
            for screen in practice.screens
        ),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def number_screens(practice: Practice) -> dict[str, str]:
    """A number for each screen: "4" is the fourth screen of the main path, "4a" and "4b" branch off from it."""
    path = main_path(practice)
    numbers = {screen: str(index) for index, screen in enumerate(path, 1)}
    edges = _graph_edges(practice)
    queue = list(path)
    count_of_root: dict[str, int] = {}
    for source in queue:  # grows during the iteration
        for edge in edges:
            if edge.source == source and edge.target not in numbers:
                root = numbers[source].rstrip("abcdefghijklmnopqrstuvwxyz")
                count_of_root[root] = count_of_root.get(root, 0) + 1
                numbers[edge.target] = root + _letters(count_of_root[root])
                queue.append(edge.target)
    return {screen.id: numbers.get(screen.id, "?") for screen in practice.screens}


def describe_graph(
    practice: Practice, language: str = SOURCE_LANGUAGE, mark: Callable[[str], str] = str
) -> Iterator[str]:
    """The graph in sentences, one for each screen, in file order. ``mark`` is applied to each text of the practice."""
    numbers = number_screens(practice)
    for screen in practice.screens:
        exits: list[str] = []
        for widget in screen.widgets:
            if widget.arrow and widget.target in numbers:
                kind = translate_into(language, ARROW_LABELS["fatal" if widget.fatal else widget.arrow])
                number, label = numbers[widget.target], mark(widget.label)
                exits.append(translate_into(language, EXIT).format(label=label, kind=kind, number=number))
        yield translate_into(language, SCREEN).format(
            number=numbers[screen.id],
            title=mark(screen.title),
            exits="; ".join(exits) or translate_into(language, NO_EXIT),
        )


def _graph_edges(practice: Practice) -> list[GraphEdge]:
    """All arrows, without duplicates of the same kind between the same screens."""
    ids = {screen.id for screen in practice.screens}
    return list(
        dict.fromkeys(
            GraphEdge(screen.id, widget.target, widget.arrow)
            for screen in practice.screens
            for widget in screen.widgets
            if widget.arrow and widget.target in ids
        )
    )


def _letters(count: int) -> str:
    """1 is "a", 26 is "z", 27 is "aa"."""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _title_lines(screen: Screen) -> list[str]:
    return wrap(screen.title, TITLE_LINE_LENGTH, break_on_hyphens=False) or [""]


def _arrow_heads() -> str:
    """The markers for the three kinds of arrow heads."""
    heads = (
        f'<marker id="so-do-{name}" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse"'
        f' markerWidth="{size}" markerHeight="{size}" orient="auto">'
        f'<path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
        for name, size, colour in (("dung", 18, BOARD), ("phu", 12, SOFT), ("bay", 14, TRAP))
    )
    return f"<defs>{''.join(heads)}</defs>"


def _stroke(arrow: str) -> str:
    colour, width, dashes = LINE_STYLES[arrow]
    name = {"=>": "dung", "->": "phu", "x>": "bay"}[arrow]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'fill="none" stroke="{colour}" stroke-width="{width}"{dashed} marker-end="url(#so-do-{name})"'


def _legend(practice: Practice, language: str, lang: str) -> Iterator[str]:
    """The practice's title, and the meaning of each kind of line."""
    title = f'<text{lang} x="{MARGIN}" y="34" font-size="22" font-weight="700" fill="{BOARD}">'
    yield f"{title}{escape(practice.title)}</text>"
    x = MARGIN
    for arrow, label in LEGEND_LABELS.items():
        words = translate_into(language, label)
        yield f'<path d="M{x} 65H{x + 52}" {_stroke(arrow)}/>'
        yield f'<text x="{x + 62}" y="71" fill="{INK}">{escape(words)}</text>'
        x += 100 + 9 * len(words)


def _draw_edge(practice: Practice, route: Route, language: str, lang: str) -> str:
    edge = route.edge
    start, *rest = route.points
    corners = "".join(f"L{x:.1f} {y:.1f}" for x, y in rest)
    source = next(screen for screen in practice.screens if screen.id == edge.source)
    widgets = [widget for widget in source.widgets if widget.arrow == edge.kind and widget.target == edge.target]
    named = ", ".join(f"“{widget.label}”" for widget in widgets)
    title = f"{named}: {translate_into(language, ARROW_LABELS[edge.kind])}"
    line = f'<path d="M{start[0]:.1f} {start[1]:.1f}{corners}" stroke-linejoin="round" {_stroke(edge.kind)}/>'
    return f"<g><title{lang}>{escape(title)}</title>{line}{_trap_label(route, widgets, language)}</g>"


def _trap_label(route: Route, widgets: list[Widget], language: str) -> str:
    """The label of a trap's line, which must not depend on colour alone."""
    if route.edge.kind != "x>":
        return ""
    label = translate_into(language, FATAL_LABEL if any(widget.fatal for widget in widgets) else TRAP_LABEL)
    x, y = route.label_at
    anchor = "start" if route.label_after else "end"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-weight="700" text-anchor="{anchor}" fill="{TRAP}"'
        f' stroke="#ffffff" stroke-width="4" paint-order="stroke">{escape(label)}</text>'
    )


def _draw_box(
    practice: Practice, screen: Screen, box: Box, lines: list[str], number: str, language: str, lang: str
) -> str:
    is_goal, is_end = screen.id == practice.goal, screen.kind == "end"
    fill = "#e8f3ea" if is_goal else "#fff2cc" if screen.kind == "wrong" else "#ffffff"
    edge = f'stroke="{BOARD if is_goal else INK}" stroke-width="{3 if is_goal else 1.6}"'
    shapes = [_rectangle(box, 0, f'fill="{fill}" {edge}')]
    if is_end:
        shapes.append(_rectangle(box, 5, f'fill="none" {edge}'))
    top = box.middle - LINE_HEIGHT * (len(lines) + 1) / 2 + FONT_SIZE
    shapes.append(
        f'<text x="{box.x + 16:.1f}" y="{top:.1f}" font-size="20" font-weight="700" fill="{BOARD}">{number}</text>'
    )
    for index, line in enumerate([*lines, _caption(practice, screen, language)]):
        style = f'{lang} font-weight="700" fill="{INK}"' if index < len(lines) else f' fill="{SOFT}"'
        place = f'x="{box.x + 62:.1f}" y="{top + LINE_HEIGHT * index:.1f}"'
        shapes.append(f"<text {place}{style}>{escape(line)}</text>")
    return f'<g data-screen="{escape(screen.id)}">{"".join(shapes)}</g>'


def _rectangle(box: Box, inset: float, style: str) -> str:
    return (
        f'<rect x="{box.x + inset:.1f}" y="{box.y + inset:.1f}" width="{BOX_WIDTH - 2 * inset:.1f}"'
        f' height="{box.height - 2 * inset:.1f}" rx="12" {style}/>'
    )


def _caption(practice: Practice, screen: Screen, language: str) -> str:
    """The line below the title: start or goal, and the kind of screen as the language of practices names it."""
    if screen.id == practice.goal:
        return translate_into(language, GOAL)
    part = translate_into(language, START) if screen.id == practice.start else ""
    spellings = SCREEN_KINDS.spellings(screen.kind)
    word = spellings[0] if language == SOURCE_LANGUAGE else spellings[-1]  # the last is the English one
    kind = translate_into(language, OTHER_END) if screen.kind == "end" else word
    return ", ".join(text for text in (part, kind) if text)

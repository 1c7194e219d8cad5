"""``::: chạm thử``: a screen of the lesson's practice, drawn between the paragraphs of hieu.md; one control is tapped.

Its body has one line ``=> Tên màn hình`` or ``=> lam-thu: #id``; the other lines say what to do, else the screen's task
does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from lms.content.blocks import UNCLEAR, Block
from lms.content.fuzzy_matching import nearest, slugify
from lms.content.model import FIELD_ROLES, TAP_ROLES, InlineScreen, Practice, Screen
from lms.content.practice.arrows import find_arrow
from lms.content.practice.screen_names import ScreenNames
from lms.content.prose import ProseReader
from lms.content.source import ascii_punctuation

# The lesson's practices by name; None for one with errors, whose screens are unknown.
LessonPractices = Mapping[str, Practice | None]

EXAMPLE = "=> Tên màn hình"
_FILE = re.compile(r"(?P<stem>lam(?:-(?P<name>[\w-]+))?)(?:\.md)?\s*:\s*")
_KINDS_WITHOUT_CHOICE = frozenset({"loading", "wrong", "end"})


def read_inline_screen(prose: ProseReader, block: Block, practices: LessonPractices | None) -> InlineScreen | None:
    """Read the block. ``practices`` is None where they are not known: then the target is not checked."""
    diagnostics = prose.diagnostics
    lines = prose.lines(block.start, block.end)
    targets = [index for index in range(block.start, block.end) if _is_arrow_line(diagnostics.source.lines[index])]
    for index in targets:
        lines[index - block.start] = ""
    prose.check_lines(lines, block.start)
    if len(targets) != 1:
        if UNCLEAR not in block.options:
            message = "Viết đúng một dòng nói màn hình nào của bài tập: => Tên màn hình."
            diagnostics.error("try-target", message, targets[1] if targets else block.opening, 0, EXAMPLE)
        return None
    target = _read_target(prose, targets[0])
    if target is None:
        return None
    name, text, column = target
    if practices is None:
        screen = None
    else:
        practice = _find_practice(prose, practices, name, targets[0])
        screen = _find_screen(prose, practice, text, targets[0], column) if practice else None
        if screen is None:
            return None
    return InlineScreen(
        practice=name,
        screen=screen.id if screen else slugify(text),
        html=prose.render_lines(lines) or f"<p>{escape((screen and screen.task) or text, quote=False)}</p>",
        unaided="unaided" in block.options,
        line=diagnostics.source.position(block.opening)[0],
    )


def _is_arrow_line(line: str) -> bool:
    arrow = find_arrow(line, [False] * len(line))
    return arrow is not None and not line[: arrow.start].strip()


def _read_target(prose: ProseReader, index: int) -> tuple[str, str, int] | None:
    """The practice's name, the screen as typed, and its column."""
    diagnostics, line = prose.diagnostics, prose.diagnostics.source.lines[index]
    arrow = find_arrow(line, [False] * len(line))
    if arrow is None or arrow.arrow != "=>" or not arrow.exact:
        message = "Thay mũi tên này bằng => : ở đây nó chỉ nói màn hình nào của bài tập."
        diagnostics.error("try-target", message, index, arrow.start if arrow else 0, "=>")
        return None
    diagnostics.check_punctuation(index, arrow.start, arrow.end)
    file = _FILE.match(ascii_punctuation(line), _skip_spaces(line, arrow.end))
    start = _skip_spaces(line, file.end() if file else arrow.end)
    text = " ".join(line[start:].split())
    if not text:
        diagnostics.error("try-target", "Viết tên màn hình sau mũi tên.", index, arrow.start, EXAMPLE)
        return None
    return (file["name"] or "" if file else ""), text, start


def _skip_spaces(line: str, start: int) -> int:
    return len(line) - len(line[start:].lstrip())


def _find_practice(prose: ProseReader, practices: LessonPractices, name: str, index: int) -> Practice | None:
    if name in practices:
        return practices[name]
    line, stem = prose.diagnostics.source.lines[index], f"lam-{name}" if name else "lam"
    known = [f"lam-{other}" if other else "lam" for other in practices]
    suggestion = nearest(stem, known) if known else None
    message = f"Bài này không có tệp {stem}.md."
    if suggestion:
        message = f"Bài này không có tệp {stem}.md; có phải bác muốn viết “{suggestion}: …”?"
    prose.diagnostics.error("unknown-target", message, index, max(line.find(stem), 0), suggestion)
    return None


def _find_screen(prose: ProseReader, practice: Practice, text: str, index: int, column: int) -> Screen | None:
    """The screen by title or ``#id``, if one control on it can be tapped; anything else is reported."""
    by_title = {screen.title: screen for screen in practice.screens}
    names = ScreenNames(by_title, {screen.id: screen for screen in practice.screens})
    screen = names.find(text)
    if screen is None:
        message, suggestion = names.describe_unknown(text)
        prose.diagnostics.error("unknown-target", message, index, column, suggestion)
    elif not _can_be_tapped(screen):
        message = f"Chọn màn hình khác: “{screen.title}” phải gõ, phải đợi, hay không có chỗ nào để chạm đi tiếp."
        prose.diagnostics.error("try-screen", message, index, column)
        return None
    return screen


def _can_be_tapped(screen: Screen) -> bool:
    has_fields = any(widget.role in FIELD_ROLES for widget in screen.widgets)
    leads_on = any(widget.arrow == "=>" and widget.role in TAP_ROLES for widget in screen.widgets)
    return leads_on and not has_fields and screen.kind not in _KINDS_WITHOUT_CHOICE

"""Build a Screen from its draft: kind, quotes, widgets and prose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from operator import sub
from pathlib import Path

from lms.content.links import LinkResolver
from lms.content.model import TAP_ROLES, Screen, ScreenKind, Widget
from lms.content.practice.syntax_tree import Attribute, DraftScreen, TextSpan
from lms.content.practice.value_syntax import MAX_STARS, parse_number
from lms.content.practice.vocabulary import (
    ATTRIBUTES,
    KINDS_OF_ATTRIBUTE,
    QUOTES,
    SCREEN_KINDS,
    SCROLLING_KINDS,
    TASKLESS_KINDS,
    YES,
)
from lms.content.practice.widget_builder import build_widget, read_icon
from lms.content.prose import ProseReader
from lms.content.readability import check_heading_jumps
from lms.content.source import Diagnostics, ascii_punctuation

# Fewer leave nothing to scroll to.
_MIN_SCROLLING_WIDGETS = 5
_ADDRESS = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+example(?:/\S*)?", re.IGNORECASE)
_TIME = re.compile(r"[0-9]{1,2}[:.h][0-9]{2}")


def set_screen_kind(diagnostics: Diagnostics, screen: DraftScreen) -> None:
    """Set the screen's kind and whether it scrolls."""
    attribute = screen.attributes.get("kind")
    if attribute is not None:
        kind = SCREEN_KINDS.find(attribute.value.text)
        if kind is None:
            near = SCREEN_KINDS.nearest(attribute.value.text)
            message = f"Không có loại màn hình “{attribute.value.text}”; có phải bác muốn viết “{near}”?"
            diagnostics.error("unknown-kind", message, attribute.value.line, attribute.value.column, near)
            screen.kind = SCREEN_KINDS.find(near) or "app"  # so that further checks apply
        else:
            screen.kind = kind
    elif "lost" in screen.quotes and "task" not in screen.quotes and not screen.attributes.broken:
        screen.kind = "wrong"
    _set_scrolls(diagnostics, screen)
    if screen.attributes.broken and "kind" not in screen.attributes.values:
        screen.has_unclear_quote = True


def _set_scrolls(diagnostics: Diagnostics, screen: DraftScreen) -> None:
    attribute = screen.attributes.get("scroll")
    if attribute is None:
        return
    value = attribute.value
    screen.scrolls = YES.find(value.text) is not None
    if not screen.scrolls:
        message = "Sau “cuộn=” chỉ viết “có”; màn hình không cuộn thì bỏ thuộc tính này."
        diagnostics.error("scroll-value", message, value.line, value.column, "có")
    elif screen.kind not in SCROLLING_KINDS:
        kinds = ", ".join(sorted(SCREEN_KINDS.spelling(kind) for kind in SCROLLING_KINDS))
        message = f"Màn hình loại “{SCREEN_KINDS.spelling(screen.kind)}” không cuộn; “cuộn” dùng ở các loại: {kinds}."
        diagnostics.error("scroll-on-wrong-kind", message, attribute.key.line, attribute.key.column)
    elif len(screen.widgets) < _MIN_SCROLLING_WIDGETS:
        message = f"Màn hình cuộn cần ít nhất {_MIN_SCROLLING_WIDGETS} thứ thì mới có phần khuất để cuộn tới."
        diagnostics.warning("scroll-short", message, attribute.key.line, attribute.key.column)


def build_screen(diagnostics: Diagnostics, draft: DraftScreen, folder: Path | None, data: Mapping[str, str]) -> Screen:
    """Build the screen as far as possible, and report its problems."""
    _check_attributes(diagnostics, draft)
    _check_quotes(diagnostics, draft)
    built = [build_widget(diagnostics, widget, folder, data) for widget in draft.widgets]
    widgets = tuple(widget for widget in built if widget is not None)
    _check_clashes(diagnostics, draft)
    _check_areas(diagnostics, draft, widgets)
    quotes = draft.quotes
    return Screen(
        id=draft.id,
        title=draft.title.text,
        kind=draft.kind,
        widgets=widgets,
        line=diagnostics.source.position(draft.line)[0],
        task=_first_text(quotes.get("task")),
        hints=_texts(quotes.get("hint")),
        why=_first_text(quotes.get("why")),
        lost=_first_text(quotes.get("lost")),
        says=_texts(quotes.get("say")),
        prose=read_prose(diagnostics, draft.prose, folder, heading_level=2),
        scrolls=draft.scrolls,
        shown=_attribute_text(draft, "shown"),
        address=_build_address(diagnostics, draft),
        developer=_attribute_text(draft, "developer"),
        stars=_build_stars(diagnostics, draft),
        time=_build_time(diagnostics, draft),
        drawing=_build_drawing(diagnostics, draft),
    )


def _check_attributes(diagnostics: Diagnostics, draft: DraftScreen) -> None:
    for code, attribute in draft.attributes.values.items():
        kinds = KINDS_OF_ATTRIBUTE.get(code)
        if code in ("kind", "scroll") or (kinds and (draft.kind in kinds or draft.attributes.broken)):
            continue
        message = f"“{ATTRIBUTES.spelling(code)}” không dùng ở tên màn hình; ở đây chỉ có loại=, cuộn= và #id."
        if kinds and len(kinds) > 2:
            message = f"Màn hình này không vẽ điện thoại, nên không có “{ATTRIBUTES.spelling(code)}”; bác bỏ đi."
        elif kinds:
            shown_kinds = ", ".join(sorted(SCREEN_KINDS.spelling(kind) for kind in kinds))
            message = f"“{ATTRIBUTES.spelling(code)}” chỉ dùng ở màn hình loại: {shown_kinds}."
        diagnostics.error("attribute-on-wrong-role", message, attribute.key.line, attribute.key.column)
    for kind, code, rule, example in _REQUIRED_ATTRIBUTES:
        is_clear = not draft.attributes.broken and not draft.attributes.has_unknown
        if draft.kind == kind and code not in draft.attributes.values and is_clear:
            message = f"Thêm {example} vào tên màn hình loại {SCREEN_KINDS.spelling(kind)}."
            diagnostics.error(rule, message, draft.line, draft.column, example)


def _valid_attribute(draft: DraftScreen, code: str) -> Attribute | None:
    """The attribute if it belongs to a screen of this kind."""
    return draft.attributes.get(code) if draft.kind in KINDS_OF_ATTRIBUTE[code] else None


def _attribute_text(draft: DraftScreen, code: str) -> str | None:
    attribute = _valid_attribute(draft, code)
    return attribute.value.text if attribute else None


def _build_address(diagnostics: Diagnostics, draft: DraftScreen) -> str | None:
    """The address in the bar of a browser. A real one could be taken for a page of its owner, or be opened."""
    attribute = _valid_attribute(draft, "address")
    if attribute is None:
        return None
    value = attribute.value
    if not _ADDRESS.fullmatch(value.text):
        message = f"Địa chỉ “{value.text}” có thể có thật; bác dùng đuôi .example, viết liền, như qua-tang.example."
        diagnostics.error("address", message, value.line, value.column, ".example")
    return value.text


def _build_time(diagnostics: Diagnostics, draft: DraftScreen) -> str | None:
    attribute = _valid_attribute(draft, "time")
    if attribute is None:
        return None
    value = attribute.value
    if not _TIME.fullmatch(value.text):
        diagnostics.error("bad-time", "Viết giờ như giờ=9:15.", value.line, value.column, "9:15")
    return value.text


def _build_stars(diagnostics: Diagnostics, draft: DraftScreen) -> float | None:
    attribute = _valid_attribute(draft, "stars")
    return parse_number(diagnostics, attribute, 0, MAX_STARS) if attribute else None


def _build_drawing(diagnostics: Diagnostics, draft: DraftScreen) -> str | None:
    attribute = _valid_attribute(draft, "picture")
    return read_icon(diagnostics, attribute) if attribute else None


def read_prose(diagnostics: Diagnostics, lines: list[int], folder: Path | None, heading_level: int) -> str:
    """Check and render prose lines, which need not be contiguous. Links are errors: no tap may leave a practice."""
    prose = ProseReader(diagnostics, LinkResolver(folder))
    html_parts: list[str] = []
    for start, end in _line_ranges(diagnostics, lines):
        outlined = prose.check(start, end)
        check_heading_jumps(diagnostics, outlined.headings, heading_level)
        for link in outlined.links:
            message = "Bỏ liên kết này: trong bài tập không có đường đi ra ngoài. Bác để chữ thường là đủ."
            diagnostics.error("link-out", message, link.line, link.column)
        html_parts.append(prose.render(start, end))
    return "\n".join(html_parts)


def _line_ranges(diagnostics: Diagnostics, lines: list[int]) -> list[tuple[int, int]]:
    """The ranges of contiguous lines, without leading and trailing blank lines."""
    ranges: list[tuple[int, int]] = []
    for _, group in groupby(enumerate(lines), key=lambda pair: sub(*pair)):
        group_lines = [line for _, line in group]
        while group_lines and not diagnostics.source.lines[group_lines[0]].strip():
            group_lines.pop(0)
        while group_lines and not diagnostics.source.lines[group_lines[-1]].strip():
            group_lines.pop()
        if group_lines:
            ranges.append((group_lines[0], group_lines[-1] + 1))
    return ranges


def _check_quotes(diagnostics: Diagnostics, draft: DraftScreen) -> None:
    for code in ("task", "why", "lost"):
        for extra in draft.quotes.get(code, [])[1:]:
            message = f"Mỗi màn hình chỉ có một “> {QUOTES.spelling(code)}”; bác gộp lại hoặc tách màn hình."
            diagnostics.error("quote-twice", message, extra.line, diagnostics.source.lines[extra.line].find(">"))
    is_end = draft.kind in TASKLESS_KINDS or draft.is_goal  # a goal of another kind is reported once
    if not is_end and "task" not in draft.quotes and not draft.has_unclear_quote:
        message = "Thêm một dòng “> Việc: …” dưới tên màn hình: việc người học cần làm ở đây."
        message = _find_quote_without_marker(diagnostics, draft, "task") or message
        diagnostics.error("task-missing", message, draft.line, draft.column, "> Việc: ")
    lost = draft.quotes.get("lost")
    if draft.kind == "wrong" and not lost and not draft.has_unclear_quote:
        message = "Thêm một dòng “> Lạc: …”: nói cho người học biết đang lạc ở đâu."
        message = _find_quote_without_marker(diagnostics, draft, "lost") or message
        diagnostics.error("lost-missing", message, draft.line, draft.column, "> Lạc: ")
    elif lost and draft.kind not in ("wrong", "end") and not draft.attributes.broken:
        message = "“> Lạc” chỉ dùng ở màn hình lạc: thêm {loại=lạc} vào dòng ##, hoặc đổi từ đầu dòng."
        diagnostics.error("lost-elsewhere", message, lost[0].line, lost[0].column, "{loại=lạc}")


def _find_quote_without_marker(diagnostics: Diagnostics, draft: DraftScreen, code: str) -> str | None:
    """The message if the missing quote is found in the prose, without its ``>``; else None."""
    for line in draft.prose:
        word, colon, _ = ascii_punctuation(diagnostics.source.lines[line]).partition(":")
        if colon and QUOTES.find(word) == code:
            return f"Thêm dấu > ở đầu dòng {diagnostics.source.position(line)[0]}: “> {QUOTES.spelling(code)}: …”."
    return None


def _check_clashes(diagnostics: Diagnostics, draft: DraftScreen) -> None:
    labels: dict[str, str] = {}
    ids: set[str] = set()
    forward: str | None = None
    for widget in draft.widgets:
        label, arrow = widget.parts.label, widget.parts.arrow
        if widget.role in TAP_ROLES and label.text:
            comparable = " ".join(ascii_punctuation(label.text).casefold().split()).rstrip(" .:…")
            if comparable in labels:
                message = f"Hai chỗ chạm trên một màn hình cùng tên “{labels[comparable]}”; bác đặt nhãn khác nhau."
                diagnostics.error("label-twice", message, label.line, label.column)
            labels.setdefault(comparable, label.text)
        typed_id = widget.parts.attributes.id
        if typed_id is not None:
            if typed_id.text in ids:
                message = f"Tên riêng #{typed_id.text} đã dùng ở trên; bác đặt tên khác."
                diagnostics.error("id-twice", message, typed_id.line, typed_id.column)
            ids.add(typed_id.text)
        if arrow is not None and arrow.text == "=>" and widget.leads_to and not widget.parts.broken:
            if forward is not None and widget.leads_to != forward:
                message = "Mọi mũi tên => trên một màn hình dẫn tới cùng một chỗ; đường khác thì dùng -> hoặc x>."
                diagnostics.error("forward-differs", message, arrow.line, arrow.column)
            forward = forward or widget.leads_to


def _check_areas(diagnostics: Diagnostics, draft: DraftScreen, widgets: tuple[Widget, ...]) -> None:
    if any(widget.role == "image" for widget in widgets):
        return
    if draft.has_lost_item or any(
        widget.role is None for widget in draft.widgets
    ):  # an invalid item may be the picture
        return
    for widget in draft.widgets:
        if widget.role == "area":
            message = "Thêm một dòng - [ảnh] vào màn hình này: [vùng] nằm trên ảnh đó."
            diagnostics.error("area-without-image", message, widget.line, widget.column)


_REQUIRED_ATTRIBUTES: tuple[tuple[ScreenKind, str, str, str], ...] = (
    ("browser", "address", "address-missing", 'địa chỉ="qua-tang.example"'),
    ("lock", "time", "time-missing", "giờ=9:15"),
)


def _first_text(spans: list[TextSpan] | None) -> str | None:
    return spans[0].text if spans else None


def _texts(spans: list[TextSpan] | None) -> tuple[str, ...]:
    return tuple(span.text for span in spans or ())

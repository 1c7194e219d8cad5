"""From a drafted screen to a Screen: its kind, its quotes, and its prose."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import sub
from pathlib import Path

from lms.content.links import Home
from lms.content.model import TAP_ROLES, Screen, Widget
from lms.content.practice.syntax_tree import DraftScreen, Piece
from lms.content.practice.widgets import read_widget
from lms.content.practice.words import ATTRIBUTES, KINDS, QUOTES, TASKLESS_KINDS
from lms.content.prose import Prose
from lms.content.readability import check_heading_jumps
from lms.content.source import Report, plain


def read_kind(report: Report, screen: DraftScreen) -> None:
    """Set the screen's kind; other attributes do not belong on a heading."""
    for code, attribute in screen.attributes.values.items():
        if code != "kind":
            message = f"“{ATTRIBUTES.spelling(code)}” không dùng ở tên màn hình; ở đây chỉ có loại= và #id."
            report.error("attribute-on-wrong-role", message, attribute.key.line, attribute.key.column)
            continue
        kind = KINDS.find(attribute.value.text)
        if kind is None:
            near = KINDS.nearest(attribute.value.text)
            message = f"Không có loại màn hình “{attribute.value.text}”; có phải bác muốn viết “{near}”?"
            report.error("unknown-kind", message, attribute.value.line, attribute.value.column, near)
            screen.kind = KINDS.find(near) or "app"  # for what else is said about this screen
        else:
            screen.kind = kind
    if screen.attributes.broken and "kind" not in screen.attributes.values:
        screen.unclear = True


def read_screen(report: Report, draft: DraftScreen, folder: Path | None, data: Mapping[str, str]) -> Screen:
    """The screen as far as it can be understood, with everything reported."""
    _check_quotes(report, draft)
    widgets = [read_widget(report, widget, folder, data) for widget in draft.widgets]
    understood = tuple(widget for widget in widgets if widget is not None)
    _check_clashes(report, draft)
    _check_areas(report, draft, understood)
    quotes = draft.quotes
    return Screen(
        id=draft.id,
        title=draft.title.text,
        kind=draft.kind,
        widgets=understood,
        line=report.source.place(draft.line)[0],
        task=_first(quotes.get("task")),
        hints=_texts(quotes.get("hint")),
        why=_first(quotes.get("why")),
        lost=_first(quotes.get("lost")),
        says=_texts(quotes.get("say")),
        prose=read_prose(report, draft.prose, folder, heading_level=2),
    )


def read_prose(report: Report, lines: list[int], folder: Path | None, heading_level: int) -> str:
    """Check and render prose, whose lines may stand apart. A practice has no links: nobody leaves it by a tap."""
    prose = Prose(report, Home(folder))
    made = []
    for start, end in _runs(report, lines):
        found = prose.check(start, end)
        check_heading_jumps(report, found.headings, heading_level)
        for link in found.links:
            message = "Bỏ liên kết này: trong bài tập không có đường đi ra ngoài. Bác để chữ thường là đủ."
            report.error("link-out", message, link.line, link.column)
        made.append(prose.render(start, end))
    return "\n".join(made)


def _runs(report: Report, lines: list[int]) -> list[tuple[int, int]]:
    """The stretches of lines that follow each other, without blank ones around them."""
    runs = []
    for _, group in groupby(enumerate(lines), key=lambda pair: sub(*pair)):
        stretch = [line for _, line in group]
        while stretch and not report.source.lines[stretch[0]].strip():
            stretch.pop(0)
        while stretch and not report.source.lines[stretch[-1]].strip():
            stretch.pop()
        if stretch:
            runs.append((stretch[0], stretch[-1] + 1))
    return runs


def _check_quotes(report: Report, draft: DraftScreen) -> None:
    for code in ("task", "why", "lost"):
        for extra in draft.quotes.get(code, [])[1:]:
            message = f"Mỗi màn hình chỉ có một “> {QUOTES.spelling(code)}”; bác gộp lại hoặc tách màn hình."
            report.error("quote-twice", message, extra.line, report.source.lines[extra.line].find(">"))
    if draft.kind not in TASKLESS_KINDS and "task" not in draft.quotes and not draft.unclear:
        message = "Thêm một dòng “> Việc: …” dưới tên màn hình: việc người học cần làm ở đây."
        message = _mark_forgotten(report, draft, "task") or message
        report.error("task-missing", message, draft.line, draft.column, "> Việc: ")
    lost = draft.quotes.get("lost")
    if draft.kind == "wrong" and not lost and not draft.unclear:
        message = "Thêm một dòng “> Lạc: …”: nói cho người học biết đang lạc ở đâu."
        message = _mark_forgotten(report, draft, "lost") or message
        report.error("lost-missing", message, draft.line, draft.column, "> Lạc: ")
    elif lost and draft.kind not in ("wrong", "end") and not draft.attributes.broken:
        message = "“> Lạc” chỉ dùng ở màn hình lạc: thêm {loại=lạc} vào dòng ##, hoặc đổi từ đầu dòng."
        report.error("lost-elsewhere", message, lost[0].line, lost[0].column, "{loại=lạc}")


def _mark_forgotten(report: Report, draft: DraftScreen, code: str) -> str | None:
    """What to do where the quote that is missing stands among the prose."""
    for line in draft.prose:
        word, colon, _ = plain(report.source.lines[line]).partition(":")
        if colon and QUOTES.find(word) == code:
            return f"Thêm dấu > ở đầu dòng {report.source.place(line)[0]}: “> {QUOTES.spelling(code)}: …”."
    return None


def _check_clashes(report: Report, draft: DraftScreen) -> None:
    labels: dict[str, str] = {}
    ids: set[str] = set()
    forward: str | None = None
    for widget in draft.widgets:
        label, arrow = widget.parts.label, widget.parts.arrow
        if widget.role in TAP_ROLES and label.text:
            looks = " ".join(plain(label.text).casefold().split()).rstrip(" .:…")
            if looks in labels:
                message = f"Hai chỗ chạm trên một màn hình cùng tên “{labels[looks]}”; bác đặt nhãn khác nhau."
                report.error("label-twice", message, label.line, label.column)
            labels.setdefault(looks, label.text)
        typed_id = widget.parts.attributes.id
        if typed_id is not None:
            if typed_id.text in ids:
                message = f"Tên riêng #{typed_id.text} đã dùng ở trên; bác đặt tên khác."
                report.error("id-twice", message, typed_id.line, typed_id.column)
            ids.add(typed_id.text)
        if arrow is not None and arrow.text == "=>" and widget.leads_to and not widget.parts.broken:
            if forward is not None and widget.leads_to != forward:
                message = "Mọi mũi tên => trên một màn hình dẫn tới cùng một chỗ; đường khác thì dùng -> hoặc x>."
                report.error("forward-differs", message, arrow.line, arrow.column)
            forward = forward or widget.leads_to


def _check_areas(report: Report, draft: DraftScreen, widgets: tuple[Widget, ...]) -> None:
    if any(widget.role == "image" for widget in widgets):
        return
    if draft.lost_item or any(widget.role is None for widget in draft.widgets):  # which may be the picture
        return
    for widget in draft.widgets:
        if widget.role == "area":
            message = "Thêm một dòng - [ảnh] vào màn hình này: [vùng] nằm trên ảnh đó."
            report.error("area-without-image", message, widget.line, widget.column)


def _first(pieces: list[Piece] | None) -> str | None:
    return pieces[0].text if pieces else None


def _texts(pieces: list[Piece] | None) -> tuple[str, ...]:
    return tuple(piece.text for piece in pieces or ())

"""Every text of a practice looked at where it stands: unknown ``{{key}}``, real-looking data, long texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lms.content.fuzzy_words import fold, nearest
from lms.content.outline import Running, outline_inline
from lms.content.practice.compiling import drawn_length
from lms.content.practice.front_matter import Front
from lms.content.practice.pii_checks import Kind, find_real_looking
from lms.content.practice.placeholders import PLACEHOLDER, SINGLE_BRACES, fill
from lms.content.practice.syntax_tree import Draft, DraftWidget, Piece
from lms.content.practice.words import QUOTES
from lms.content.readability import check_text
from lms.content.source import Report, plain

MOST_TASK, MOST_HINT, MOST_LABEL = 140, 120, 40  # code points

_REAL: dict[Kind, str] = {
    "identity": "“{}” giống số định danh của người thật; bác dùng số không có thật, như 099060000123.",
    "phone": "“{}” giống số điện thoại của người thật; bác dùng số không có thật, như 0100000777.",
    "insurance": "“{}” giống mã thẻ bảo hiểm y tế của người thật; bác dùng mã có 99 ở chỗ mã tỉnh.",
    "email": "“{}” giống địa chỉ thư của người thật; bác dùng đuôi .example, như tap@thu.example.",
}
_SAFE: dict[Kind, str] = {"identity": "099060000123", "phone": "0100000777", "email": "tap@thu.example"}


def check_texts(report: Report, front: Front, draft: Draft) -> None:
    """Report what is wrong inside the texts of a practice."""
    for piece in _prose_pieces(report, front, draft):
        _check_names(report, front, piece)
        _check_single_braces(report, front, piece)
    for piece in _plain_pieces(draft):
        _check_names(report, front, piece)
        _check_marks(report, piece)
    for piece in _said_pieces(draft):
        _check_single_braces(report, front, piece)
    _check_safety(report, front, draft)
    _check_readers(report, draft)


# --- {{key}}


def _check_names(report: Report, front: Front, piece: Piece) -> None:
    meant = plain(piece.text)
    spellings = [name.text for name, _ in front.matter.mapping("data")]
    data_unread = "data" in front.matter.meant  # its key is misspelt, which has its own finding
    at = meant.find("{{")
    while at >= 0:
        match = PLACEHOLDER.match(meant, at)
        if match is None:
            message = "Khép tên dữ liệu bằng hai ngoặc, như {{otp}}."
            report.error("placeholder-open", message, piece.line, piece.column + at, "}}")
        elif fold(match[1]) not in front.names and not data_unread and not front.matter.may_have_lost(match[1]):
            near = nearest(match[1], spellings) if spellings else None
            shown = "{{" + near + "}}" if near else None
            hint = f"; có phải bác muốn viết “{shown}”?" if shown else "; bác thêm một dòng vào “dữ liệu”."
            message = f"Không có “{match[0]}” trong phần “dữ liệu”{hint}"
            report.error("unknown-data", message, piece.line, piece.column + at, near)
        else:
            report.mend(piece.line, piece.column + at, piece.column + at + 2)
            report.mend(piece.line, piece.column + match.end() - 2, piece.column + match.end())
        at = meant.find("{{", match.end() if match else at + 2)


def _check_single_braces(report: Report, front: Front, piece: Piece) -> None:
    """``{otp}`` would be shown as it stands, and who learns would look for a number in vain."""
    for match in SINGLE_BRACES.finditer(plain(piece.text)):
        if fold(match[1]) in front.names:
            shown = "{{" + match[1].strip() + "}}"
            message = f"Viết tên dữ liệu trong hai cặp ngoặc: {shown}."
            report.error("placeholder-open", message, piece.line, piece.column + match.start(), shown)


def _check_marks(report: Report, piece: Piece) -> None:
    """These texts are shown as they are typed: a link or a tag in them would be seen as such."""
    if "<" not in piece.text and "](" not in piece.text:
        return
    found = outline_inline(Running((piece.text,), ((piece.line, piece.column),)))
    for link in found.links:
        message = "Bỏ liên kết này: trong bài tập không có đường đi ra ngoài. Bác để chữ thường là đủ."
        report.error("link-out", message, link.line, link.column)
    for tag in found.tags:
        report.warning("raw-html", "Bỏ thẻ HTML này; nó chỉ hiện ra như chữ thường.", tag.line, tag.column)


def _prose_pieces(report: Report, front: Front, draft: Draft) -> Iterator[Piece]:
    card = front.matter.value("card")
    if card:
        yield Piece(card.text, card.line, card.column)
    for line in draft.intro:
        yield Piece("", line, 0)
    lines = [*draft.intro, *(line for screen in draft.screens for line in screen.prose)]
    yield from (Piece(report.source.lines[line], line, 0) for line in lines)


def _plain_pieces(draft: Draft) -> Iterator[Piece]:
    for screen in draft.screens:
        yield screen.title
        for pieces in screen.quotes.values():
            yield from pieces
        for widget in screen.widgets:
            yield from _widget_pieces(widget)


def _said_pieces(draft: Draft) -> Iterator[Piece]:
    """What is only said. In labels and values the grammar looks at every brace."""
    for screen in draft.screens:
        for pieces in screen.quotes.values():
            yield from pieces
        for widget in screen.widgets:
            yield from widget.subs.values()


def _widget_pieces(widget: DraftWidget) -> Iterator[Piece]:
    yield widget.parts.label
    if widget.parts.value:
        yield widget.parts.value
    items = widget.parts.attributes.get("items")
    if items:
        yield items.value
    yield from widget.subs.values()


# --- safety


def _check_safety(report: Report, front: Front, draft: Draft) -> None:
    for _, value in front.matter.mapping("data"):
        _check_real(report, Piece(value.text, value.line, value.column), {})
    fixed = {name: value for name, value in front.data if drawn_length(value) is None}
    sound = {name: value for name, value in fixed.items() if not find_real_looking(value)}
    for screen in draft.screens:
        for widget in screen.widgets:
            items = widget.parts.attributes.get("items")
            for piece in (widget.parts.value, widget.subs.get("body"), items.value if items else None):
                if piece:
                    _check_real(report, piece, sound)


def _check_real(report: Report, piece: Piece, data: Mapping[str, str]) -> None:
    """Look at the text as typed, and, when that is sound, with its data filled in."""
    found = find_real_looking(piece.text)
    at = found[0].start if found else 0
    for one in found or find_real_looking(fill(piece.text, data))[:1]:
        column = piece.column + (one.start if found else at)
        report.error("real-looking", _REAL[one.kind].format(one.text), piece.line, column, _SAFE.get(one.kind))


# --- readers


def _check_readers(report: Report, draft: Draft) -> None:
    for screen in draft.screens:
        for code, most in (("task", MOST_TASK), ("hint", MOST_HINT)):
            for piece in screen.quotes.get(code, ()):
                if len(piece.text) > most:
                    word = QUOTES.spelling(code)
                    message = f"“{word}” dài {len(piece.text)} ký tự; bác rút còn nhiều nhất {most}."
                    report.warning(f"long-{code}", message, piece.line, piece.column)
        for pieces in screen.quotes.values():
            for piece in pieces:
                check_text(report, piece.text, piece.line, piece.column)
        for widget in screen.widgets:
            label = widget.parts.label
            if len(label.text) > MOST_LABEL:
                message = f"Nhãn dài {len(label.text)} ký tự; bác rút còn nhiều nhất {MOST_LABEL}."
                report.warning("long-label", message, label.line, label.column)
            for code in ("wrong", "warn"):
                if code in widget.subs:
                    piece = widget.subs[code]
                    check_text(report, piece.text, piece.line, piece.column)

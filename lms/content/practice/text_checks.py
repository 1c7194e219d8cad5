"""Check the texts of a practice: unknown placeholders, data that looks real, markup, and length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lms.content.fuzzy_matching import nearest, normalize_word
from lms.content.markdown.outline import TextRun, outline_inline
from lms.content.personal_data import Kind, find_pii
from lms.content.practice.compiling import random_digit_count
from lms.content.practice.front_matter import PracticeFrontMatter
from lms.content.practice.placeholders import PLACEHOLDER, SINGLE_BRACES, fill_placeholders
from lms.content.practice.syntax_tree import DraftPractice, DraftScreen, DraftWidget, TextSpan
from lms.content.practice.vocabulary import QUOTES
from lms.content.readability import check_text
from lms.content.source import Diagnostics, ascii_punctuation

MAX_TASK_LENGTH, MAX_HINT_LENGTH, MAX_LABEL_LENGTH = 140, 120, 40  # code points

_BRACE = re.compile("[{｛]")
_PII_MESSAGES: dict[Kind, str] = {
    "identity": "“{}” giống số định danh của người thật; bác dùng số không có thật, như 099060000123.",
    "phone": "“{}” giống số điện thoại của người thật; bác dùng số không có thật, như 0100000777.",
    "insurance": "“{}” giống mã thẻ bảo hiểm y tế của người thật; bác dùng mã có 99 ở chỗ mã tỉnh.",
    "account": "“{}” giống số tài khoản của người thật; bác dùng số không có thật, như 100000777.",
    "email": "“{}” giống địa chỉ thư của người thật; bác dùng đuôi .example, như tap@thu.example.",
}
_PII_SUGGESTIONS: dict[Kind, str] = {
    "identity": "099060000123",
    "phone": "0100000777",
    "account": "100000777",
    "email": "tap@thu.example",
}


def check_texts(diagnostics: Diagnostics, front_matter: PracticeFrontMatter, draft: DraftPractice) -> None:
    """Report problems inside the texts of a practice."""
    for span in _prose_spans(diagnostics, front_matter, draft):
        _check_placeholders(diagnostics, front_matter, span)
        _check_single_braces(diagnostics, front_matter, span)
    for span in _text_spans(draft):
        _check_placeholders(diagnostics, front_matter, span)
        _check_markup(diagnostics, span)
    for span in _spoken_spans(draft):
        _check_single_braces(diagnostics, front_matter, span)
    _check_pii(diagnostics, front_matter, draft)
    _check_readability(diagnostics, draft)


# --- {{key}}


def _check_placeholders(diagnostics: Diagnostics, front_matter: PracticeFrontMatter, span: TextSpan) -> None:
    if not _BRACE.search(span.text):
        return
    meant = ascii_punctuation(span.text)
    start = meant.find("{{")
    if start < 0:
        return
    spellings = [name.text for name, _ in front_matter.matter.mapping("data")]
    data_unread = "data" in front_matter.matter.meant  # the key "dữ liệu" is misspelt, which was reported
    while start >= 0:
        match = PLACEHOLDER.match(meant, start)
        if match is None:
            message = "Khép tên dữ liệu bằng hai ngoặc, như {{otp}}."
            diagnostics.error("placeholder-open", message, span.line, span.column + start, "}}")
        elif (
            normalize_word(match[1]) not in front_matter.names
            and not data_unread
            and not front_matter.matter.may_contain(match[1])
        ):
            near = nearest(match[1], spellings) if spellings else None
            shown = "{{" + near + "}}" if near else None
            hint = f"; có phải bác muốn viết “{shown}”?" if shown else "; bác thêm một dòng vào “dữ liệu”."
            message = f"Không có “{match[0]}” trong phần “dữ liệu”{hint}"
            diagnostics.error("unknown-data", message, span.line, span.column + start, near)
        else:
            diagnostics.check_punctuation(span.line, span.column + start, span.column + start + 2)
            diagnostics.check_punctuation(span.line, span.column + match.end() - 2, span.column + match.end())
        start = meant.find("{{", match.end() if match else start + 2)


def _check_single_braces(diagnostics: Diagnostics, front_matter: PracticeFrontMatter, span: TextSpan) -> None:
    """Report ``{otp}``, which would be shown to learners literally."""
    if not _BRACE.search(span.text):
        return
    for match in SINGLE_BRACES.finditer(ascii_punctuation(span.text)):
        if normalize_word(match[1]) in front_matter.names:
            shown = "{{" + match[1].strip() + "}}"
            message = f"Viết tên dữ liệu trong hai cặp ngoặc: {shown}."
            diagnostics.error("placeholder-open", message, span.line, span.column + match.start(), shown)


def _check_markup(diagnostics: Diagnostics, span: TextSpan) -> None:
    """Report links and tags in texts that are shown as typed."""
    if "<" not in span.text and "](" not in span.text:
        return
    findings = outline_inline(TextRun((span.text,), ((span.line, span.column),)))
    for link in findings.links:
        message = "Bỏ liên kết này: trong bài tập không có đường đi ra ngoài. Bác để chữ thường là đủ."
        diagnostics.error("link-out", message, link.line, link.column)
    for tag in findings.tags:
        diagnostics.warning("raw-html", "Bỏ thẻ HTML này; nó chỉ hiện ra như chữ thường.", tag.line, tag.column)


def _prose_spans(
    diagnostics: Diagnostics, front_matter: PracticeFrontMatter, draft: DraftPractice
) -> Iterator[TextSpan]:
    card = front_matter.matter.value("card")
    if card:
        yield TextSpan(card.text, card.line, card.column)
    lines = [*draft.intro, *(line for screen in draft.screens for line in screen.prose)]
    yield from (TextSpan(diagnostics.source.lines[line], line, 0) for line in lines)


def _text_spans(draft: DraftPractice) -> Iterator[TextSpan]:
    for screen in draft.screens:
        yield screen.title
        yield from _shown_spans(screen)
        for spans in screen.quotes.values():
            yield from spans
        for widget in screen.widgets:
            yield from _widget_spans(widget)


def _shown_spans(screen: DraftScreen) -> Iterator[TextSpan]:
    """What the phone shows in place of the title, and around it."""
    for code in ("shown", "developer", "address"):
        attribute = screen.attributes.get(code)
        if attribute:
            yield attribute.value


def _spoken_spans(draft: DraftPractice) -> Iterator[TextSpan]:
    """Texts without widget syntax; in labels and values every brace is checked by the parser."""
    for screen in draft.screens:
        for spans in screen.quotes.values():
            yield from spans
        for widget in screen.widgets:
            yield from widget.sub_lines.values()


def _widget_spans(widget: DraftWidget) -> Iterator[TextSpan]:
    yield widget.parts.label
    if widget.parts.value:
        yield widget.parts.value
    items = widget.parts.attributes.get("items")
    if items:
        yield items.value
    yield from widget.sub_lines.values()


# --- personal data


def _check_pii(diagnostics: Diagnostics, front_matter: PracticeFrontMatter, draft: DraftPractice) -> None:
    for _, value in front_matter.matter.mapping("data"):
        _report_pii(diagnostics, TextSpan(value.text, value.line, value.column), {})
    for code in ("name", "simulates"):
        value = front_matter.matter.value(code)
        if value:
            _report_pii(diagnostics, TextSpan(value.text, value.line, value.column), {})
    fixed = {name: value for name, value in front_matter.data if random_digit_count(value) is None}
    harmless = {name: value for name, value in fixed.items() if not find_pii(value)}
    for span in (*_prose_spans(diagnostics, front_matter, draft), *_text_spans(draft)):
        _report_pii(diagnostics, span, harmless)


def _report_pii(diagnostics: Diagnostics, span: TextSpan, data: Mapping[str, str]) -> None:
    """Check the text as typed and, if nothing is found, with its data filled in."""
    findings = find_pii(span.text)
    start = findings[0].start if findings else 0
    filled = fill_placeholders(span.text, data)
    for finding in findings or (find_pii(filled)[:1] if filled != span.text else []):
        column = span.column + (finding.start if findings else start)
        diagnostics.error(
            "real-looking",
            _PII_MESSAGES[finding.kind].format(finding.text),
            span.line,
            column,
            _PII_SUGGESTIONS.get(finding.kind),
        )


# --- readability


def _check_readability(diagnostics: Diagnostics, draft: DraftPractice) -> None:
    for screen in draft.screens:
        for code, maximum in (("task", MAX_TASK_LENGTH), ("hint", MAX_HINT_LENGTH)):
            for span in screen.quotes.get(code, ()):
                if len(span.text) > maximum:
                    word = QUOTES.spelling(code)
                    message = f"“{word}” dài {len(span.text)} ký tự; bác rút còn nhiều nhất {maximum}."
                    diagnostics.warning(f"long-{code}", message, span.line, span.column)
        for spans in screen.quotes.values():
            for span in spans:
                check_text(diagnostics, span.text, span.line, span.column)
        for widget in screen.widgets:
            label = widget.parts.label
            if widget.role == "bubble":
                check_text(diagnostics, label.text, label.line, label.column)
            elif len(label.text) > MAX_LABEL_LENGTH:
                message = f"Nhãn dài {len(label.text)} ký tự; bác rút còn nhiều nhất {MAX_LABEL_LENGTH}."
                diagnostics.warning("long-label", message, label.line, label.column)
            for code in ("wrong", "warn"):
                if code in widget.sub_lines:
                    span = widget.sub_lines[code]
                    check_text(diagnostics, span.text, span.line, span.column)

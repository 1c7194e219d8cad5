"""Markup that the page would show as typed: unclosed bold, a table without its rule, an address that is no link."""

from __future__ import annotations

import re

from lms.content.fuzzy_matching import slugify
from lms.content.markdown.outline import TextRun, locate
from lms.content.source import Diagnostics

_BOLD = re.compile(r"(?<![\\*])\*\*(?!\*)")
_ROW = re.compile(r"\s*\|.*\|.*\|\s*$")
_LOOSE_ROW = re.compile(r"[^|]*\S \| \S[^|]*(?:\| [^|]*)*$")
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_SPACED_LINK = re.compile(
    r"(?P<sign>!?)\[(?P<text>[^\[\]\n]*)\]\s+\((?P<address>(?:https?://|www\.|images/|\.\./)[^()\s]*)\)"
)
_SPACED_PATH = re.compile(
    r"!\[(?P<text>[^\[\]\n]*)\]\s?\((?P<address>[^()\n]*\s[^()\n]*\.(?:png|jpe?g|webp|gif|svg|avif))\)", re.IGNORECASE
)
_BARE_ADDRESS = re.compile(r"(?<![(<\w/\"“])(?:https?://|www\.)[^\s<>()\"”]*[^\s<>()\"”.,;:!?]")
_NOTE = re.compile(r"\s*//(?=\s|\w*\s)")
# Notes of other kinds: a warning only, since a text may be meant so.
_OTHER_NOTE = re.compile(
    r"\s*(?P<sign>/\*|%(?=\s)|(?:TODO|FIXME|XXX|xxx)\b:?|\[TOC\]|\\newpage\b|[\[(](?=(?:chèn|ảnh|hình) ))(?P<text>.*)"
)
_LINE_START = re.compile(r"\s*[-+–*\d/%TFXx\[(\\]")  # what the two around this may begin with
_TIGHT_SIGN = re.compile(r"\s*(?P<sign>[-+–]|\*(?!\*)(?=[^*]*$)|\d{1,2}[.)])(?=[^\W\d_])")
# Markup of other programs, and brackets in another order, with what Markdown has for it.
_FOREIGN = (
    (re.compile(r"!\[\[(?P<a>[^\[\]\n]+)\]\]"), "![mô tả](images/{a})"),
    (re.compile(r"!\((?P<a>[^()\n]+)\)\[(?P<b>[^\[\]\n]+)\]"), "![{a}]({b})"),
    (re.compile(r"!\[(?P<a>[^\[\]\n]+)\]\[(?P<b>[^\[\]\n]+)\]"), "![{a}]({b})"),
    (re.compile(r"(?<!!)\[\[(?P<a>[^\[\]\n]+)\]\]"), "[{a}](https://địa-chỉ)"),
    (re.compile(r"(?<!\{)\{(?:\.[\w-]+|(?:width|height|style|class)=[^{}\n]*)\}|(?<=\)) ?\{[^{}\n]*\}"), ""),
    (re.compile(r"\[(?P<tag>[biu])\](?P<a>[^\[\]\n]+)\[/(?P=tag)\]"), "**{a}**"),
    (re.compile(r"(?<![=\w])==(?P<a>[^\s=][^=\n]*)==(?![=\w])"), "**{a}**"),
    (re.compile(r"\[\^[\w-]+\]"), ""),
    (re.compile(r"(?<![\*\w])\*(?P<a>[^\s*][^*\n]*)\*\*(?!\*)"), "**{a}**"),
    (re.compile(r"(?<!\*)\*\*(?P<a>[^\s*][^*\n]*)(?<!\s)\*(?![*\w])"), "**{a}**"),
    (re.compile(r"\*\*\*(?P<a>[^\s*][^*\n]*)(?<!\*)\*\*(?!\*)"), "**{a}**"),
    (re.compile(r"(?<!\w)__(?P<a>[^\s_][^_\n]*)$"), "**{a}**"),
    (re.compile(r"＊＊(?P<a>[^＊\n]+)＊＊"), "**{a}**"),
)
_FOREIGN_SIGN = re.compile(r"\[|\{|\*|==|!\(|__|＊")


def check_unparsed_markup(diagnostics: Diagnostics, text_run: TextRun) -> None:
    """Report what a paragraph, heading or table cell would show as typed."""
    text = "\n".join(text_run.lines)
    if text_run.has_left_over_bold:
        _report_bold(diagnostics, text_run, text)
    if "|" in text:
        _report_table(diagnostics, text_run)
    if "//" in text:
        _report_note(diagnostics, text_run)
    if _FOREIGN_SIGN.search(text):
        _report_foreign(diagnostics, text_run, text)
    _check_line_starts(diagnostics, text_run)


def spaced_link(typed: str) -> tuple[int, str, str] | None:
    """A picture or link with a space between its parts: its index, its sign and what was meant."""
    match = _SPACED_LINK.search(typed)
    if match is None or (match.start() and typed[match.start() - 1] == "\\"):
        return None
    return match.start(), match["sign"], f"{match['sign']}[{match['text']}]({match['address']})"


def path_without_spaces(typed: str) -> tuple[str, str] | None:
    """The path with spaces of a picture, and the path that its file could have."""
    match = _SPACED_PATH.search(typed)
    if match is None:
        return None
    folder, slash, name = match["address"].rpartition("/")
    stem, _, suffix = name.rpartition(".")
    return match["address"], f"{folder}{slash}{slugify(stem) or 'hinh'}.{suffix.lower()}"


def _report_bold(diagnostics: Diagnostics, text_run: TextRun, text: str) -> None:
    signs = [match.start() for match in _BOLD.finditer(text) if not _in_code(text_run, match.start())]
    if signs:
        at = signs[-1] if len(signs) % 2 else signs[0]
        message = "Hai dấu ** ở đây không thành chữ đậm: gõ ** sát chữ đầu và sát chữ cuối, như **chữ đậm**."
        diagnostics.error("bold-open", message, *locate(text_run, at))


def _report_table(diagnostics: Diagnostics, text_run: TextRun) -> None:
    rows = [line for line in text_run.lines if _ROW.match(line)]
    loose = [line for line in text_run.lines if _LOOSE_ROW.match(line)]
    if len(rows) < 2 and len(loose) < 2:
        return
    table = rows if len(rows) > 1 else loose
    columns = len(table[0].strip().strip("|").split("|"))
    meant = f"|{' --- |' * columns}"
    place = text_run.lines.index(table[0])
    if any(map(_RULE.match, text_run.lines)):
        message = f"Bảng này có dòng gạch không đủ ô: dòng đầu có {columns} ô thì viết “{meant}”."
    else:
        message = f"Thêm một dòng {meant} ngay dưới dòng đầu của bảng; thiếu nó thì trang hiện nguyên các dấu |."
    diagnostics.error("table-rule", message, *text_run.line_starts[place], meant)


def _report_note(diagnostics: Diagnostics, text_run: TextRun) -> None:
    for line, (number, column) in zip(text_run.lines, text_run.line_starts, strict=True):
        note = _NOTE.match(line)
        if note:
            meant = f"%% {line[note.end() :].strip()}"
            message = f"Trang sẽ hiện dòng này cho người học; ghi chú cho mình thì bắt đầu bằng %%: “{meant}”."
            diagnostics.error("note-shown", message, number, column + note.end() - 2, meant)


def _report_foreign(diagnostics: Diagnostics, text_run: TextRun, text: str) -> None:
    """Warn of each markup that another program knows, and this page shows as typed."""
    for pattern, meant_form in _FOREIGN:
        for match in pattern.finditer(text):
            if _in_code(text_run, match.start()) or text[: match.start()].endswith("\\"):
                continue
            meant = meant_form.format(**match.groupdict())
            what = f"viết “{meant}”" if meant else "bỏ nó đi"
            message = f"Trang hiện nguyên “{match[0].strip()}”, vì đó là cách viết của chương trình khác; bác {what}."
            diagnostics.warning("foreign-markup", message, *locate(text_run, match.start()), meant or None)


def _check_line_starts(diagnostics: Diagnostics, text_run: TextRun) -> None:
    """Warn of the first line that begins as a list item does, or as a note, but is neither."""
    found = zip(text_run.lines, text_run.line_starts, strict=True)
    starts = [
        (line, *place)
        for line, place in found
        if _LINE_START.match(line) and (_TIGHT_SIGN.match(line) or _OTHER_NOTE.match(line))
    ]
    for line, number, column in starts[:1]:
        _report_line_start(diagnostics, line, number, column)


def _report_line_start(diagnostics: Diagnostics, line: str, number: int, column: int) -> None:
    note = _OTHER_NOTE.match(line)
    if note:
        meant = f"%% {note['text'].strip(' */])')}".rstrip()
        message = f"Trang sẽ hiện dòng này cho người học; ghi chú cho mình thì bắt đầu bằng %%: “{meant}”."
        diagnostics.warning("note-shown", message, number, column + note.start("sign"), meant)
    sign = _TIGHT_SIGN.match(line)
    if sign:
        mark = "-" if sign["sign"] == "–" else sign["sign"]
        message = f"Thêm dấu cách sau “{mark}” nếu đây là một mục của danh sách; thiếu nó thì các dòng dính vào nhau."
        meant = f"{mark} {line[sign.end() :].strip()}"
        diagnostics.warning("list-space", message, number, column + sign.start("sign"), meant)


def check_bare_addresses(diagnostics: Diagnostics, text_run: TextRun) -> None:
    """Warn about addresses that cannot be tapped. In a question they are its subject, so it is not checked for them."""
    text = "\n".join(text_run.lines)
    for match in _BARE_ADDRESS.finditer(text):
        if _in_code(text_run, match.start()) or text[: match.start()].endswith("]("):
            continue
        address = match[0] if match[0].startswith("http") else f"https://{match[0]}"
        meant = f"[chữ để chạm]({address})"
        message = f"Địa chỉ này chỉ hiện ra như chữ, không chạm được; viết thành liên kết: “{meant}”."
        diagnostics.warning("bare-address", message, *locate(text_run, match.start()), meant)


def _in_code(text_run: TextRun, index: int) -> bool:
    return any(start <= index < end for start, end in text_run.code)

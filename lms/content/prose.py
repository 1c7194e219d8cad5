"""Markdown in a course file: checks with positions, and rendering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.draft_flag import is_draft_file
from lms.content.links import PICTURE_ELSEWHERE, BrokenLink, LinkResolver, is_picture_outside_course
from lms.content.markdown.outline import Located, Outline, TextRun, locate, outline, outline_inline
from lms.content.markdown.rendering import render, render_inline
from lms.content.markdown.unparsed_markup import (
    check_bare_addresses,
    check_unparsed_markup,
    path_without_spaces,
    spaced_link,
)
from lms.content.personal_data import find_pii
from lms.content.pictures.check import report_picture
from lms.content.readability import check_sentences
from lms.content.source import Diagnostics, ascii_punctuation

_HEADING = re.compile(r"\s{0,3}(#{1,6})(\s|$)")
_HASHES = re.compile(r"\s*[＃#]+")
_NON_ASCII_MARKER = re.compile(r"\A\s*(?:[＃#]*＃[＃#]*|[•－＋＊](?=\s)|＞)")
_ADDRESS = re.compile(r"\]\([^)\n]*\)|(?:https?://|www\.)\S+")
_HEADING_WITHOUT_SPACE = re.compile(r"\s{0,3}(#{2,6})[^\s#]")


@dataclass(frozen=True, slots=True)
class ProseReader:
    """Checks and renders the Markdown of one file. ``links`` resolves its pictures and links."""

    diagnostics: Diagnostics
    links: LinkResolver
    is_lesson: bool = False  # what learners read: numbers of persons and addresses that are no links are reported

    def render(self, start: int, end: int) -> str:
        return self.render_lines(self.lines(start, end))

    def render_lines(self, lines: list[str]) -> str:
        return render("\n".join(lines), self.links)

    def check(self, start: int, end: int) -> Outline:
        """Report the problems of the lines from ``start`` up to ``end``, except heading jumps."""
        for index in range(start, end):
            marker = _NON_ASCII_MARKER.match(self.diagnostics.source.lines[index])
            if marker:
                self.diagnostics.check_punctuation(index, 0, marker.end())
        outlined = self.check_lines(self.lines(start, end), start)
        if self.is_lesson:
            for text_run in outlined.texts:
                check_bare_addresses(self.diagnostics, text_run)
        return outlined

    def check_lines(self, lines: list[str], start: int, columns: Sequence[int] = ()) -> Outline:
        """Check lines whose markers are stripped, such as a blockquote's; line i begins at column ``columns[i]``."""
        outlined = outline(lines, start, columns)
        self._check_outline(outlined)
        heading_lines = {heading.line for heading in outlined.headings}
        for index, line in enumerate(self.diagnostics.source.lines[start : start + len(lines)], start):
            self._check_heading_marker(line, index, index in heading_lines)
        if outlined.too_deep is not None:
            message = "Bớt các lớp danh sách hay trích dẫn lồng nhau; ba lớp là nhiều."
            self.diagnostics.error("too-deep", message, outlined.too_deep)
        return outlined

    def render_run(self, text_run: TextRun) -> str:
        """Check and render inline text that spans several lines."""
        self.check_run(text_run)
        return self.render_checked(text_run)

    def render_checked(self, text_run: TextRun) -> str:
        """Render inline text that was checked by ``check_run``."""
        return render_inline(text_run.text, self.links)

    def check_run(self, text_run: TextRun) -> Outline:
        """Check inline text that spans several lines."""
        outlined = outline_inline(text_run)
        self._check_outline(outlined)
        return outlined

    def lines(self, start: int, end: int) -> list[str]:
        """The lines with full-width markers and word processor bullets replaced by ASCII."""
        lines = self.diagnostics.source.lines[start:end]
        plain = [line.replace("\u00a0", " ") if line.lstrip().startswith("|") else line for line in lines]
        return [_NON_ASCII_MARKER.sub(lambda marker: ascii_punctuation(marker[0]), line, count=1) for line in plain]

    def _check_heading_marker(self, line: str, index: int, is_heading: bool) -> None:
        marker = _HASHES.match(line)
        if not marker or is_heading:
            return
        if _HEADING_WITHOUT_SPACE.match(ascii_punctuation(line)) and not _HEADING.match(line):
            fixed = f"{ascii_punctuation(marker[0]).strip()} {line[len(marker[0]) :].strip()}"
            message = "Thêm dấu cách sau các dấu # để dòng này là tiêu đề."
            self.diagnostics.error("heading-space", message, index, len(marker[0]) - len(marker[0].strip()), fixed)

    def _check_outline(self, outlined: Outline) -> None:
        for tag in outlined.tags:
            message = "Bỏ thẻ HTML này; nó chỉ hiện ra như chữ thường. Dùng **đậm** hoặc *nghiêng* nếu cần."
            self.diagnostics.warning("raw-html", message, tag.line, tag.column)
        for heading in outlined.headings:
            if not heading.title:
                message = "Viết chữ cho tiêu đề này, hoặc bỏ các dấu #."
                self.diagnostics.error("heading-empty", message, heading.line, heading.column)
        for located in outlined.malformed:
            self._check_malformed(located)
        for picture in outlined.pictures:
            self._check_picture(picture)
        for link in outlined.links:
            self._check_link(link)
        for text_run in outlined.texts:
            check_sentences(self.diagnostics, text_run)
            check_unparsed_markup(self.diagnostics, text_run)
            self._check_spaced_links(text_run)
            if self.is_lesson:
                self._check_numbers(text_run)

    def _check_spaced_links(self, text_run: TextRun) -> None:
        for typed, (line, column) in zip(text_run.lines, text_run.line_starts, strict=True):
            found = spaced_link(typed) if "] " in typed else None
            if found:
                at, sign, meant = found
                message = f"Bỏ dấu cách giữa ] và ( thành “{meant}”."
                rule = "picture-shape" if sign else "link-shape"
                self.diagnostics.error(rule, message, line, column + at, meant)

    def _check_numbers(self, text_run: TextRun) -> None:
        """Warn about numbers of persons; a number in an address is none."""
        text = _ADDRESS.sub(lambda match: " " * len(match[0]), "\n".join(text_run.lines))
        for found in find_pii(text):
            if found.kind in ("phone", "identity"):
                message = (
                    f"“{found.text}” giống số của người thật. Chỉ để tập thì dùng số không có thật, như 0100000777; "
                    "số của cơ quan thì ghi tổng đài 1xx, 1800 hay 1900."
                )
                self.diagnostics.warning("real-looking", message, *locate(text_run, found.start))

    def _check_malformed(self, located: Located) -> None:
        if located.text.startswith("!"):
            spaced = path_without_spaces(self.diagnostics.source.lines[located.line][located.column :])
            message, meant = "Viết hình theo dạng ![mô tả](images/ten-tep.png); tên tệp không có dấu cách.", None
            if spaced:
                typed, meant = spaced
                message = f"Tên tệp không có dấu cách: đổi tên “{typed}” thành “{meant}”, rồi viết tên ấy ở đây."
                if is_picture_outside_course(typed):
                    message, meant = PICTURE_ELSEWHERE, None
            self.diagnostics.error(
                "picture-shape", message, located.line, located.column, meant or "![mô tả](images/ten-tep.png)"
            )
        else:
            message = "Viết liên kết theo dạng [chữ](https://địa-chỉ); địa chỉ không có dấu cách."
            self.diagnostics.error("link-shape", message, located.line, located.column)

    def _check_picture(self, picture: Located) -> None:
        if not picture.text.strip():
            message = "Viết mô tả hình vào giữa hai ngoặc vuông, cho người không nhìn thấy hình."
            self.diagnostics.error("picture-alt", message, picture.line, picture.column, f"![mô tả]({picture.address})")
        report_picture(self.diagnostics, self.links, picture.address, picture.line, picture.column)

    def _check_link(self, link: Located) -> None:
        if not link.text.strip():
            message = "Viết chữ của liên kết vào giữa hai ngoặc vuông."
            self.diagnostics.error("link-text", message, link.line, link.column)
        try:
            self.links.resolve(link.address)
        except BrokenLink as error:
            self.diagnostics.error("link", error.message, link.line, link.column, error.suggestion)
            return
        if any(map(is_draft_file, self.links.linked_sources(link.address))):
            message = "Liên kết này dẫn tới một bản nháp, người học chưa mở được; bác bỏ nó, hay cho bài kia lên trước."
            self.diagnostics.warning("link-to-draft", message, link.line, link.column)
